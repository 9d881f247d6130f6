// Headless phones against ground as it is served: real routes, real adapters, the wallets' simulators over HTTP.
import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyCabinCode } from '../../../domain/cabin-code/verify-cabin-code.ts';
import { thumbprint8 } from '../../../domain/crypto/thumbprint.ts';
import { encodeUtf8 } from '../../../domain/encoding/utf8.ts';
import { readLegId } from '../../../domain/flight.ts';
import { composeCopyFrames } from '../../../domain/handheld/copy-code.ts';
import { trustOf } from '../../../ground/airlines/trust-lists.ts';
import { openHeadlessPhone } from '../../../ground/phone/headless-phone.ts';
import { consentAs } from '../../support/wallet-consent.ts';
import { crypto } from '../../support/keys.ts';
import { showAll } from './support/phone-scene.ts';
import { openRealGround, type RealGround } from './support/real-ground.ts';

let real: RealGround;
beforeAll(async () => {
  real = await openRealGround(null);
});
afterAll(() => real.close());

const nowSeconds = (): number => Math.floor(Date.now() / 1000);

async function signUp(seat: string, wallet: number, { score = 720, isAllowed = true } = {}) {
  const account = `phone-of-${seat}`;
  (wallet === 1 ? real.wechat : real.alipay).control.addPerson({ account, score });
  const phone = openHeadlessPhone({ baseUrl: real.address, askEveryMs: 20 });
  const request = { leg: real.demo.leg, seat, seq: 0, name: 'WANG/JUN', wallet, language: 'zh-CN' } as const;
  const outcome = await phone.enrol(request, async (address, cookie) => {
    await consentAs(account, address, cookie, isAllowed);
  });
  return { phone, outcome };
}

describe.each([
  ['WeChat', 1, '12C'],
  ['Alipay', 2, '14B'],
])('a phone with %s', (_name, wallet, seat) => {
  it('signs up, has a code a till accepts, keeps a copy and hands it in', async () => {
    const { phone, outcome } = await signUp(seat, wallet);
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.error));
    const leg = readLegId(real.demo.leg);
    const code = await phone.cabinCode(nowSeconds());
    if (leg === null || !code.ok) throw new Error('an enrolled phone has a code');
    const { issuers } = await trustOf(real.ground, real.demo.airline);
    expect(
      verifyCabinCode(code.value, {
        nowSeconds: nowSeconds(),
        flight: leg,
        issuers,
        isDenied: () => false,
        lastProofAt: () => null,
        openChallenge: null,
        crypto,
      }),
    ).toMatchObject({ ok: true, value: { mode: 'dynamic', credential: { seat, wallet } } });

    const { cti, orderNumber } = outcome.value;
    const seq = real.terminal.sell({ cti, seat, orderNumber, wallet }, 4800);
    expect(await showAll(phone, framesOfTill(real.terminal.lineOf(seq)))).toMatchObject({ kind: 'kept' });
    expect(await phone.uploadCopies()).toEqual({ ok: true, value: 1 });
    expect((await phone.copies()).map(({ sent }) => sent)).toEqual(['kept']);
    expect(await phone.order()).toMatchObject({
      ok: true,
      value: { orderNumber, sales: [{ seq, totalMinor: 4800 }] },
    });
  });
});

describe('a phone that is refused', () => {
  it.each([
    ['a score that is too low', '20A', { score: 550 }, 'wallet-not-accepted'],
    ['no permission given', '20B', { isAllowed: false }, 'wallet-not-permitted'],
  ])('for %s is told so', async (_what, seat, person, why) => {
    const { outcome } = await signUp(seat, 1, person);
    expect(outcome).toEqual({ ok: false, error: { kind: 'refused', why } });
  });
});

function framesOfTill(line: string): readonly string[] {
  const key = real.demo.deviceKeys.get(real.terminal.dev);
  if (key === undefined) throw new Error('the terminal has a key');
  const bytes = encodeUtf8(line);
  return composeCopyFrames(
    { deviceThumbprint: thumbprint8(key, crypto), deflatedLine: deflateRawSync(bytes, { level: 9 }) },
    crypto.sha256(bytes).subarray(0, 4),
  );
}
