// The one door of the wallet's HTTP: `gateway.do`, a signed form in, a signed node of JSON out.
import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { fail, ok, type Result } from '../../../domain/result.ts';
import { readJson } from '../control-routes.ts';
import type { ActiveFault, FaultCall } from '../faults.ts';
import type { NoticeForm } from '../notice-sender.ts';
import type { People } from '../people.ts';
import type { SimulatedAnswer, SimulatedCall, SimulatedRequest } from '../simulator-server.ts';
import { businessError, SIGN_ERROR, SUB_CODES, viewError, type AlipayError } from './alipay-errors.ts';
import type { AlipayLedger } from './alipay-ledger.ts';
import type { AlipayMerchant } from './alipay-merchant.ts';
import type { AlipayOrder, AlipayTrade } from './alipay-order.ts';
import {
  agreementSchema,
  billSchema,
  finishSchema,
  orderQuerySchema,
  orderSchema,
  paySchema,
  readYuan,
  refundSchema,
  tradeQuerySchema,
  writeTime,
  writeYuan,
} from './alipay-schemas.ts';
import { findSigner, signAnswer } from './alipay-signing.ts';
import { writeStatement } from './alipay-statement.ts';

export type GatewayContext = {
  readonly merchants: ReadonlyMap<string, AlipayMerchant>;
  readonly people: People;
  readonly ledger: AlipayLedger;
  readonly nowMs: () => number;
  readonly address: () => string;
  /** The account that signed under a merchant's agreement number. */
  readonly agreements: Map<string, string>;
  readonly downloads: Map<string, Buffer>;
};

type Node = Readonly<Record<string, unknown>>;
type Reply = Result<Node, AlipayError>;
type Method = {
  readonly call: FaultCall;
  readonly run: (
    merchant: AlipayMerchant,
    content: unknown,
    form: URLSearchParams,
    context: GatewayContext,
  ) => Reply;
};

export function routeGateway(request: SimulatedRequest, context: GatewayContext): SimulatedCall | null {
  if (request.method === 'GET' && request.path === '/bill/download') {
    return { call: 'statement', run: () => download(request, context) };
  }
  if (request.method !== 'POST' || request.path !== '/gateway.do') return null;
  const form = new URLSearchParams(request.body);
  const name = form.get('method') ?? '';
  const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
  if (method === undefined) return null;
  return {
    call: method.call,
    run: (fault) => {
      const merchant = findSigner(form, context.merchants);
      if (merchant === null) {
        return answer(200, `{"error_response":${JSON.stringify(viewError(SIGN_ERROR))}}`);
      }
      const content = readJson(form.get('biz_content') ?? '');
      const reply: Reply =
        fault?.kind === 'error'
          ? fail(businessError(fault.code))
          : method.run(merchant, content, form, context);
      const node = reply.ok ? { code: '10000', msg: 'Success', ...reply.value } : viewError(reply.error);
      return answer(200, signAnswer(name, node, merchant, formOf(fault)));
    },
  };
}

function answer(status: number, body: string): SimulatedAnswer {
  return { status, headers: { 'content-type': 'text/html;charset=utf-8' }, body };
}

function formOf(fault: ActiveFault | null): NoticeForm {
  return fault?.kind === 'bad-signature' || fault?.kind === 'altered' ? fault.kind : 'genuine';
}

function method<T>(
  call: FaultCall,
  schema: v.GenericSchema<unknown, T>,
  run: (merchant: AlipayMerchant, content: T, form: URLSearchParams, context: GatewayContext) => Reply,
): Method {
  return {
    call,
    run: (merchant, content, form, context) => {
      const read = v.safeParse(schema, content);
      return read.success
        ? run(merchant, read.output, form, context)
        : fail(businessError(SUB_CODES.parameter));
    },
  };
}

