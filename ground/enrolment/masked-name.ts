const MAX_STARS = 6;
const TITLES = /\s?(MR|MRS|MS|MISS|MSTR|CHD|INF|DR)$/;

/**
 * `WANG/JIE MR` becomes `WA**\/J`: enough for the crew to compare with a boarding pass, and no more is kept. Null where
 * the name is not in Latin letters as on the pass (`王杰`): the passenger has to write it as printed there.
 */
export function maskName(name: string): string | null {
  const latin = name
    .normalize('NFKC')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replace(/['’.-]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  if (!/^[A-Z][A-Z /]*$/.test(latin)) return null;
  const { surname, given } = splitName(latin);
  const shown = surname.replace(/ /g, '');
  if (shown === '') return null;
  const hidden = Math.min(MAX_STARS, Math.max(1, shown.length - 2));
  const masked = `${shown.slice(0, 2)}${'*'.repeat(hidden)}`;
  return given === '' ? masked : `${masked}/${given.slice(0, 1)}`;
}

/** On a pass the surname stands before the stroke; without one the first word is taken for it. */
function splitName(latin: string): { readonly surname: string; readonly given: string } {
  const untitled = latin.replace(TITLES, '');
  const plain = untitled === '' ? latin : untitled;
  const at = plain.includes('/') ? plain.indexOf('/') : plain.indexOf(' ');
  if (at < 0) return { surname: plain.trim(), given: '' };
  return { surname: plain.slice(0, at).trim(), given: plain.slice(at + 1).replace(/[ /]/g, '') };
}
