// How the wallet says no. Its documentation gives words (`INVALID_REQUEST`), its practice also numbers (wallets.md).

export type WechatError = {
  readonly status: number;
  readonly code: string;
  readonly message: string;
};

export const CODES = {
  otherData: '271316598',
  notToComplete: '271302262',
  notToCancel: '271302333',
  notToChange: '271302332',
  deductionFailed: '271316574',
  overCap: '271316656',
  endBeforeStart: '271316637',
  deductionRunning: '271316754',
  notAccepted: '271300099',
  overdue: '271299627',
  youth: '268560785',
  tooFast: '268435472',
  otherAppid: '4108',
} as const;

const MESSAGES: Readonly<Record<string, string>> = {
  [CODES.otherData]: '相同单号使用了不同的参数',
  [CODES.notToComplete]: '完结订单状态不合法',
  [CODES.notToCancel]: '取消订单状态不合法',
  [CODES.notToChange]: '当前订单状态不合法',
  [CODES.deductionFailed]: '扣款失败',
  [CODES.overCap]: '总金额超过服务风险金额上限',
  [CODES.endBeforeStart]: '真实结束时间小于预计开始时间',
  [CODES.deductionRunning]: '单据正在扣款中,请稍后再试',
  [CODES.notAccepted]: '综合评估未通过',
  [CODES.overdue]: '用户存在待支付订单',
  [CODES.youth]: '用户已开启青少年模式',
  [CODES.tooFast]: '请求过于频繁',
  [CODES.otherAppid]: 'appid 与创建订单时不一致',
};

export function businessError(code: string): WechatError {
  return { status: 400, code, message: MESSAGES[code] ?? '业务错误' };
}

export function wrongParameter(message: string): WechatError {
  return { status: 400, code: 'PARAM_ERROR', message };
}

export const UNKNOWN_ORDER: WechatError = { status: 404, code: 'ORDER_NOT_EXIST', message: '订单不存在' };
export const SIGN_ERROR: WechatError = { status: 401, code: 'SIGN_ERROR', message: '错误的签名,验签失败' };
export const NOT_PERMITTED: WechatError = { status: 403, code: 'NO_AUTH', message: '用户未授权' };

/** As numbers, or as the documentation's words with the number in the message. */
export type ErrorStyle = 'number' | 'word';

export function errorAnswer(
  { status, code, message }: WechatError,
  style: ErrorStyle,
): { readonly status: number; readonly body: string } {
  const isNumber = /^[0-9]+$/.test(code);
  const body =
    isNumber && style === 'word'
      ? { code: 'INVALID_REQUEST', message: `${message} [${code}]` }
      : { code, message };
  return { status, body: JSON.stringify(body) };
}
