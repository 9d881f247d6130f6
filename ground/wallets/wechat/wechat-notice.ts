// Notices of the wallet: the signature is verified before anything is decrypted.
import * as v from 'valibot';
import { fail, ok, type Result } from '../../../domain/result.ts';
import type { WalletNotice, WalletProblem } from '../wallet.ts';
import { judgeWechatOrder, serviceOrderSchema } from './judge-wechat-order.ts';
import { readJson, type WechatCaller } from './wechat-call.ts';
import { decryptResource, isFromPlatform } from './wechat-signing.ts';

const noticeSchema = v.object({
  id: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
  event_type: v.string(),
  resource: v.object({
    algorithm: v.literal('AEAD_AES_256_GCM'),
    ciphertext: v.string(),
    nonce: v.string(),
    associated_data: v.optional(v.string()),
  }),
});

const BAD_SIGNATURE: WalletProblem = { kind: 'bad-signature', code: 'notice' };

export function readWechatNotice(
  caller: WechatCaller,
  apiV3Key: string,
  headers: Readonly<Record<string, string | undefined>>,
  body: string,
): Result<WalletNotice, WalletProblem> {
  const lower = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  if (!isFromPlatform(caller.platform, (name) => lower.get(name), body, caller.nowMs())) {
    return fail(BAD_SIGNATURE);
  }
  const notice = v.safeParse(noticeSchema, readJson(body));
  if (!notice.success) return fail({ kind: 'rejected', code: 'notice form' });
  const { id, event_type, resource } = notice.output;
  const plain = decryptResource(resource, apiV3Key);
  if (!plain.ok) return fail(BAD_SIGNATURE);
  const order = v.safeParse(serviceOrderSchema, readJson(plain.value));
  if (!order.success) return fail({ kind: 'rejected', code: event_type.slice(0, 40) });
  const { mchid, appid, serviceId } = caller.config;
  const { output } = order;
  if (output.mchid !== mchid || output.appid !== appid || output.service_id !== serviceId) {
    return fail({ kind: 'rejected', code: 'notice merchant' });
  }
  const status = judgeWechatOrder(output, caller.config.needUserConfirm);
  return status.ok ? ok({ id, orderNumber: output.out_order_no, status: status.value }) : status;
}
