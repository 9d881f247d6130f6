/** A slip as a till would print it: Chinese and English, sizes, a table, totals, a QR of 163 characters. */
import type { CharactersPerLine } from '../support/virtual-printer/decoded-doc.ts';
import * as esc from './escpos-bytes.ts';

const BASE45 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';

/** `CR1:` and 159 characters of its alphabet: as long as a receipt's code. */
export const RECEIPT_CODE = `CR1:${Array.from({ length: 159 }, (_, index) => BASE45[(index * 17 + 5) % 45] ?? '0').join('')}`;

/** Columns a text takes: Chinese characters two, others one. */
function columnsOf(text: string): number {
  return Array.from(text).reduce((sum, character) => sum + (character.charCodeAt(0) < 0x80 ? 1 : 2), 0);
}

function spread(left: string, right: string, cpl: number): readonly number[] {
  const gap = Math.max(1, cpl - columnsOf(left) - columnsOf(right));
  return [...esc.gb(left + ' '.repeat(gap) + right), esc.lf];
}

const line = (text: string): readonly number[] => [...esc.gb(text), esc.lf];

export function sampleSlip(cpl: CharactersPerLine): Uint8Array {
  const rule = line('-'.repeat(cpl));
  return esc.bytes(
    ...[esc.initialize, esc.chineseMode, esc.align(1)],
    ...[esc.size(2, 2), esc.bold(true), line('春秋航空'), esc.bold(false), esc.size(1, 1)],
    ...[line('机上购物小票 In-flight receipt'), line('9C8835  SHA-CTU  2026-11-20')],
    ...[esc.align(0), rule],
    ...[spread('座位 Seat 12A', '终端 T-0042', cpl), spread('订单 Order', 'CT20261120000042', cpl), rule],
    ...[spread('青岛啤酒 Tsingtao 330ml', '￥25.00', cpl), spread('  x2  单价 25.00', '￥50.00', cpl)],
    ...[spread('海鲜面 Seafood noodles', '￥35.00', cpl), spread('毛毯 Blanket', '￥88.00', cpl)],
    ...[spread('会员优惠 Discount', '-￥15.00', cpl), rule],
    ...[
      esc.bold(true),
      esc.size(1, 2),
      spread('合计 TOTAL', '￥158.00', cpl),
      esc.size(1, 1),
      esc.bold(false),
    ],
    ...[spread('微信支付 落地后自动扣款', '￥158.00', cpl), rule],
    ...[esc.align(1), esc.inverted(true), esc.gb('  副本 COPY  '), esc.inverted(false), esc.lf],
    ...[esc.underline(1), line('落地后 24 小时内扣款'), esc.underline(0)],
    ...[line('Charged within 24 h of landing'), esc.feedLines(1)],
    ...[esc.qr(RECEIPT_CODE, 3), esc.lf, line('扫码核对小票 Scan to verify'), esc.align(0)],
    esc.cutAfterFeed,
  );
}
