import { create } from 'qrcode';

/** Modules of white around a code (ISO/IEC 18004). */
export const QUIET_MODULES = 4;

export type CodeModules = { readonly size: number; readonly isDark: (x: number, y: number) => boolean };

/** Forced to alphanumeric mode and ECC M: the size the protocol has measured (cabin-code.md 2.6). */
export function codeModules(text: string): CodeModules {
  const { modules } = create([{ data: text, mode: 'alphanumeric' }], { errorCorrectionLevel: 'M' });
  return { size: modules.size, isDark: (x, y) => modules.get(y, x) !== 0 };
}

/** The dark modules as an SVG path, runs in a row joined. */
export function modulesPath({ size, isDark }: CodeModules): string {
  let path = '';
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      if (!isDark(x, y)) continue;
      const from = x;
      while (x + 1 < size && isDark(x + 1, y)) x++;
      const length = (x - from + 1).toString();
      path += `M${(from + QUIET_MODULES).toString()} ${(y + QUIET_MODULES).toString()}h${length}v1h-${length}z`;
    }
  }
  return path;
}
