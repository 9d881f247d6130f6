import type { Item } from '../../domain/catalogue/catalogue.ts';

const fold = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/\s+/gu, '');

/** First letters of each word or syllable: `hainan jifan` answers to `hj`, `Hainan chicken rice` to `hcr`. */
function initials(text: string): string {
  return text
    .split(/\s+/u)
    .map((word) => word.charAt(0))
    .join('')
    .toLowerCase();
}

/**
 * Items whose Chinese or English name, pinyin, barcode or number matches; the ones that start with the text first.
 * A whole barcode finds its item alone.
 */
export function findItems(items: readonly Item[], wanted: string): readonly Item[] {
  const text = fold(wanted);
  if (text === '') return items;
  const byBarcode = items.filter((item) => item.ean === text);
  if (byBarcode.length > 0) return byBarcode;
  const starts: Item[] = [];
  const contains: Item[] = [];
  for (const item of items) {
    const pinyin = item.pinyin ?? '';
    const keys = [item.zh, item.en, pinyin, item.sku, item.ean ?? ''].map(fold);
    const short = [initials(item.en), initials(pinyin)];
    if ([...keys, ...short].some((key) => key.startsWith(text))) starts.push(item);
    else if (keys.some((key) => key.includes(text))) contains.push(item);
  }
  return [...starts, ...contains];
}
