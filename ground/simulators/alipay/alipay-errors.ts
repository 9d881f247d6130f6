// How the wallet says no: `code` 40004 with a `sub_code` of the business.

export type AlipayError = { readonly code: string; readonly subCode: string; readonly subMsg: string };

export const SUB_CODES = {
  orderUnknown: 'ORDER_NOT_EXIST',
  tradeUnknown: 'ACQ.TRADE_NOT_EXIST',
  otherData: 'ACQ.CONTEXT_INCONSISTENT',
  orderOtherData: 'OUT_ORDER_NO_REPEAT',
  wrongState: 'ORDER_STATUS_INVALID',
  tradeDone: 'ACQ.TRADE_HAS_SUCCESS',
  tradeClosed: 'ACQ.TRADE_HAS_CLOSE',
  overCap: 'ACQ.TOTAL_FEE_EXCEED',
  balance: 'ACQ.BUYER_BALANCE_NOT_ENOUGH',
  notAccepted: 'RISK_REJECT',
  overdue: 'USER_HAS_OVERDUE_ORDER',
  youth: 'USER_TEEN_MODE',
  agreement: 'AGREEMENT_INVALID',
  refundTooMuch: 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL',
  parameter: 'INVALID_PARAMETER',
  deducting: 'ACQ.TRADE_PROCESSING',
  tooFast: 'isv.app-call-limited',
} as const;

export function businessError(subCode: string): AlipayError {
  return { code: '40004', subCode, subMsg: `业务处理失败 ${subCode}` };
}

export const SIGN_ERROR: AlipayError = {
  code: '40002',
  subCode: 'isv.invalid-signature',
  subMsg: '验签出错,请确认charset参数放在了URL查询字符串中且各参数值使用charset参数指示的字符集编码',
};

export function viewError({ code, subCode, subMsg }: AlipayError): Readonly<Record<string, string>> {
  const msg = code === '40004' ? 'Business Failed' : 'Invalid Arguments';
  return { code, msg, sub_code: subCode, sub_msg: subMsg };
}
