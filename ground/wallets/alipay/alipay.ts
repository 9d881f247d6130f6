// Alipay pay-after-use behind the one shape ground knows (wallet.ts; wallets.md).
import * as v from 'valibot';
import { fail, ok } from '../../../domain/result.ts';
import type { WalletAdapter, WalletFactory } from '../wallet.ts';
import { createAlipayCaller, type AlipayCaller } from './alipay-call.ts';
import { fetchStatement, refund } from './alipay-money.ts';
import { readAlipayNotice } from './alipay-notice.ts';
import {
  composeAgreementAddress,
  createMandate,
  deduct,
  endAsPaid,
  queryOrder,
  readAgreement,
  release,
} from './alipay-orders.ts';
import { alipayConfigSchema, alipaySecretsSchema } from './alipay-settings.ts';
import { composeDeduction } from './alipay-settlement.ts';
import { parseAlipayStatement } from './alipay-statement.ts';

const WALLET = 2;

export const alipay: WalletFactory = {
  wallet: WALLET,
  name: { zh: '支付宝芝麻先享', en: 'Alipay pay after use' },
  create: ({ config, secrets, nowMs, noticeAddress }) => {
    const readConfig = v.safeParse(alipayConfigSchema, config);
    if (!readConfig.success) return fail(describe('config', readConfig.issues));
    const readSecrets = v.safeParse(alipaySecretsSchema, secrets);
    if (!readSecrets.success) return fail(describe('secrets', readSecrets.issues));
    try {
      return ok(
        createAdapter(createAlipayCaller(readConfig.output, readSecrets.output, nowMs), noticeAddress),
      );
    } catch {
      return fail('secrets: a key cannot be read');
    }
  },
};

/** Where it is wrong, never what stands there. */
function describe(what: string, issues: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]]): string {
  return `${what}: ${v.getDotPath(issues[0]) ?? 'not an object'}`;
}

function createAdapter(caller: AlipayCaller, noticeAddress: string): WalletAdapter {
  return {
    wallet: WALLET,
    signInAddress: (state, returnTo) => composeAgreementAddress(caller, state, returnTo),
    readAccount: (code) => readAgreement(caller, code),
    createMandate: (request) => createMandate(caller, request, noticeAddress),
    confirmStatus: (orderNumber) => queryOrder(caller, orderNumber),
    composeSettlement: composeDeduction,
    settleOnce: (orderNumber, body) => deduct(caller, orderNumber, body),
    // The wallet takes no other amount for a deduction under way: refund the difference once it is paid.
    lower: () => Promise.resolve(fail({ kind: 'wrong-state', code: 'cannot-lower' })),
    cancel: (orderNumber, reason) => release(caller, orderNumber, reason),
    syncPaid: (orderNumber) => endAsPaid(caller, orderNumber),
    refund: (request) => refund(caller, request),
    readNotice: (_headers, body) => Promise.resolve(readAlipayNotice(caller, body)),
    noticeAnswer: { status: 200, contentType: 'text/plain', body: 'success' },
    fetchStatement: (day) => fetchStatement(caller, day),
    parseStatement: parseAlipayStatement,
  };
}
