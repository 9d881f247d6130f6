// Who is this? The web sign-in of the wallet (a one-time code for an openid), with the permission on the same page.
import { randomBytes } from 'node:crypto';
import { json } from '../control-routes.ts';
import type { People } from '../people.ts';
import { choosePerson, composeSignInPage, returnAddress } from '../sign-in-page.ts';
import type { SimulatedAnswer, SimulatedCall, SimulatedRequest } from '../simulator-server.ts';
import type { WechatMerchant } from './wechat-merchant.ts';

export type SignInContext = {
  readonly merchants: ReadonlyMap<string, WechatMerchant>;
  readonly people: People;
  readonly nowMs: () => number;
  /** Codes not yet used. */
  readonly codes: Map<string, { readonly account: string; readonly appid: string; readonly untilMs: number }>;
};

const CODE_LASTS_MS = 5 * 60_000;
const HTML = { 'content-type': 'text/html; charset=utf-8' };

export function routeSignIn(request: SimulatedRequest, context: SignInContext): SimulatedCall | null {
  switch (`${request.method} ${request.path}`) {
    case 'GET /connect/oauth2/authorize':
      return { call: null, run: () => showPage(request, context) };
    case 'POST /connect/oauth2/decide':
      return { call: null, run: () => decide(request, context) };
    case 'GET /sns/oauth2/access_token':
      return { call: 'account', run: () => exchange(request, context) };
    default:
      return null;
  }
}

function findByAppid(context: SignInContext, appid: string | null): WechatMerchant | undefined {
  return [...context.merchants.values()].find((merchant) => merchant.appid === appid);
}

function showPage({ query }: SimulatedRequest, context: SignInContext): SimulatedAnswer {
  const merchant = findByAppid(context, query.get('appid'));
  const redirectUri = query.get('redirect_uri') ?? '';
  if (merchant === undefined || returnAddress(redirectUri, {}) === null) {
    return { status: 400, headers: HTML, body: '<!doctype html><title>400</title>appid / redirect_uri' };
  }
  const body = composeSignInPage({
    brand: { zh: '微信支付分', en: 'WeChat Pay Score', color: '#087f43' },
    merchant: merchant.name,
    action: '/connect/oauth2/decide',
    hidden: { appid: merchant.appid, redirect_uri: redirectUri, state: query.get('state') ?? '' },
  });
  return { status: 200, headers: HTML, body };
}

function decide({ body }: SimulatedRequest, context: SignInContext): SimulatedAnswer {
  const form = new URLSearchParams(body);
  const merchant = findByAppid(context, form.get('appid'));
  const state = form.get('state') ?? '';
  const person = choosePerson(form, context.people, () => `o${randomBytes(14).toString('hex')}`);
  if (merchant === undefined || person === null) return { status: 400, headers: HTML, body: '' };
  const hasAllowed = form.get('decision') === 'allow';
  context.people.setPermitted(person.account, hasAllowed);
  const code = randomBytes(16).toString('hex');
  if (hasAllowed) {
    const untilMs = context.nowMs() + CODE_LASTS_MS;
    context.codes.set(code, { account: person.account, appid: merchant.appid, untilMs });
  }
  const facts = hasAllowed ? { code, state } : { state };
  const location = returnAddress(form.get('redirect_uri') ?? '', facts);
  if (location === null) return { status: 400, headers: HTML, body: '' };
  return { status: 302, headers: { location }, body: '' };
}

function exchange({ query }: SimulatedRequest, context: SignInContext): SimulatedAnswer {
  const merchant = findByAppid(context, query.get('appid'));
  if (merchant === undefined || query.get('secret') !== merchant.appSecret) {
    return json(200, { errcode: 40125, errmsg: 'invalid appsecret' });
  }
  const code = query.get('code') ?? '';
  const held = context.codes.get(code);
  context.codes.delete(code);
  if (held?.appid !== merchant.appid || held.untilMs < context.nowMs()) {
    return json(200, { errcode: 40029, errmsg: 'invalid code' });
  }
  return json(200, {
    access_token: randomBytes(16).toString('hex'),
    expires_in: 7200,
    refresh_token: randomBytes(16).toString('hex'),
    openid: held.account,
    scope: 'snsapi_base',
  });
}
