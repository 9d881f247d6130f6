// One signed call over HTTP. Nothing in an answer is believed before its signature verifies; nothing is repeated here.
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { fail, ok } from '../../../domain/result.ts';
import type { WalletAnswer, WalletProblem } from '../wallet.ts';
import { readProblem } from './wechat-problems.ts';
import type { WechatConfig, WechatSecrets } from './wechat-settings.ts';
import { authorize, isFromPlatform, type PlatformKey, type RequestSigner } from './wechat-signing.ts';

export type WechatCaller = {
  readonly config: WechatConfig;
  readonly signer: RequestSigner;
  readonly platform: PlatformKey;
  readonly nowMs: () => number;
};

/** Throws where a key is no key: the factory turns that into its own failure. */
export function createWechatCaller(
  config: WechatConfig,
  secrets: WechatSecrets,
  nowMs: () => number,
): WechatCaller {
  return {
    config,
    signer: {
      mchid: config.mchid,
      serial: secrets.merchantSerial,
      privateKey: createPrivateKey(secrets.merchantPrivateKeyPem),
    },
    platform: {
      serial: config.platformSerial,
      publicKey: createPublicKey(secrets.platformPublicKeyPem),
    },
    nowMs,
  };
}

export type WechatRequest = {
  readonly method: 'GET' | 'POST';
  /** Path and query. */
  readonly target: string;
  /** JSON as it is signed and sent; empty for GET. */
  readonly body: string;
};

const NO_ANSWER: WalletProblem = { kind: 'no-answer', code: 'network' };

/** The verified JSON of a successful answer; null for an empty one. */
export async function callWechat(caller: WechatCaller, request: WechatRequest): WalletAnswer<unknown> {
  const answer = await send(caller, request);
  if (answer === null) return fail(NO_ANSWER);
  const { status, body, header } = answer;
  const isBusy = status === 429 || status >= 500;
  // A gateway in front of the wallet answers these without a signature.
  if (isBusy) return fail(readBusy(status, body));
  if (status === 401) return fail({ kind: 'rejected', code: 'SIGN_ERROR' });
  if (!isFromPlatform(caller.platform, header, body, caller.nowMs())) {
    return fail({ kind: 'bad-signature', code: `http-${status.toString()}` });
  }
  const json = readJson(body);
  if (status >= 200 && status < 300) return ok(json);
  return fail(readProblem(status, json));
}

/** The text of a statement: not signed by the wallet; the caller compares its hash. */
export async function downloadFromWechat(caller: WechatCaller, target: string): WalletAnswer<string> {
  const answer = await send(caller, { method: 'GET', target, body: '' });
  if (answer === null) return fail(NO_ANSWER);
  if (answer.status === 200) return ok(answer.body);
  const isBusy = answer.status === 429 || answer.status >= 500;
  return fail({ kind: isBusy ? 'no-answer' : 'rejected', code: `http-${answer.status.toString()}` });
}

function readBusy(status: number, body: string): WalletProblem {
  const { kind, code } = readProblem(status, readJson(body));
  return { kind: kind === 'too-fast' ? kind : 'no-answer', code };
}

type HttpAnswer = {
  readonly status: number;
  readonly body: string;
  readonly header: (name: string) => string | undefined;
};

async function send(caller: WechatCaller, request: WechatRequest): Promise<HttpAnswer | null> {
  const { config, signer, nowMs } = caller;
  try {
    const response = await fetch(new URL(request.target, config.baseUrl), {
      method: request.method,
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        'user-agent': 'CabinTill',
        authorization: authorize(signer, request, nowMs()),
      },
      ...(request.method === 'POST' ? { body: request.body } : {}),
      redirect: 'error',
      signal: AbortSignal.timeout(config.timeoutMs),
    });
    // Decoded here: `text()` would take a byte order mark away, and with it signature and hash.
    const body = Buffer.from(await response.arrayBuffer()).toString('utf8');
    return { status: response.status, body, header: (name) => response.headers.get(name) ?? undefined };
  } catch {
    // Refused, broken, timed out: whatever was sent may have been carried out.
    return null;
  }
}

export function readJson(text: string): unknown {
  try {
    return text === '' ? null : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}
