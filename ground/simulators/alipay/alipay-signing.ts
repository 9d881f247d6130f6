// The wallet's side of RSA2: checks what merchants sign, signs answers and notices. Written apart from the adapter, so
// that the two are a check on each other.
import { createSign, createVerify, randomBytes } from 'node:crypto';
import type { NoticeForm } from '../notice-sender.ts';
import { privateKeyOf, publicKeyOf } from '../parsed-keys.ts';
import type { AlipayMerchant } from './alipay-merchant.ts';

/** The parameters in the order they are signed: by name, without the signature and without empty ones. */
function contentOf(parameters: URLSearchParams, without: readonly string[]): string {
  return [...parameters.entries()]
    .filter(([name, value]) => !without.includes(name) && value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/** The merchant who genuinely signed these parameters, or null. A request signs its `sign_type` too. */
export function findSigner(
  parameters: URLSearchParams,
  merchants: ReadonlyMap<string, AlipayMerchant>,
): AlipayMerchant | null {
  const merchant = merchants.get(parameters.get('app_id') ?? '');
  if (merchant === undefined || parameters.get('sign_type') !== 'RSA2') return null;
  const isGenuine = createVerify('RSA-SHA256')
    .update(contentOf(parameters, ['sign']), 'utf8')
    .verify(publicKeyOf(merchant.merchantPublicKeyPem), parameters.get('sign') ?? '', 'base64');
  return isGenuine ? merchant : null;
}

function signText(text: string, merchant: AlipayMerchant, form: NoticeForm): string {
  if (form === 'bad-signature') return randomBytes(256).toString('base64');
  return createSign('RSA-SHA256')
    .update(text, 'utf8')
    .sign(privateKeyOf(merchant.alipayPrivateKeyPem), 'base64');
}

/** The body of an answer: the node under its method's name, and the signature over exactly its characters. */
export function signAnswer(
  method: string,
  node: Readonly<Record<string, unknown>>,
  merchant: AlipayMerchant,
  form: NoticeForm,
): string {
  const text = JSON.stringify(node);
  const signature = signText(text, merchant, form);
  const shown = form === 'altered' ? text.replace(/"msg":"./, '"msg":"!') : text;
  return `{"${method.replaceAll('.', '_')}_response":${shown},"sign":"${signature}"}`;
}

/** A notice is a form whose signature leaves `sign_type` out. */
export function signNotice(
  facts: Readonly<Record<string, string>>,
  merchant: AlipayMerchant,
  form: NoticeForm,
): string {
  const parameters = new URLSearchParams({ ...facts, sign_type: 'RSA2' });
  parameters.set('sign', signText(contentOf(parameters, ['sign', 'sign_type']), merchant, form));
  if (form === 'altered') parameters.set('biz_content', `${parameters.get('biz_content') ?? ''} `);
  return parameters.toString();
}
