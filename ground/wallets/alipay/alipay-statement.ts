// The trade statement of a day: comment lines, a header, rows whose cells end in tabs.
import { fail, ok, type Result } from '../../../domain/result.ts';
import * as v from 'valibot';
import type { StatementRow } from '../wallet.ts';
import { yuanSchema } from './alipay-amount.ts';
import { readZip } from './read-zip.ts';

const COLUMNS = {
  transactionId: '支付宝交易号',
  kind: '业务类型',
  title: '商品名称',
  amount: '订单金额（元）',
  refundNumber: '退款批次号/请求号',
} as const;
const LIST_END = '业务明细列表结束';

/** Ours stands at the end of the title (`titleOf`): the row's own order number is the wallet's. */
const OUR_NUMBER = /(?:^| )(CP[0-9A-Za-z_\-|*]{1,30})$/;

/** The list among the archive's files, as text; the wallet writes GBK. */
export function unpackStatement(bytes: Buffer): Result<string, string> {
  const files = readZip(bytes);
  if (files === null) return fail('the statement is no archive that can be read');
  // One file holds the rows, another only sums.
  const texts = files.map(({ data }) => new TextDecoder('gb18030').decode(data));
  const list = texts.find((text) => text.includes(LIST_END));
  return list === undefined ? fail('the archive holds no list of trades') : ok(list);
}

/** Fails, as a whole, where a row cannot be read: an incomplete statement would hide a difference. */
export function parseAlipayStatement(text: string): Result<readonly StatementRow[], string> {
  const lines = text.split(/\r?\n/);
  const start = lines.findIndex((line) => line.startsWith(COLUMNS.transactionId));
  const end = lines.findIndex((line) => line.startsWith('#') && line.includes(LIST_END));
  if (start < 0 || end < start) return fail('the statement has no whole list of trades');
  const header = splitCells(lines[start] ?? '');
  const at = {
    transactionId: header.indexOf(COLUMNS.transactionId),
    kind: header.indexOf(COLUMNS.kind),
    title: header.indexOf(COLUMNS.title),
    amount: header.indexOf(COLUMNS.amount),
    refundNumber: header.indexOf(COLUMNS.refundNumber),
  };
  const missing = Object.entries(at).find(([, index]) => index < 0);
  if (missing !== undefined) return fail(`the statement has no column for ${missing[0]}`);
  const rows: StatementRow[] = [];
  for (const [index, line] of lines.slice(start + 1, end).entries()) {
    if (line.trim() === '') continue;
    const row = readRow(splitCells(line), at);
    if (row === null) return fail(`row ${(index + 1).toString()} of the statement cannot be read`);
    rows.push(row);
  }
  return ok(rows);
}

function readRow(
  cells: readonly string[],
  at: Readonly<Record<keyof typeof COLUMNS, number>>,
): StatementRow | null {
  const isRefund = cells[at.kind] === '退款';
  if (!isRefund && cells[at.kind] !== '交易') return null;
  const amount = v.safeParse(yuanSchema, cells[at.amount]);
  const transactionId = cells[isRefund ? at.refundNumber : at.transactionId] ?? '';
  if (!amount.success || transactionId === '' || isRefund !== amount.output < 0) return null;
  return {
    transactionId,
    orderNumber: OUR_NUMBER.exec(cells[at.title] ?? '')?.[1] ?? null,
    kind: isRefund ? 'refund' : 'charge',
    amountMinor: Math.abs(amount.output),
  };
}

function splitCells(line: string): readonly string[] {
  return line.split(',').map((cell) => cell.trim());
}
