// The next-day statement: one row a payment or refund, each cell behind a back-tick, then a summary.
import { fail, ok, type Result } from '../../../domain/result.ts';
import type { StatementRow } from '../wallet.ts';

const COLUMNS = {
  transactionId: '微信订单号',
  merchantNumber: '商户订单号',
  type: '交易类型',
  state: '交易状态',
  data: '商户数据包',
  refundId: '微信退款单号',
} as const;
/** Merchants with the statement's older form have the second of each pair (the wallet's own note). */
const CHARGE_COLUMNS = ['订单金额', '应结订单金额', '总金额'];
const REFUND_COLUMNS = ['申请退款金额', '退款金额'];
const SUMMARY_START = '总交易单数';

/** The number of ours a deduction's row carries: the data field, never the row's own order number. */
const OUR_NUMBER = /^wxzff\|serviceOrder\|([0-9A-Za-z_\-|*]{1,32})$/;

/** Fails, as a whole, where a row cannot be read: an incomplete statement would hide a difference. */
export function parseWechatStatement(text: string): Result<readonly StatementRow[], string> {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const header = (lines[0] ?? '').split(',').map((cell) => cell.trim());
  const column = (names: readonly string[]): number =>
    names.map((name) => header.indexOf(name)).find((index) => index >= 0) ?? -1;
  const at = {
    transactionId: column([COLUMNS.transactionId]),
    type: column([COLUMNS.type]),
    state: column([COLUMNS.state]),
    data: column([COLUMNS.data]),
    merchantNumber: column([COLUMNS.merchantNumber]),
    refundId: column([COLUMNS.refundId]),
    charge: column(CHARGE_COLUMNS),
    refund: column(REFUND_COLUMNS),
  };
  const missing = Object.entries(at).find(([, index]) => index < 0);
  if (missing !== undefined) return fail(`the statement has no column for ${missing[0]}`);
  const end = lines.findIndex((line) => line.startsWith(SUMMARY_START));
  if (end < 0) return fail('the statement ends before its summary');
  const rows: StatementRow[] = [];
  for (const [index, line] of lines.slice(1, end).entries()) {
    if (line.trim() === '') continue;
    const row = readRow(splitCells(line), at);
    if (row === null) return fail(`row ${(index + 1).toString()} of the statement cannot be read`);
    rows.push(row);
  }
  return checkCount(rows, lines[end + 1] ?? '');
}

type Positions = Readonly<
  Record<
    'transactionId' | 'type' | 'state' | 'data' | 'merchantNumber' | 'refundId' | 'charge' | 'refund',
    number
  >
>;

function readRow(cells: readonly string[], at: Positions): StatementRow | null {
  const state = cells[at.state];
  const isRefund = state === 'REFUND';
  if (!isRefund && state !== 'SUCCESS' && state !== 'REVOKED') return null;
  const amountMinor = readYuan(cells[isRefund ? at.refund : at.charge] ?? '');
  const transactionId = cells[isRefund ? at.refundId : at.transactionId] ?? '';
  if (amountMinor === null || transactionId === '') return null;
  const ours = OUR_NUMBER.exec(cells[at.data] ?? '')?.[1];
  const isAutomatic = cells[at.type] === 'AUTH';
  const orderNumber = ours ?? (isAutomatic ? null : cells[at.merchantNumber]) ?? null;
  return {
    transactionId,
    orderNumber,
    kind: state === 'SUCCESS' ? 'charge' : 'refund',
    amountMinor,
  };
}

/** The back-ticks part the cells: a name may hold a comma. */
function splitCells(line: string): readonly string[] {
  return line
    .trim()
    .replace(/^`/, '')
    .split(',`')
    .map((cell) => cell.trim());
}

/** Yuan with two decimals as fen, without a detour through binary fractions. */
function readYuan(text: string): number | null {
  const match = /^([0-9]{1,12})(?:\.([0-9]{1,2}))?$/.exec(text);
  if (match === null) return null;
  return Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
}

function checkCount(rows: readonly StatementRow[], summary: string): Result<readonly StatementRow[], string> {
  const count = Number(splitCells(summary)[0] ?? '');
  if (count === rows.length) return ok(rows);
  return fail(`the statement says ${count.toString()} rows and has ${rows.length.toString()}`);
}
