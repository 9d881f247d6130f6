// One signed call through the gateway. Nothing in an answer is believed before its signature verifies.
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import * as v from 'valibot';
import { fail, ok } from '../../../domain/result.ts';
import { formatWalletTime } from '../wallet-moment.ts';
import type { WalletAnswer, WalletProblem } from '../wallet.ts';
import { problemOf } from './alipay-problems.ts';
import type { AlipayConfig, AlipaySecrets } from './alipay-settings.ts';
import { findRawNode, isSigned, signParameters } from './alipay-signing.ts';

export type AlipayCaller = {
  readonly config: AlipayConfig;
  readonly privateKey: KeyObject;
  readonly alipayKey: KeyObject;
  readonly nowMs: () => number;
};

/** Throws where a key is no key: the factory turns that into its own failure. */
export function createAlipayCaller(
  config: AlipayConfig,
  secrets: AlipaySecrets,
  nowMs: () => number,
): AlipayCaller {
  return {
    config,
    privateKey: createPrivateKey(secrets.merchantPrivateKeyPem),
    alipayKey: createPublicKey(secrets.alipayPublicKeyPem),
    nowMs,
  };
}

/** All parameters of a call, signed; also what the agreement's page is opened with. */
export function composeSigned(
  caller: AlipayCaller,
  method: string,
  content: unknown,
  more: Readonly<Record<string, string>> = {},
): URLSearchParams {
  const parameters = {
    app_id: caller.config.appId,
    method,
    format: 'JSON',
    charset: 'utf-8',
    sign_type: 'RSA2',
    timestamp: formatWalletTime(caller.nowMs()),
    version: '1.0',
    biz_content: JSON.stringify(content),
    ...more,
  };
  return signParameters(parameters, caller.privateKey);
}

const envelopeSchema = v.object({ sign: v.optional(v.string(), '') });
const nodeSchema = v.looseObject({ code: v.string(), sub_code: v.optional(v.string()) });
export type AlipayNode = v.InferOutput<typeof nodeSchema>;

/** 10000 carried out; 10003 taken and under way. */
const GOOD_CODES: ReadonlySet<string> = new Set(['10000', '10003']);
const NO_ANSWER: WalletProblem = { kind: 'no-answer', code: 'network' };

/** The verified node of a successful answer. */
export async function callAlipay(
  caller: AlipayCaller,
  method: string,
  content: unknown,
  more: Readonly<Record<string, string>> = {},
): WalletAnswer<AlipayNode> {
  const address = new URL(caller.config.gatewayUrl);
  address.searchParams.set('charset', 'utf-8');
  const answer = await send(caller, address, composeSigned(caller, method, content, more));
  if (answer === null) return fail(NO_ANSWER);
  if (answer.status !== 200) return fail(statusProblem(answer.status));
  const text = answer.bytes.toString('utf8');
  const envelope = v.safeParse(envelopeSchema, readJson(text));
  const raw = findRawNode(text, `${method.replaceAll('.', '_')}_response`);
  if (!envelope.success || raw === null) return fail(readUnsignedError(text));
  if (!isSigned(raw, envelope.output.sign, caller.alipayKey)) {
    return fail({ kind: 'bad-signature', code: 'answer' });
  }
  const node = v.safeParse(nodeSchema, readJson(raw));
  if (!node.success) return fail({ kind: 'rejected', code: 'answer form' });
  const { code, sub_code } = node.output;
  return GOOD_CODES.has(code) ? ok(node.output) : fail(problemOf(code, sub_code));
}

/** The wallet signs nothing where it could not tell who called. */
function readUnsignedError(text: string): WalletProblem {
  const raw = findRawNode(text, 'error_response');
  const node = v.safeParse(nodeSchema, readJson(raw ?? ''));
  if (!node.success) return { kind: 'bad-signature', code: 'answer form' };
  return { kind: 'rejected', code: (node.output.sub_code ?? node.output.code).slice(0, 60) };
}

/** A file the wallet offers under an address it has just signed. */
export async function downloadFromAlipay(caller: AlipayCaller, address: string): WalletAnswer<Buffer> {
  const answer = await send(caller, new URL(address), null);
  if (answer === null) return fail(NO_ANSWER);
  return answer.status === 200 ? ok(answer.bytes) : fail(statusProblem(answer.status));
}

function statusProblem(status: number): WalletProblem {
  const isBusy = status === 429 || status >= 500;
  return { kind: isBusy ? 'no-answer' : 'rejected', code: `http-${status.toString()}` };
}

async function send(
  { config }: AlipayCaller,
  address: URL,
  form: URLSearchParams | null,
): Promise<{ readonly status: number; readonly bytes: Buffer } | null> {
  try {
    const response = await fetch(address, {
      ...(form === null ? {} : { method: 'POST', body: form }),
      redirect: 'error',
      signal: AbortSignal.timeout(config.timeoutMs),
    });
    return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) };
  } catch {
    // Refused, broken, timed out: whatever was sent may have been carried out.
    return null;
  }
}

export function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