const METHODS: Readonly<Record<string, Method | undefined>> = {
  'zhima.credit.payafteruse.creditagreement.query': method(
    'account',
    agreementSchema,
    (merchant, { out_agreement_no }, _form, { agreements, people }) => {
      const account = agreements.get(`${merchant.appId} ${out_agreement_no}`);
      const person = account === undefined ? null : people.find(account);
      if (person === null) return ok({ out_agreement_no, agreement_status: 'UNSIGNED' });
      return ok({
        out_agreement_no,
        agreement_status: person.hasPermitted ? 'VALID' : 'INVALID',
        credit_agreement_id: person.account,
        zm_service_id: merchant.zmServiceId,
      });
    },
  ),
  'zhima.credit.payafteruse.creditbizorder.order': method(
    'create',
    orderSchema,
    (merchant, body, form, { ledger }) =>
      viewed(ledger.order(merchant, body, form.get('notify_url')), viewOrder),
  ),
  'zhima.credit.payafteruse.creditbizorder.query': method(
    'query',
    orderQuerySchema,
    (merchant, { out_order_no }, _form, { ledger }) =>
      viewed(ledger.findByOurs(merchant, out_order_no), viewOrder),
  ),
  'alipay.trade.pay': method('complete', paySchema, (merchant, body, _form, { ledger }) =>
    viewed(ledger.pay(merchant, body), viewTrade),
  ),
  'alipay.trade.query': method('query', tradeQuerySchema, (merchant, body, _form, { ledger }) => {
    const found = ledger.findByTheirs(merchant, body.out_trade_no);
    if (!found.ok || found.value.trade === null) return fail(businessError(SUB_CODES.tradeUnknown));
    return ok(viewTrade(found.value));
  }),
  'zhima.credit.payafteruse.creditbizorder.finish': {
    // The same call releases an order and ends one that was paid elsewhere.
    call: 'cancel',
    run: (merchant, content, _form, { ledger }) => {
      const read = v.safeParse(finishSchema, content);
      if (!read.success) return fail(businessError(SUB_CODES.parameter));
      const { credit_biz_order_id, is_fulfilled, out_request_no } = read.output;
      return viewed(ledger.finish(merchant, credit_biz_order_id, is_fulfilled === 'true'), () => ({
        credit_biz_order_id,
        out_request_no,
      }));
    },
  },
  'alipay.trade.refund': method('refund', refundSchema, (merchant, body, _form, { ledger }) => {
    const wish = { tradeNo: body.trade_no, requestNo: body.out_request_no };
    const made = ledger.refund(merchant, { ...wish, amountMinor: readYuan(body.refund_amount) });
    return viewed(made, ({ trade, creditOrderId }) => ({
      trade_no: body.trade_no,
      out_trade_no: creditOrderId,
      fund_change: 'Y',
      refund_fee: writeYuan((trade?.refunds ?? []).reduce((sum, refund) => sum + refund.amountMinor, 0)),
    }));
  }),
  'alipay.data.dataservice.bill.downloadurl.query': method(
    'statement',
    billSchema,
    (merchant, { bill_date }, _form, { ledger, downloads, address }) => {
      ledger.runDue();
      const orders = ledger.orders().filter(({ appId }) => appId === merchant.appId);
      const token = randomBytes(24).toString('base64url');
      downloads.set(token, writeStatement(orders, merchant.appId, bill_date));
      return ok({ bill_download_url: `${address()}/bill/download?token=${token}` });
    },
  ),
};

function viewed(outcome: Result<AlipayOrder, AlipayError>, view: (order: AlipayOrder) => Node): Reply {
  return outcome.ok ? ok(view(outcome.value)) : outcome;
}

/** Also the content of a notice. */
export function viewOrder({ created, creditOrderId, createdMs, status, trade }: AlipayOrder): Node {
  return {
    out_order_no: created.out_order_no,
    credit_biz_order_id: creditOrderId,
    credit_agreement_id: created.credit_agreement_id,
    order_status: status,
    create_time: writeTime(createdMs),
    ...(created.order_amount === undefined ? {} : { order_amount: created.order_amount }),
    ...(trade?.paidMs != null ? { trade_no: trade.tradeNo, total_amount: writeYuan(trade.amountMinor) } : {}),
  };
}

function viewTrade({ creditOrderId, trade }: AlipayOrder): Node {
  return trade === null ? {} : { out_trade_no: creditOrderId, ...viewTradeFacts(trade) };
}

function viewTradeFacts(trade: AlipayTrade): Node {
  const isFailing = (trade.deduction?.failed ?? 0) > 0;
  return {
    trade_no: trade.tradeNo,
    trade_status: trade.status,
    total_amount: writeYuan(trade.amountMinor),
    ...(trade.paidMs === null ? {} : { send_pay_date: writeTime(trade.paidMs) }),
    // No public document names a field for this: to be confirmed with the wallet (docs/wallets.md).
    ...(isFailing ? { fail_code: SUB_CODES.balance } : {}),
  };
}

function download({ query }: SimulatedRequest, { downloads }: GatewayContext): SimulatedAnswer {
  const held = downloads.get(query.get('token') ?? '');
  if (held === undefined) return { status: 403, body: '' };
  return { status: 200, headers: { 'content-type': 'application/zip' }, body: held };
}
