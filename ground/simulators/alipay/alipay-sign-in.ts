// The page that asks for the agreement (`creditagreement.sign`): its whole query is signed by the merchant.
import { randomInt } from 'node:crypto';
import * as v from 'valibot';
import { readJson } from '../control-routes.ts';
import type { People } from '../people.ts';
import { choosePerson, composeSignInPage, returnAddress } from '../sign-in-page.ts';
import type { SimulatedAnswer, SimulatedCall, SimulatedRequest } from '../simulator-server.ts';
import type { AlipayMerchant } from './alipay-merchant.ts';
import { signSchema } from './alipay-schemas.ts';
import { findSigner } from './alipay-signing.ts';

export type AgreementContext = {
  readonly merchants: ReadonlyMap<string, AlipayMerchant>;
  readonly people: People;
  readonly agreements: Map<string, string>;
};

const HTML = { 'content-type': 'text/html; charset=utf-8' };

export function routeAgreement(request: SimulatedRequest, context: AgreementContext): SimulatedCall | null {
  switch (`${request.method} ${request.path}`) {
    case 'GET /zhima/sign':
      return { call: null, run: () => showPage(request, context) };
    case 'POST /zhima/decide':
      return { call: null, run: () => decide(request, context) };
    default:
      return null;
  }
}

function readAsked(signed: URLSearchParams, { merchants }: AgreementContext) {
  const merchant = findSigner(signed, merchants);
  const read = v.safeParse(signSchema, readJson(signed.get('biz_content') ?? ''));
  const isMethod = signed.get('method') === 'zhima.credit.payafteruse.creditagreement.sign';
  if (merchant === null || !read.success || !isMethod) return null;
  return { merchant, asked: read.output };
}

const REFUSED: SimulatedAnswer = {
  status: 400,
  headers: HTML,
  body: '<!doctype html><meta charset="utf-8"><title>400</title>签名不正确 · wrong signature',
};

function showPage({ query }: SimulatedRequest, context: AgreementContext): SimulatedAnswer {
  const read = readAsked(query, context);
  if (read === null) return REFUSED;
  const body = composeSignInPage({
    brand: { zh: '支付宝芝麻先享', en: 'Alipay pay after use', color: '#1259c3' },
    merchant: read.merchant.name,
    action: '/zhima/decide',
    hidden: { signed: query.toString() },
  });
  return { status: 200, headers: HTML, body };
}

function decide({ body }: SimulatedRequest, context: AgreementContext): SimulatedAnswer {
  const form = new URLSearchParams(body);
  const read = readAsked(new URLSearchParams(form.get('signed') ?? ''), context);
  const person = choosePerson(form, context.people, newAgreementId);
  if (read === null || person === null) return REFUSED;
  const { merchant, asked } = read;
  const hasAllowed = form.get('decision') === 'allow';
  context.people.setPermitted(person.account, hasAllowed);
  if (hasAllowed) context.agreements.set(`${merchant.appId} ${asked.out_agreement_no}`, person.account);
  const location = returnAddress(hasAllowed ? asked.return_back_link : asked.cancel_back_link, {});
  return location === null ? REFUSED : { status: 302, headers: { location }, body: '' };
}

function newAgreementId(): string {
  const digits = Array.from({ length: 24 }, () => randomInt(10).toString()).join('');
  return `ZMOP99${digits}`;
}
