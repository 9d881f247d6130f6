import { codeModules, QUIET_MODULES } from './draw-code.ts';

/** Pixels per module: prints at 35 mm and fills a phone's screen. */
const SCALE = 12;
const MARGIN = 40;
const TITLE_PX = 44;
const LINE_PX = 32;
const FONT = "'PingFang SC', 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif";

/** A code and what limits it, in one picture: a `data:` address of a PNG, null where there is no canvas. */
export function drawPicture({
  code,
  title,
  lines,
}: {
  readonly code: string;
  readonly title: string;
  readonly lines: readonly string[];
}): string | null {
  const modules = codeModules(code);
  const side = (modules.size + 2 * QUIET_MODULES) * SCALE;
  const canvas = document.createElement('canvas');
  canvas.width = side;
  canvas.height = MARGIN + TITLE_PX * 1.6 + side + lines.length * LINE_PX * 1.5 + MARGIN;
  const context = canvas.getContext('2d');
  if (context === null) return null;
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = '#000000';
  context.textAlign = 'center';
  context.textBaseline = 'top';
  context.font = `bold ${TITLE_PX.toString()}px ${FONT}`;
  context.fillText(title, side / 2, MARGIN, side - 2 * MARGIN);
  const top = MARGIN + TITLE_PX * 1.6;
  for (let y = 0; y < modules.size; y++) {
    for (let x = 0; x < modules.size; x++) {
      if (!modules.isDark(x, y)) continue;
      context.fillRect((x + QUIET_MODULES) * SCALE, top + (y + QUIET_MODULES) * SCALE, SCALE, SCALE);
    }
  }
  context.font = `${LINE_PX.toString()}px ${FONT}`;
  lines.forEach((line, i) => {
    context.fillText(line, side / 2, top + side + i * LINE_PX * 1.5, side - 2 * MARGIN);
  });
  return canvas.toDataURL('image/png');
}
