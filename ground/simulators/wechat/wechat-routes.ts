// The wallet's HTTP calls: signature first, then the schema, then the ledger.
import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { fail, ok, type Result } from '../../../domain/result.ts';
import { readJson } from '../control-routes.ts';
import type { ActiveFault, FaultCall } from '../faults.ts';
import type { NoticeForm } from '../notice-sender.ts';
import type { People } from '../people.ts';
import type { SimulatedAnswer, SimulatedCall, SimulatedRequest } from '../simulator-server.ts';
import {
  businessError,
  errorAnswer,
  SIGN_ERROR,
  wrongParameter,
  type ErrorStyle,
  type WechatError,
} from './wechat-errors.ts';
import type { Outcome } from './wechat-book.ts';
import type { WechatLedger } from './wechat-ledger.ts';
import type { WechatMerchant } from './wechat-merchant.ts';
import { viewCancelled, viewOrder } from './wechat-order.ts';
import {
  cancelSchema,
  completeSchema,
  createSchema,
  modifySchema,
  ORDER_NUMBER,
  permissionSchema,
  readMoment,
  refundSchema,
  syncSchema,
  writeRfc3339,
} from './wechat-schemas.ts';
import { findSigner, sha1Hex, signOutgoing } from './wechat-signing.ts';
import { writeStatement } from './wechat-statement.ts';

export type WechatContext = {
  readonly merchants: ReadonlyMap<string, WechatMerchant>;
  readonly people: People;
  readonly ledger: WechatLedger;
  readonly nowMs: () => number;
  readonly errorStyle: ErrorStyle;
  /** `http://host:port`, once it listens. */
  readonly address: () => string;
  /** Statements that were asked for, by the token of their download. */
  readonly downloads: Map<string, { readonly mchid: string; readonly text: string }>;
};

type Reply = Result<unknown, WechatError>;
type Run = (merchant: WechatMerchant, request: SimulatedRequest, fault: ActiveFault | null) => Reply;
type Route = { readonly call: FaultCall; readonly run: Run };

const ORDERS = '/v3/payscore/serviceorder';
const ORDER_CALL = /^\/v3\/payscore\/serviceorder\/([^/]+)\/(complete|cancel|modify|sync)$/;
const PERMISSION = /^\/v3\/payscore\/permissions\/openid\/([^/]+)(\/terminate)?$/;

export function routeWechat(request: SimulatedRequest, context: WechatContext): SimulatedCall | null {
  const route = findRoute(request, context);
  if (route === null) return null;
  return {
    call: route.call,
    run: (fault) => {
      const merchant = findSigner(request, context.merchants, context.nowMs());
      // Nobody to sign for: the real wallet answers such a call without a signature too.
      if (merchant === null) return errorAnswer(SIGN_ERROR, context.errorStyle);
      if (request.path === DOWNLOAD) return download(request, merchant, context);
      const reply =
        fault?.kind === 'error' ? fail(businessError(fault.code)) : route.run(merchant, request, fault);
      const answer = reply.ok
        ? { status: 200, body: JSON.stringify(reply.value) }
        : errorAnswer(reply.error, context.errorStyle);
      const signed = signOutgoing(answer.body, merchant, formOf(fault), context.nowMs());
      return { status: answer.status, ...signed };
    },
  };
}

function formOf(fault: ActiveFault | null): NoticeForm {
  const kind = fault?.kind;
  return kind === 'bad-signature' || kind === 'altered' || kind === 'old-timestamp' ? kind : 'genuine';
}

function findRoute({ method, path }: SimulatedRequest, context: WechatContext): Route | null {
  const { ledger } = context;
  const permission = PERMISSION.exec(path);
  if (permission !== null) {
    return { call: 'permission', run: permissionRun(decodeURIComponent(permission[1] ?? ''), context) };
  }
  switch (`${method} ${path}`) {
    case `POST ${ORDERS}`:
      return { call: 'create', run: createRun(ledger) };
    case `GET ${ORDERS}`:
      return { call: 'query', run: queryRun(ledger) };
    case 'POST /v3/payscore/permissions':
      return { call: 'permission', run: (_, request) => prepare(request) };
    case 'POST /v3/refund/domestic/refunds':
      return { call: 'refund', run: refundRun(ledger) };
    case 'GET /v3/bill/tradebill':
      return { call: 'statement', run: (merchant, request) => offerStatement(merchant, request, context) };
    case `GET ${DOWNLOAD}`:
      return { call: 'statement', run: () => ok(null) };
    default:
      return method === 'POST' ? findOrderRoute(path, ledger) : null;
  }
}

