import { describe, expect, it } from 'vitest';
import { readCabinCode } from '../../../domain/cabin-code/read-cabin-code.ts';
import { composeChallengeCode, readChallengeCode } from '../../../domain/handheld/challenge-code.ts';
import { openHeadlessPhone } from '../../../ground/phone/headless-phone.ts';
import { ENROLMENT_REFUSALS } from '../../../ground/web/phone-api.ts';
import { credBytes, createScriptedGround } from './support/scripted-ground.ts';
import { NOW_MS, NOW_SECONDS, signIn, tokenOf, verify } from './support/phone-scene.ts';

const CHALLENGE = {
  amountMinor: 35_000,
  currencyNumeric: 156,
  challenge: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
};

describe('a phone without a page', () => {
  it('signs up and shows codes the till accepts, each later than the one before', async () => {
    const { phone, ground } = await signIn();
    const first = await phone.cabinCode(NOW_SECONDS);
    const second = await phone.cabinCode(NOW_SECONDS + 15);
    if (!first.ok || !second.ok) throw new Error('an enrolled phone has a code');
    expect(verify(first.value, ground)).toMatchObject({ ok: true, value: { mode: 'dynamic' } });
    expect(verify(second.value, ground, { lastProofAt: () => NOW_SECONDS })).toMatchObject({ ok: true });
    expect(verify(first.value, ground, { lastProofAt: () => NOW_SECONDS })).toMatchObject({
      ok: false,
      error: { code: 'REPLAY' },
    });
    expect(verify(first.value, ground, { nowSeconds: NOW_SECONDS + 91 })).toMatchObject({
      error: { code: 'PROOF_OLD' },
    });
  });

  it('shows codes with no network at all', async () => {
    const { phone, ground } = await signIn();
    ground.network = 'off';
    const before = ground.calls;
    const code = await phone.cabinCode(NOW_SECONDS);
    expect(code.ok && verify(code.value, ground)).toMatchObject({ ok: true });
    expect(ground.calls).toBe(before);
  });

  it('never shows the same code twice, even within a second', async () => {
    const { phone } = await signIn();
    const codes = await Promise.all(Array.from({ length: 20 }, () => phone.cabinCode(NOW_SECONDS)));
    expect(new Set(codes.map((code) => (code.ok ? code.value : ''))).size).toBe(20);
  });

  it('has a picture with lower limits, and only that where the browser keeps no key', async () => {
    const { phone, ground } = await signIn();
    const picture = await phone.staticCode();
    expect(picture.ok && verify(picture.value, ground)).toMatchObject({
      ok: true,
      value: { mode: 'static' },
    });
    const poor = await signIn(ground, { seat: '14B', hasKey: false });
    const code = await poor.phone.cabinCode(NOW_SECONDS);
    expect(code.ok && verify(code.value, ground)).toMatchObject({ ok: true, value: { mode: 'static' } });
    expect(await poor.phone.cabinCode(NOW_SECONDS, CHALLENGE)).toEqual({ ok: false, error: 'no-key' });
  });

  it('holds a private key nobody can read', async () => {
    const { createMemoryStorage } = await import('../../../ground/phone/storage/memory-storage.ts');
    const storage = createMemoryStorage();
    await signIn(undefined, { storage });
    const [flight] = await storage.flights();
    const key = flight?.holder?.privateKey;
    if (key === undefined) throw new Error('the phone has a key');
    expect(key.extractable).toBe(false);
    await expect(crypto.subtle.exportKey('jwk', key)).rejects.toThrow();
  });

  it('refuses a credential that was made for another key', async () => {
    const { ground, enrolled } = await signIn();
    const thief = openHeadlessPhone({
      baseUrl: 'http://ground.invalid',
      fetch: ground.fetch,
      nowMs: () => NOW_MS,
      askEveryMs: 1,
    });
    const request = {
      leg: ground.open.leg,
      seat: '12C',
      seq: 11,
      name: 'X',
      wallet: 1,
      language: 'en',
    } as const;
    const outcome = await thief.enrol(request, (address) => {
      const guest = ground.guests.get(tokenOf(address));
      if (guest !== undefined) guest.state = enrolled;
      return Promise.resolve();
    });
    expect(outcome).toEqual({ ok: false, error: { kind: 'credential', why: 'other-key' } });
  });

  it.each(ENROLMENT_REFUSALS)('comes to know that it was refused: %s', async (why) => {
    const ground = createScriptedGround(NOW_MS);
    const phone = openHeadlessPhone({ baseUrl: '', fetch: ground.fetch, askEveryMs: 1, nowMs: () => NOW_MS });
    const request = {
      leg: ground.open.leg,
      seat: '12C',
      seq: 0,
      name: 'X',
      wallet: 1,
      language: 'en',
    } as const;
    const outcome = await phone.enrol(request, (address) => {
      ground.decide(tokenOf(address), why);
      return Promise.resolve();
    });
    expect(outcome).toEqual({ ok: false, error: { kind: 'refused', why } });
  });

  it('comes to know of a refusal before the wallet was asked', async () => {
    const ground = createScriptedGround(NOW_MS);
    const phone = openHeadlessPhone({ baseUrl: '', fetch: ground.fetch, askEveryMs: 1, nowMs: () => NOW_MS });
    const request = {
      leg: ground.open.leg,
      seat: '99Z',
      seq: 0,
      name: 'X',
      wallet: 1,
      language: 'en',
    } as const;
    expect(await phone.enrol(request, () => Promise.resolve())).toEqual({
      ok: false,
      error: { kind: 'refused', why: 'seat-unknown' },
    });
  });

  it('keeps what became of the order for when there is no network', async () => {
    const { phone, ground } = await signIn();
    expect(await phone.order()).toMatchObject({ ok: true, value: { state: 'open' } });
    ground.network = 'off';
    expect(await phone.order()).toEqual({ ok: false, error: { kind: 'no-network' } });
  });
});

