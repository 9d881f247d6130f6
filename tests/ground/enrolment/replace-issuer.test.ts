// threats.md 12, ground's part: after the new trust list every code of the stolen key is refused, the genuine ones go on.
import { afterAll, describe, expect, it } from 'vitest';
import { composeStaticCode } from '../../../domain/cabin-code/issue-cabin-code.ts';
import { verifyCabinCode } from '../../../domain/cabin-code/verify-cabin-code.ts';
import { decodeBase64url } from '../../../domain/encoding/base64url.ts';
import { replaceIssuer } from '../../../ground/enrolment/replace-issuer.ts';
import { refreshPack } from '../../../ground/packs/refresh-pack.ts';
import { crypto } from '../../support/keys.ts';
import { readNewestPack } from '../packs/pack-scene.ts';
import { enrolled, openScene, signUp, stateOf } from './enrolment-scene.ts';

const scene = await openScene();
const { ground, demo } = scene;
afterAll(scene.stop);

async function judge(cred: string): Promise<string> {
  const pack = await readNewestPack(scene, demo.leg);
  const verdict = verifyCabinCode(composeStaticCode(decodeBase64url(cred) ?? new Uint8Array(0)), {
    nowSeconds: Math.floor(scene.clock.nowMs / 1000),
    flight: pack.leg,
    issuers: pack.trust.issuers,
    isDenied: () => false,
    lastProofAt: () => null,
    openChallenge: null,
    crypto,
  });
  return verdict.ok ? verdict.value.mode : verdict.error.code;
}

describe('a stolen issuer key', () => {
  it('signs nothing any more that a till takes, and passengers get a code of the new one', async () => {
    const { token, state } = await signUp(scene, 'p-720-1', { seat: '12C' });
    const old = enrolled(state);
    await refreshPack(ground, demo.leg);
    expect(await judge(old.cred)).toBe('static');
    expect(await replaceIssuer(ground, '9C', 1, 'test')).toMatchObject({ ok: true, value: { reissued: 1 } });
    await refreshPack(ground, demo.leg);
    expect(await judge(old.cred)).toBe('UNKNOWN_ISSUER');
    const next = enrolled(await stateOf(scene, token));
    expect(next).toMatchObject({ cti: old.cti, orderNumber: old.orderNumber });
    expect(await judge(next.cred)).toBe('static');
    expect(await replaceIssuer(ground, '9C', 7, 'test')).toEqual({ ok: false, error: 'no-issuer' });
  });
});