function findOrderRoute(path: string, ledger: WechatLedger): Route | null {
  const match = ORDER_CALL.exec(path);
  const orderNumber = decodeURIComponent(match?.[1] ?? '');
  if (!v.is(ORDER_NUMBER, orderNumber)) return null;
  switch (match?.[2]) {
    case 'complete':
      return {
        call: 'complete',
        run: (merchant, request) =>
          withBody(completeSchema, request, (body) =>
            viewed(ledger.complete(merchant, orderNumber, { ...body, end: body.time_range.end_time })),
          ),
      };
    case 'cancel':
      return {
        call: 'cancel',
        run: (merchant, request) =>
          withBody(cancelSchema, request, ({ appid }) =>
            mapOk(ledger.cancel(merchant, orderNumber, appid), viewCancelled),
          ),
      };
    case 'modify':
      return {
        call: 'modify',
        run: (merchant, request) =>
          withBody(modifySchema, request, (body) => viewed(ledger.modify(merchant, orderNumber, body))),
      };
    case 'sync':
      return {
        call: 'sync',
        run: (merchant, request) =>
          withBody(syncSchema, request, ({ appid, detail }) =>
            viewed(ledger.sync(merchant, orderNumber, appid, readMoment(detail.paid_time))),
          ),
      };
    default:
      return null;
  }
}

const viewed = (outcome: Outcome): Reply => mapOk(outcome, viewOrder);

function mapOk<T>(result: Result<T, WechatError>, view: (value: T) => unknown): Reply {
  return result.ok ? ok(view(result.value)) : result;
}

function withBody<T>(
  schema: v.GenericSchema<unknown, T>,
  request: SimulatedRequest,
  run: (body: T) => Reply,
): Reply {
  const read = v.safeParse(schema, readJson(request.body));
  if (read.success) return run(read.output);
  const where = v.getDotPath(read.issues[0]) ?? 'body';
  return fail(wrongParameter(`参数不合法: ${where}`));
}

function createRun(ledger: WechatLedger): Run {
  return (merchant, request, fault) =>
    withBody(createSchema, request, (body) => {
      if (!body.need_user_confirm && body.openid === undefined) return fail(wrongParameter('openid 必填'));
      return viewed(ledger.create(merchant, body, fault?.kind === 'unconfirmed'));
    });
}

function queryRun(ledger: WechatLedger): Run {
  return (merchant, { query }) =>
    viewed(ledger.query(merchant, query.get('out_order_no') ?? '', query.get('appid') ?? ''));
}

function prepare(request: SimulatedRequest): Reply {
  return withBody(permissionSchema, request, () =>
    ok({ apply_permissions_token: randomBytes(24).toString('base64url') }),
  );
}

function permissionRun(openid: string, { people }: WechatContext): Run {
  return (merchant, request) => {
    const person = people.find(openid);
    if (person === null) return fail(wrongParameter('openid 与 appid 不匹配'));
    if (request.method === 'POST') {
      people.setPermitted(openid, false);
      return ok({});
    }
    return ok({
      service_id: merchant.serviceId,
      appid: merchant.appid,
      mchid: merchant.mchid,
      openid,
      authorization_state: person.hasPermitted ? 'AVAILABLE' : 'UNAVAILABLE',
    });
  };
}

function refundRun(ledger: WechatLedger): Run {
  return (merchant, request) =>
    withBody(refundSchema, request, (body) => {
      const wish = { transactionId: body.transaction_id, refundNumber: body.out_refund_no };
      const made = ledger.refund(merchant, { ...wish, amountMinor: body.amount.refund });
      return mapOk(made, ({ refundId, refundNumber, amountMinor, atMs }) => ({
        refund_id: refundId,
        out_refund_no: refundNumber,
        transaction_id: body.transaction_id,
        status: 'SUCCESS',
        create_time: writeRfc3339(atMs),
        amount: { total: body.amount.total, refund: amountMinor, currency: 'CNY' },
      }));
    });
}

const DOWNLOAD = '/v3/billdownload/file';
const DAY = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;

function offerStatement(
  merchant: WechatMerchant,
  { query }: SimulatedRequest,
  { ledger, downloads, address }: WechatContext,
): Reply {
  const day = query.get('bill_date') ?? '';
  if (!DAY.test(day)) return fail(wrongParameter('bill_date'));
  ledger.runDue();
  const orders = ledger.orders().filter(({ mchid }) => mchid === merchant.mchid);
  const text = writeStatement(orders, day);
  const token = randomBytes(24).toString('base64url');
  downloads.set(token, { mchid: merchant.mchid, text });
  const downloadUrl = `${address()}${DOWNLOAD}?token=${token}`;
  return ok({ hash_type: 'SHA1', hash_value: sha1Hex(text), download_url: downloadUrl });
}

/** Carries no signature, as with the real wallet: the hash that was signed before vouches for it. */
function download(
  { query }: SimulatedRequest,
  merchant: WechatMerchant,
  { downloads, errorStyle }: WechatContext,
): SimulatedAnswer {
  const held = downloads.get(query.get('token') ?? '');
  if (held?.mchid !== merchant.mchid) return errorAnswer(wrongParameter('token'), errorStyle);
  return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: held.text };
}
