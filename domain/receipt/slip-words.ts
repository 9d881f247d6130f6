// Everything a slip says that is not data. Chinese punctuation is limited to what NFKC keeps (。 and 、): a full-width
// comma or colon would come out of the print gate as ASCII.
import { VOID_REASONS } from '../journal/event.ts';

export type BilingualText = { readonly zh: string; readonly en: string };

const REASONS: Readonly<Record<(typeof VOID_REASONS)[number], BilingualText>> = {
  mistake: { zh: '录入错误', en: 'mistake' },
  'changed-mind': { zh: '乘客改变主意', en: 'changed mind' },
  'not-available': { zh: '缺货', en: 'not available' },
  'wrong-passenger': { zh: '乘客有误', en: 'wrong passenger' },
};

/** `录入错误 entered by mistake`; a reason from a later version is shown as recorded. */
export function voidReasonWords(reason: string): string {
  const known = VOID_REASONS.find((name) => name === reason);
  return known === undefined ? reason : joined(REASONS[known]);
}

export function joined({ zh, en }: BilingualText): string {
  return zh === en ? zh : `${zh} ${en}`;
}

export const HEADINGS = {
  title: '机上账单 Cabin bill',
  void: '作废 VOID',
  copy: '副本 COPY',
  demo: '演示 DEMO - 不扣款 not charged',
  practice: '练习 PRACTICE - 不扣款 not charged',
} as const;

export const LABELS = {
  seat: '座位 Seat',
  wallet: '钱包 Wallet',
  reason: '原因 Reason',
  original: '原单 For slip',
  discount: '折扣 Discount',
  total: '合计 Total',
  vat: '含税 VAT',
  sold: '购买 Sold',
  voided: '作废 Voided',
  charge: '扣款 Charge by',
  merchant: '商户 Merchant',
  order: '订单号 Order',
  crew: '乘务员 Crew',
  check: '核验 Verify',
  cash: '已付现金 Paid in cash',
  elsewhere: '已另行支付 Paid elsewhere',
} as const;

/** What happens next, for a sale charged to a wallet (product.md F15). */
export function chargeFooter(wallet: BilingualText): BilingualText {
  return {
    zh: `落地后由${wallet.zh}自动扣款、您无需操作。如有疑问请凭订单号联系航空公司。`,
    en: `Charged by ${wallet.en} after landing. Nothing to do. Questions? Give the airline the order number.`,
  };
}

export function voidFooter(wallet: BilingualText): BilingualText {
  return { zh: `此金额不会从${wallet.zh}扣款。`, en: `${wallet.en} will not charge this amount.` };
}
