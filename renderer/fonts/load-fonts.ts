// Brings the bundled font into the page slice by slice, as texts need them. With a CSS rule for each of the hundred
// slices Chromium asks the system for a stand-in for every slice, weight and size before it knows which are needed:
// a quarter of a second at start (docs/bench.md).
import { FONT_SLICES, type FontSlice } from './font-slices.ts';

const FAMILY = 'Noto Sans SC Variable';

const asked = new Set<FontSlice>();
const knownCodes = new Set<number>();

/**
 * Resolves when all characters of `text` that the font has can be shown in it. Never rejects: what cannot be loaded is
 * shown in a font of the system.
 */
export async function loadFontsFor(text: string): Promise<void> {
  const slices = newSlicesOf(text);
  if (slices.length === 0) return;
  const loaded = await Promise.allSettled(slices.map(loadSlice));
  // All at once: each face that joins makes the page lay its text out again.
  for (const face of loaded) if (face.status === 'fulfilled') document.fonts.add(face.value);
}

/** Follows the page: whatever text comes to stand in it, typed or shown, is shown in the bundled font. */
export function keepFontsLoaded(root: Node): void {
  const observer = new MutationObserver((changes) => {
    for (const { type, target, addedNodes } of changes) {
      if (type === 'characterData') void loadFontsFor(target.textContent ?? '');
      for (const node of addedNodes) void loadFontsFor(node.textContent ?? '');
    }
  });
  observer.observe(root, { subtree: true, childList: true, characterData: true });
  root.addEventListener('input', ({ target }) => {
    if (target instanceof HTMLInputElement) void loadFontsFor(target.value);
  });
}

/** The slices that nobody has asked for yet. */
function newSlicesOf(text: string): readonly FontSlice[] {
  const wanted = new Set<FontSlice>();
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (knownCodes.has(code)) continue;
    knownCodes.add(code);
    const slice = FONT_SLICES.findLast(({ has }) => has(code));
    if (slice === undefined || asked.has(slice)) continue;
    asked.add(slice);
    wanted.add(slice);
  }
  return [...wanted];
}

async function loadSlice({ url, unicodeRange }: FontSlice): Promise<FontFace> {
  const face = new FontFace(FAMILY, `url(${url}) format('woff2-variations')`, {
    unicodeRange,
    weight: '100 900',
    style: 'normal',
  });
  return face.load();
}
