// The demo airline's keys and the two signed files that vouch for them: real cryptography, made on the spot.
import * as nodeCrypto from 'node:crypto';
import type { EcPrivateJwk, EcPublicJwk } from '../../domain/crypto/crypto.ts';
import { signJsonJws } from '../../domain/crypto/compact-jws.ts';
import { cryptoFromNode, generatePrivateJwk, signerFromJwk } from '../../domain/crypto/node-crypto.ts';
import { issuerKid, jwsKid } from '../../domain/crypto/thumbprint.ts';
import type { DeviceCertificate } from '../../domain/trust/device-certificate.ts';
import type { TrustList } from '../../domain/trust/trust-list.ts';

const crypto = cryptoFromNode(nodeCrypto);
const DAY = 86_400;

/** A private key as its file holds it. */
export type KeyFile = EcPrivateJwk & { readonly kid: string; readonly use: 'sig' | 'enc' };

export type DemoKeys = {
  readonly root1: KeyFile;
  readonly root2: KeyFile;
  readonly issuerWechat: KeyFile;
  readonly issuerAlipay: KeyFile;
  readonly ops: KeyFile;
  readonly deviceCa: KeyFile;
  readonly device: KeyFile;
  readonly ground: KeyFile;
  readonly enc: KeyFile;
};

export const DEMO_TERMINAL = { dev: 'T-0001', epoch: 1, airline: '9C' } as const;

/** File name of each key in `keys/`. */
export const KEY_FILES: Readonly<Record<keyof DemoKeys, string>> = {
  root1: 'root-1.jwk.json',
  root2: 'root-2.jwk.json',
  issuerWechat: 'issuer-wechat.jwk.json',
  issuerAlipay: 'issuer-alipay.jwk.json',
  ops: 'ops.jwk.json',
  deviceCa: 'device-ca.jwk.json',
  device: `device-${DEMO_TERMINAL.dev}.jwk.json`,
  ground: 'ground.jwk.json',
  enc: 'enc.jwk.json',
};

export function newPrivateJwk(): EcPrivateJwk {
  return generatePrivateJwk(nodeCrypto);
}

export function publicPart({ kty, crv, x, y }: EcPublicJwk): EcPublicJwk {
  return { kty, crv, x, y };
}

export function makeDemoKeys(nowSeconds: number): DemoKeys {
  const signing = (): KeyFile => {
    const jwk = newPrivateJwk();
    return { ...jwk, kid: jwsKid(jwk, crypto), use: 'sig' };
  };
  const issuing = (): KeyFile => {
    const jwk = newPrivateJwk();
    return { ...jwk, kid: issuerKid(jwk, crypto), use: 'sig' };
  };
  return {
    root1: signing(),
    root2: signing(),
    issuerWechat: issuing(),
    issuerAlipay: issuing(),
    ops: signing(),
    deviceCa: signing(),
    device: signing(),
    ground: signing(),
    enc: { ...newPrivateJwk(), kid: encryptionKid(nowSeconds), use: 'enc' },
  };
}

/** `9c-enc-2026q4` */
function encryptionKid(nowSeconds: number): string {
  const now = new Date(nowSeconds * 1000);
  const quarter = Math.floor(now.getUTCMonth() / 3) + 1;
  return `9c-enc-${now.getUTCFullYear().toString()}q${quarter.toString()}`;
}

export function composeTrustList(keys: DemoKeys, nowSeconds: number): TrustList {
  const timed = (key: KeyFile, days: number): TrustList['ops'][number] => ({
    kid: key.kid,
    jwk: publicPart(key),
    nbf: nowSeconds - 10 * DAY,
    exp: nowSeconds + days * DAY,
  });
  const issuer = (key: KeyFile, wallet: number): TrustList['issuers'][number] => ({
    ...timed(key, 39),
    suite: 1,
    iss: DEMO_TERMINAL.airline,
    wallets: [wallet],
    carriers: [DEMO_TERMINAL.airline],
    maxCum: { 156: 100_000 },
  });
  return {
    v: 1,
    airline: DEMO_TERMINAL.airline,
    version: 412,
    issuedAt: nowSeconds - DAY,
    expires: nowSeconds + 30 * DAY,
    issuers: [issuer(keys.issuerWechat, 1), issuer(keys.issuerAlipay, 2)],
    ops: [timed(keys.ops, 80)],
    deviceCa: [timed(keys.deviceCa, 720)],
    ground: [timed(keys.ground, 355)],
    enc: [{ kid: keys.enc.kid, jwk: publicPart(keys.enc) }],
    revokedKids: [],
    revokedDevices: [],
  };
}

export function signTrustList(list: TrustList, root: EcPrivateJwk): string {
  return signJsonJws('cp-trust+jws', list, signerFromJwk(nodeCrypto, root), crypto);
}

export function signDeviceCertificate(keys: DemoKeys, nowSeconds: number): string {
  const certificate: DeviceCertificate = {
    v: 1,
    dev: DEMO_TERMINAL.dev,
    ep: DEMO_TERMINAL.epoch,
    jwk: publicPart(keys.device),
    nbf: nowSeconds - DAY,
    exp: nowSeconds + 364 * DAY,
    roles: ['till'],
    airline: DEMO_TERMINAL.airline,
  };
  return signJsonJws('cp-dev+jws', certificate, signerFromJwk(nodeCrypto, keys.deviceCa), crypto);
}
