// Brings the bundled font into the page slice by slice, as texts need them. With a CSS rule for each of the hundred
// slices Chromium asks the system for a stand-in for every slice, weight and size before it knows which are needed:
// a quarter of a second at start (docs/bench.md).
import { COMMON_SLICES, findSlice, type FontSlice } from './font-slices.ts';

const FAMILY = 'Noto Sans SC Variable';

/** Decoding keeps the page's thread busy: what else it waits for, the ledger above all, gets its turn in between. */
const AT_A_TIME = 4;

const asked = new Set<FontSlice>();
const knownCodes = new Set<number>();

/** What nearly every text needs; to be called first of all. Never rejects. */
export function loadCommonFonts(): Promise<void> {
  return loadSlices(COMMON_SLICES);
}

/**
 * Resolves when all characters of `text` that the font has can be shown in it. Never rejects: what cannot be loaded is
 * shown in a font of the system.
 */
export function loadFontsFor(text: string): Promise<void> {
  const slices: FontSlice[] = [];
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (knownCodes.has(code)) continue;
    knownCodes.add(code);
    const slice = findSlice(code);
    if (slice !== null) slices.push(slice);
  }
  return loadSlices(slices);
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

async function loadSlices(slices: readonly FontSlice[]): Promise<void> {
  const fresh = slices.filter((slice) => !asked.has(slice));
  for (const slice of fresh) asked.add(slice);
  const faces: FontFace[] = [];
  const waiting = [...new Set(fresh)];
  while (waiting.length > 0) {
    const loaded = await Promise.allSettled(waiting.splice(0, AT_A_TIME).map(loadSlice));
    for (const face of loaded) if (face.status === 'fulfilled') faces.push(face.value);
  }
  // All at once: each face that joins makes the page lay its text out again.
  for (const face of faces) document.fonts.add(face);
}

function loadSlice({ url, unicodeRange }: FontSlice): Promise<FontFace> {
  const descriptors = { unicodeRange, weight: '100 900', style: 'normal' };
  return new FontFace(FAMILY, `url(${url}) format('woff2-variations')`, descriptors).load();
}
