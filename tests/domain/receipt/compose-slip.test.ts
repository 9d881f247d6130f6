import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composeSlip, type SlipInput } from '../../../domain/receipt/compose-slip.ts';
import type { Slip } from '../../../domain/receipt/slip.ts';
import { cleanText } from '../../../domain/text/clean-text.ts';
import {
  BEER_VOID,
  lineOf,
  RECEIPT_CODE,
  saleOf,
  slipInputOf,
  THREE_ITEM_SALE,
} from '../../fixtures/receipts/slip-samples.ts';

/** One string per element, pairs as `left | right`. */
function wordsOf(slip: Slip): readonly string[] {
  return slip.elements.flatMap((element) => {
    if (element.kind === 'text') return [element.text];
    if (element.kind === 'pair') return [`${element.left} | ${element.right}`];
    return [];
  });
}

const saleSlip = (changes: Partial<SlipInput> = {}): readonly string[] =>
  wordsOf(composeSlip(slipInputOf(THREE_ITEM_SALE, THREE_ITEM_SALE, changes)));

describe('the slip of a sale', () => {
  it('says who sold what to whom, where and when, in Chinese and English', () => {
    expect(saleSlip()).toEqual([
      '春秋航空',
      'Spring Airlines',
      '机上账单 Cabin bill',
      '9C8835 | 2026-11-22',
      '上海→成都 | Shanghai→Chengdu',
      '座位 Seat 12A | *小明',
      '钱包 Wallet | 微信 WeChat',
      '2 x 虎牌啤酒 330ml | ￥70.00',
      'Tiger Beer 330ml @￥35.00 | ',
      '1 x 红烧牛肉面 | ￥30.00',
      'Braised Beef Noodles | ',
      '1 x 旅行毛毯 | ￥88.00',
      'Travel Blanket | ',
      '金卡会员95折 Gold 5% off | -￥9.40',
      '合计 Total | ￥178.60',
      '含税 VAT 6% (￥83.60) | ￥4.73',
      '含税 VAT 13% (￥95.00) | ￥10.93',
      '购买 Sold | 2026-11-22 14:05',
      '扣款 Charge by | 2026-11-22 18:10',
      '商户 Merchant | 春秋航空股份有限公司',
      '订单号 Order | CP9C261122UEUUYX4YLCLQE',
      '乘务员 Crew | 李娜',
      '落地后由微信自动扣款、您无需操作。如有疑问请凭订单号联系航空公司。',
      'Charged by WeChat after landing. Nothing to do. Questions? Give the airline the order number.',
      '核验 Verify T-0042 #1287',
    ]);
  });

  it('carries its receipt code', () => {
    const { elements } = composeSlip(slipInputOf(THREE_ITEM_SALE, THREE_ITEM_SALE));
    expect(elements.filter((element) => element.kind === 'qr')).toEqual([{ kind: 'qr', text: RECEIPT_CODE }]);
  });

  it('is marked when it is a copy, a demonstration or practice', () => {
    expect(saleSlip()).not.toContain('副本 COPY');
    expect(saleSlip({ isCopy: true })).toContain('副本 COPY');
    expect(saleSlip({ isDemo: true })).toContain('演示 DEMO - 不扣款 not charged');
    const practice = saleSlip({ event: { ...THREE_ITEM_SALE, tr: true } });
    expect(practice).toContain('练习 PRACTICE - 不扣款 not charged');
  });

  it("goes by the wallet's text for an item the catalogue no longer has", () => {
    const sale = saleOf({ lines: [{ ...lineOf('BEER', 2), sku: 'GONE', n: '旧啤酒' }], tot: 7000 });
    const words = wordsOf(composeSlip(slipInputOf(sale, sale)));
    expect(words).toContain('2 x 旧啤酒 | ￥70.00');
    expect(words).toContain('@￥35.00 | ');
  });

  it('promises no charge for what was paid otherwise', () => {
    const sale = saleOf({ lines: [lineOf('BEER', 1)], tot: 3500, tender: 'cash' });
    const words = wordsOf(composeSlip(slipInputOf(sale, sale)));
    expect(words).toContain('已付现金 Paid in cash');
    expect(words.join('\n')).not.toMatch(/Charge|WeChat|微信/);
  });

  it('leaves out a name the code does not carry', () => {
    expect(saleSlip({ maskedName: '' })).toContain('座位 Seat 12A | ');
  });
});

describe('the slip of a void', () => {
  const voidSlip = wordsOf(composeSlip(slipInputOf(BEER_VOID, THREE_ITEM_SALE)));

  it('is headed VOID, with the reason and the slip it takes back', () => {
    expect(voidSlip).toContain('作废 VOID');
    expect(voidSlip).toContain('原因 Reason | 乘客改变主意 changed mind');
    expect(voidSlip).toContain('原单 For slip | #1287');
    expect(voidSlip).toContain('作废 Voided | 2026-11-22 14:10');
  });

  it('shows the voided quantity and its part of the discount as negative amounts', () => {
    expect(voidSlip).toContain('1 x 虎牌啤酒 330ml | -￥35.00');
    expect(voidSlip).toContain('折扣 Discount | ￥1.75');
    expect(voidSlip).toContain('合计 Total | -￥33.25');
    expect(voidSlip).toContain('含税 VAT 13% | -￥3.83');
  });

  it('promises that the amount will not be charged', () => {
    expect(voidSlip).toContain('此金额不会从微信扣款。');
    expect(voidSlip.join('\n')).not.toContain('Charge by');
  });
});

describe('any slip', () => {
  it('holds only text that has passed the print gate', () => {
    const anyText = fc.string({ unit: 'binary', maxLength: 30 });
    fc.assert(
      fc.property(anyText, anyText, anyText, (a, b, c) => {
        const sale = saleOf({
          lines: [{ sku: 'GONE', q: 1, p: 100, tax: 600, n: a }],
          disc: [{ id: 'x', n: b, amt: 1 }],
          tot: 99,
        });
        const words = wordsOf(
          composeSlip(
            slipInputOf(sale, sale, { crewName: c, maskedName: a, seat: b, airlineName: { zh: a, en: c } }),
          ),
        );
        for (const part of words.flatMap((row) => row.split(' | '))) expect(part).toBe(cleanText(part));
      }),
    );
  });
});
