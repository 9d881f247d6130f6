// WeChat Pay Score behind the one shape ground knows (wallet.ts; wallets.md).
import * as v from 'valibot';
import { fail, ok } from '../../../domain/result.ts';
import type { WalletAdapter, WalletFactory } from '../wallet.ts';
import { composeSignIn, readAccount } from './wechat-account.ts';
import { createWechatCaller, type WechatCaller } from './wechat-call.ts';
import { fetchStatement, refund } from './wechat-money.ts';
import { readWechatNotice } from './wechat-notice.ts';
import { cancel, complete, createMandate, modify, queryOrder, syncPaid } from './wechat-orders.ts';
import { wechatConfigSchema, wechatSecretsSchema, type WechatSecrets } from './wechat-settings.ts';
import { composeCompletion } from './wechat-settlement.ts';
import { parseWechatStatement } from './wechat-statement.ts';

const WALLET = 1;

export const wechat: WalletFactory = {
  wallet: WALLET,
  name: { zh: '微信支付分', en: 'WeChat Pay Score' },
  create: ({ config, secrets, nowMs, noticeAddress }) => {
    const readConfig = v.safeParse(wechatConfigSchema, config);
    if (!readConfig.success) return fail(describe('config', readConfig.issues));
    const readSecrets = v.safeParse(wechatSecretsSchema, secrets);
    if (!readSecrets.success) return fail(describe('secrets', readSecrets.issues));
    try {
      const caller = createWechatCaller(readConfig.output, readSecrets.output, nowMs);
      return ok(createAdapter(caller, readSecrets.output, noticeAddress));
    } catch {
      return fail('secrets: a key cannot be read');
    }
  },
};

/** Where it is wrong, never what stands there. */
function describe(what: string, issues: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]]): string {
  return `${what}: ${v.getDotPath(issues[0]) ?? 'not an object'}`;
}

function createAdapter(caller: WechatCaller, secrets: WechatSecrets, noticeAddress: string): WalletAdapter {
  const { config, nowMs } = caller;
  return {
    wallet: WALLET,
    signInAddress: (state, returnTo) => composeSignIn(config, state, returnTo),
    readAccount: (code) => readAccount(config, secrets, code),
    createMandate: (request) => createMandate(caller, request, noticeAddress),
    confirmStatus: (orderNumber) => queryOrder(caller, orderNumber),
    composeSettlement: (request) => composeCompletion(config, request, nowMs()),
    settleOnce: (orderNumber, body) => complete(caller, orderNumber, body),
    lower: (request) => modify(caller, request),
    cancel: (orderNumber, reason) => cancel(caller, orderNumber, reason),
    syncPaid: (orderNumber, paidAtMs) => syncPaid(caller, orderNumber, paidAtMs),
    refund: (request) => refund(caller, request),
    readNotice: (headers, body) => Promise.resolve(readWechatNotice(caller, secrets.apiV3Key, headers, body)),
    noticeAnswer: {
      status: 200,
      contentType: 'application/json',
      body: '{"code":"SUCCESS","message":"成功"}',
    },
    fetchStatement: (day) => fetchStatement(caller, day),
    parseStatement: parseWechatStatement,
  };
}
