import { describe, expect, it } from 'vitest';
import { judgeWechatOrder, type ServiceOrder } from '../../../ground/wallets/wechat/judge-wechat-order.ts';
import { readProblem } from '../../../ground/wallets/wechat/wechat-problems.ts';

function order(state: string, description?: string, collection?: ServiceOrder['collection']): ServiceOrder {
  return {
    out_order_no: 'CP9C2611230000000000001',
    mchid: '1900000109',
    appid: 'wx0',
    service_id: 's',
    state,
    ...(description === undefined ? {} : { state_description: description }),
    ...(collection === undefined ? {} : { collection, total_amount: 5000 }),
  };
}

const paying = { state: 'USER_PAYING', paid_amount: 0, details: [] };
const paid = {
  state: 'USER_PAID',
  paid_amount: 5000,
  details: [{ paid_type: 'NEWTON', transaction_id: '4200001' }],
};

describe('the three fields of a WeChat order, judged together', () => {
  it.each([
    ['confirmed', order('DOING', 'USER_CONFIRM'), 'open'],
    ['completed, before it says so in its collection', order('DOING', 'MCH_COMPLETE'), 'collecting'],
    ['completed', order('DOING', 'MCH_COMPLETE', paying), 'collecting'],
    ['paid, but not done', order('DOING', 'MCH_COMPLETE', paid), 'collecting'],
    ['done', order('DONE', undefined, paid), 'paid'],
    ['done with nothing to collect', { ...order('DONE'), total_amount: 0 }, 'paid'],
    ['released', order('REVOKED'), 'released'],
    ['expired', order('EXPIRED'), 'expired'],
  ])('%s', (_, given, state) => {
    expect(judgeWechatOrder(given, false)).toMatchObject({ ok: true, value: { state } });
  });

  it('takes CREATED as a failed creation where nobody was to confirm, and as unconfirmed elsewhere', () => {
    expect(judgeWechatOrder(order('CREATED'), false)).toEqual({
      ok: false,
      error: { kind: 'not-accepted', code: 'CREATED' },
    });
    expect(judgeWechatOrder(order('CREATED'), true)).toMatchObject({
      ok: true,
      value: { state: 'unconfirmed' },
    });
  });

  it.each([
    ['an unknown state', order('PAUSED')],
    ['an unknown description', order('DOING', 'USER_ACCEPTED')],
    ['no description', order('DOING')],
    ['open and collecting at once', order('DOING', 'USER_CONFIRM', paying)],
    ['done and still collecting', order('DONE', undefined, paying)],
    ['done with an amount and no collection', { ...order('DONE'), total_amount: 5000 }],
  ])('gives %s to a person', (_, given) => {
    expect(judgeWechatOrder(given, false)).toMatchObject({ ok: false, error: { kind: 'rejected' } });
  });

  it('keeps transaction, amounts and what the passenger must do', () => {
    expect(judgeWechatOrder(order('DONE', undefined, paid), false)).toMatchObject({
      value: { transactionId: '4200001', paidMinor: 5000, totalMinor: 5000, mustActCode: null },
    });
    const failing = order('DOING', 'MCH_COMPLETE', { ...paying, fail_code: '271316574' });
    expect(judgeWechatOrder(failing, false)).toMatchObject({
      value: { transactionId: null, paidMinor: 0, mustActCode: '271316574' },
    });
  });
});

const KINDS = [
  ['271316598', 'repeated-with-other-data'],
  ['271302262', 'wrong-state'],
  ['271302333', 'wrong-state'],
  ['271302332', 'wrong-state'],
  ['271316574', 'wrong-state'],
  ['271316656', 'over-cap'],
  ['271316637', 'rejected'],
  ['271316754', 'deduction-running'],
  ['271300099', 'not-accepted'],
  ['271299627', 'overdue-orders'],
  ['268560785', 'youth-mode'],
  ['268435472', 'too-fast'],
  ['4108', 'rejected'],
] as const;

describe('the codes of WeChat in our words', () => {
  it.each(KINDS)('%s is %s, as a code, as a number and behind a word', (code, kind) => {
    expect(readProblem(400, { code, message: 'x' })).toEqual({ kind, code });
    expect(readProblem(400, { code: Number(code), message: 'x' })).toEqual({ kind, code });
    expect(readProblem(400, { code: 'INVALID_REQUEST', message: `综合 [${code}] 未通过` })).toEqual({
      kind,
      code,
    });
  });

  it.each([
    ['ORDER_NOT_EXIST', 'unknown-order'],
    ['RESOURCE_NOT_EXISTS', 'unknown-order'],
    ['INVALID_ORDER_STATE', 'wrong-state'],
    ['ORDER_CANCELED', 'wrong-state'],
    ['ORDER_DONE', 'wrong-state'],
    ['PARAM_ERROR', 'rejected'],
    ['NO_AUTH', 'rejected'],
    ['SOMETHING_NEW', 'rejected'],
    ['toString', 'rejected'],
  ])('%s is %s', (code, kind) => {
    expect(readProblem(400, { code, message: '' })).toEqual({ kind, code });
  });

  it('finds no number inside a longer one, and keeps no wording', () => {
    const problem = readProblem(400, { code: 'INVALID_REQUEST', message: '订单 9271300099123 张三' });
    expect(problem).toEqual({ kind: 'rejected', code: 'INVALID_REQUEST' });
    expect(readProblem(400, '<html>')).toEqual({ kind: 'rejected', code: 'http-400' });
  });
});