describe('agreeing to an amount', () => {
  it('binds the code to the amount the till asked for and to nothing else', async () => {
    const { phone, ground } = await signIn();
    const read = readChallengeCode(composeChallengeCode(CHALLENGE));
    if (!read.ok) throw new Error('the challenge is one');
    const code = await phone.cabinCode(NOW_SECONDS, read.value);
    if (!code.ok) throw new Error('the phone agrees');
    expect(verify(code.value, ground, { openChallenge: CHALLENGE })).toMatchObject({
      ok: true,
      value: { mode: 'confirmed', binding: { amountMinor: 35_000 } },
    });
    for (const other of [
      { ...CHALLENGE, amountMinor: 35_001 },
      { ...CHALLENGE, currencyNumeric: 344 },
      { ...CHALLENGE, challenge: Uint8Array.of(8, 7, 6, 5, 4, 3, 2, 1) },
      null,
    ]) {
      expect(verify(code.value, ground, { openChallenge: other })).toMatchObject({
        error: { code: 'PROOF' },
      });
    }
  });

  it('shows the same agreement again for two minutes, and never after', async () => {
    const { phone, clock } = await signIn();
    expect((await phone.cabinCode(NOW_SECONDS, CHALLENGE)).ok).toBe(true);
    clock.nowMs += 119_000;
    expect((await phone.cabinCode(NOW_SECONDS + 119, CHALLENGE)).ok).toBe(true);
    clock.nowMs += 2000;
    expect(await phone.cabinCode(NOW_SECONDS + 121, CHALLENGE)).toEqual({
      ok: false,
      error: 'challenge-used-up',
    });
    const fresh = { ...CHALLENGE, challenge: Uint8Array.of(9, 9, 9, 9) };
    expect((await phone.cabinCode(NOW_SECONDS + 121, fresh)).ok).toBe(true);
  });
});

describe('what the code is made of', () => {
  it("is the credential ground gave and the phone's proof", async () => {
    const { phone, enrolled } = await signIn();
    const code = await phone.cabinCode(NOW_SECONDS);
    const container = code.ok ? readCabinCode(code.value) : null;
    expect(container?.ok === true && container.value.cred).toEqual(credBytes(enrolled));
    expect(code.ok && code.value.length).toBeLessThan(520);
  });
});
