// Who the passenger is: the wallet's web sign-in and the exchange of its one-time code.
import * as v from 'valibot';
import { fail, ok } from '../../../domain/result.ts';
import type { WalletAnswer } from '../wallet.ts';
import { readJson } from './wechat-call.ts';
import type { WechatConfig, WechatSecrets } from './wechat-settings.ts';

export function composeSignIn(config: WechatConfig, state: string, returnTo: string): string {
  const address = new URL(config.signInUrl);
  address.searchParams.set('appid', config.appid);
  address.searchParams.set('redirect_uri', returnTo);
  address.searchParams.set('response_type', 'code');
  address.searchParams.set('scope', 'snsapi_base');
  address.searchParams.set('state', state);
  return `${address.toString()}#wechat_redirect`;
}

const accountSchema = v.object({ openid: v.pipe(v.string(), v.minLength(1), v.maxLength(128)) });
const accountErrorSchema = v.object({ errcode: v.number() });
/** The wallet's word for a code that is used up, too old or made up. */
const INVALID_CODES: ReadonlySet<number> = new Set([40029, 40163, 41008]);

/** This older interface signs nothing: the app secret and TLS are all there is. */
export async function readAccount(
  config: WechatConfig,
  secrets: WechatSecrets,
  code: string,
): WalletAnswer<{ readonly account: string }> {
  const address = new URL('/sns/oauth2/access_token', config.accountUrl ?? config.baseUrl);
  address.searchParams.set('appid', config.appid);
  address.searchParams.set('secret', secrets.appSecret);
  address.searchParams.set('code', code);
  address.searchParams.set('grant_type', 'authorization_code');
  try {
    const response = await fetch(address, {
      redirect: 'error',
      signal: AbortSignal.timeout(config.timeoutMs),
    });
    if (response.status !== 200) {
      return fail({ kind: 'no-answer', code: `http-${response.status.toString()}` });
    }
    const body = readJson(await response.text());
    const read = v.safeParse(accountSchema, body);
    if (read.success) return ok({ account: read.output.openid });
    const refused = v.safeParse(accountErrorSchema, body);
    const errcode = refused.success ? refused.output.errcode : 0;
    return fail({
      kind: INVALID_CODES.has(errcode) ? 'not-permitted' : 'rejected',
      code: errcode.toString(),
    });
  } catch {
    return fail({ kind: 'no-answer', code: 'network' });
  }
}
