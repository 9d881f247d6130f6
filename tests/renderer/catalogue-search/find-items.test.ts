import { describe, expect, it } from 'vitest';
import type { Item } from '../../../domain/catalogue/catalogue.ts';
import { findItems } from '../../../renderer/catalogue-search/find-items.ts';

function item(sku: string, zh: string, en: string, pinyin: string, ean?: string): Item {
  const common = { sku, zh, en, walletText: zh, pinyin, priceMinor: 800, tax: 600, category: 'drinks' };
  return ean === undefined ? common : { ...common, ean };
}

const ITEMS = [
  item('DR-001', '矿泉水', 'Mineral water 500 ml', 'kuangquan shui', '6901234567892'),
  item('DR-002', '椰子水', 'Coconut water 330 ml', 'yezi shui', '6901234567809'),
  item('ML-001', '海南鸡饭', 'Hainan chicken rice', 'hainan jifan'),
];

const found = (text: string): readonly string[] => findItems(ITEMS, text).map((one) => one.sku);

describe('searching the shelf', () => {
  it('shows everything while nothing is typed', () => {
    expect(found('  ')).toHaveLength(ITEMS.length);
  });

  it.each([
    ['a Chinese name', '鸡饭', ['ML-001']],
    ['an English name in any case', 'COCO', ['DR-002']],
    ['whole pinyin with or without spaces', 'kuangquanshui', ['DR-001']],
    ['initials of the pinyin', 'ys', ['DR-002']],
    ['initials of the English name', 'hcr', ['ML-001']],
    ['an item number', 'ml-001', ['ML-001']],
    ['a whole barcode', '6901234567892', ['DR-001']],
    ['full-width letters of an input method', 'ｈａｉｎａｎ', ['ML-001']],
  ])('finds %s', (_what, text, skus) => {
    expect(found(text)).toEqual(skus);
  });

  it('puts names that begin with the text before names that contain it', () => {
    const items = [item('A', '冰水', 'Iced water', 'bing shui'), item('B', '水', 'Water', 'shui')];
    expect(findItems(items, 'water').map((one) => one.sku)).toEqual(['B', 'A']);
  });

  it('finds nothing for a text no item has', () => {
    expect(found('whisky')).toEqual([]);
  });
});
