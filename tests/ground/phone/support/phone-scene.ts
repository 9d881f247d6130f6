// One passenger with a headless phone, signed up at a scripted ground, and a till that shows copies.
import { deflateRawSync } from 'node:zlib';
import { encodeUtf8 } from '../../../../domain/encoding/utf8.ts';
import { decodeBase64url } from '../../../../domain/encoding/base64url.ts';
import { thumbprint8 } from '../../../../domain/crypto/thumbprint.ts';
import type { EcPublicJwk } from '../../../../domain/crypto/crypto.ts';
import { composeCopyFrames } from '../../../../domain/handheld/copy-code.ts';
import { lineHash } from '../../../../domain/journal/line.ts';
import {
  verifyCabinCode,
  type VerificationContext,
} from '../../../../domain/cabin-code/verify-cabin-code.ts';
import { openHeadlessPhone, type HeadlessPhone } from '../../../../ground/phone/headless-phone.ts';
import type { PhoneStorage } from '../../../../ground/phone/storage/phone-storage.ts';
import type { EnrolmentState } from '../../../../ground/web/phone-api.ts';
import { DEMO_TERMINAL } from '../../../../ground/demo/demo-keys.ts';
import { crypto } from '../../../domain/settlement/journal-scene.ts';
import { createScriptedGround, type ScriptedGround } from './scripted-ground.ts';

export const NOW_MS = Date.UTC(2026, 10, 23, 4);
export const NOW_SECONDS = NOW_MS / 1000;

type Enrolled = Extract<EnrolmentState, { kind: 'enrolled' }>;
export type Signed = {
  readonly ground: ScriptedGround;
  readonly phone: HeadlessPhone;
  readonly enrolled: Enrolled;
  readonly clock: { nowMs: number };
};

export type SignInOptions = {
  readonly seat?: string;
  readonly wallet?: number;
  readonly hasKey?: boolean;
  readonly storage?: PhoneStorage;
};

export async function signIn(
  ground: ScriptedGround = createScriptedGround(NOW_MS),
  { seat = '12C', wallet = 1, hasKey = true, storage }: SignInOptions = {},
): Promise<Signed> {
  const clock = { nowMs: NOW_MS };
  const phone = openHeadlessPhone({
    baseUrl: 'http://ground.invalid',
    fetch: ground.fetch,
    nowMs: () => clock.nowMs,
    hasKey,
    askEveryMs: 1,
    ...(storage === undefined ? {} : { storage }),
  });
  const request = {
    leg: ground.open.leg,
    seat,
    seq: 11,
    name: 'WANG/JUN',
    wallet,
    language: 'zh-CN',
  } as const;
  const enrolled = await phone.enrol(request, (address) => {
    ground.decide(tokenOf(address), 'accept');
    return Promise.resolve();
  });
  if (!enrolled.ok) throw new Error(`the scripted ground refused: ${enrolled.error.kind}`);
  return { ground, phone, enrolled: enrolled.value, clock };
}

export function tokenOf(walletAddress: string): string {
  return new URL(walletAddress).searchParams.get('for') ?? '';
}

/** What a till of the flight would say to this code. */
export function verify(
  text: string,
  ground: ScriptedGround,
  context: Partial<VerificationContext> = {},
): ReturnType<typeof verifyCabinCode> {
  return verifyCabinCode(text, {
    nowSeconds: NOW_SECONDS,
    flight: ground.scene.flight.leg,
    issuers: ground.scene.trust.issuers,
    isDenied: () => false,
    lastProofAt: () => null,
    openChallenge: null,
    crypto,
    ...context,
  });
}

/** A sale at the scene's till; answers its signed line. */
export function sellTo(
  { ground, enrolled }: Pick<Signed, 'ground' | 'enrolled'>,
  {
    totalMinor = 4800,
    lines = 1,
    ...options
  }: { totalMinor?: number; lines?: number; isPractice?: boolean; leg?: string } = {},
): string {
  const { dev, epoch } = DEMO_TERMINAL;
  ground.journal.add(
    'SALE',
    {
      bill: `${dev}.${epoch.toString()}.2`,
      cti: enrolled.cti,
      auth: 1,
      basket: 'basket-1',
      lines: Array.from({ length: lines }, (_, i) => ({
        sku: `ML-${(i + 1).toString().padStart(3, '0')}`,
        q: 1,
        p: totalMinor / lines,
        tax: 600,
        n: `海南鸡饭 Hainan rice ${i.toString()}`,
      })),
      disc: [],
      tot: totalMinor,
      ccy: 'CNY',
      tender: 'wallet',
    },
    options,
  );
  return lastLine(ground);
}

export function lastLine(ground: ScriptedGround): string {
  const line = ground.journal.lines.at(-1);
  if (line === undefined) throw new Error('the till has written nothing');
  return line;
}

/** The frames a till shows for a line; `as` is the key it claims to sign with. */
export function framesOf(
  line: string,
  ground: ScriptedGround,
  { as = ground.scene.signer.publicJwk, id }: { as?: EcPublicJwk; id?: Uint8Array } = {},
): readonly string[] {
  const bytes = encodeUtf8(line);
  const hash = decodeBase64url(lineHash(line, crypto));
  if (hash === null) throw new Error('a hash is base64url');
  return composeCopyFrames(
    { deviceThumbprint: thumbprint8(as, crypto), deflatedLine: deflateRawSync(bytes, { level: 9 }) },
    id ?? hash.subarray(0, 4),
  );
}

/** Shows every frame once; the last outcome. */
export async function showAll(
  phone: HeadlessPhone,
  frames: readonly string[],
): ReturnType<HeadlessPhone['takeFrame']> {
  let last: Awaited<ReturnType<HeadlessPhone['takeFrame']>> | null = null;
  for (const frame of frames) last = await phone.takeFrame(frame);
  if (last === null) throw new Error('there was no frame');
  return last;
}
