// `codes.json`: a cabin code of every kind a crew may be shown, as input for `check-codes`.
import * as nodeCrypto from 'node:crypto';
import { encodeBase45 } from '../../domain/encoding/base45.ts';
import { encodeUtf8 } from '../../domain/encoding/utf8.ts';
import {
  composeDynamicCode,
  composeStaticCode,
  type CredentialClaims,
} from '../../domain/cabin-code/issue-cabin-code.ts';
import { cryptoFromNode, signerFromJwk } from '../../domain/crypto/node-crypto.ts';
import type { TrustList } from '../../domain/trust/trust-list.ts';
import type { DemoFlight } from './demo-flight.ts';
import { newPrivateJwk, type DemoKeys } from './demo-keys.ts';
import { signCredential, type DemoPerson } from './demo-people.ts';

const crypto = cryptoFromNode(nodeCrypto);

export type CodeCase = {
  readonly name: string;
  readonly qr: string;
  readonly expect: string;
  readonly denied?: readonly string[];
  readonly lastTs?: Readonly<Record<string, number>>;
};

type Maker = {
  readonly person: DemoPerson;
  readonly nowSeconds: number;
  readonly keys: DemoKeys;
};

export function composeCodes(
  people: readonly DemoPerson[],
  flight: DemoFlight,
  trust: TrustList,
  keys: DemoKeys,
  nowSeconds: number,
): unknown {
  const { carrier, number, departureDay, origin, destination } = flight.leg;
  return {
    note: 'Input for check-codes: one code of every kind; expect is the accepted mode or the error code.',
    now: nowSeconds,
    flight: [carrier, number, departureDay, origin, destination],
    trust: trust.issuers,
    cases: composeCases(people, keys, nowSeconds),
  };
}

function composeCases(people: readonly DemoPerson[], keys: DemoKeys, nowSeconds: number): CodeCase[] {
  const person = mustFind(
    people,
    (one) => one.holder !== null && one.claims.wallet === 1 && one.claims.staticCumMinor > 0,
  );
  const maker: Maker = { person, nowSeconds, keys };
  return [
    ...acceptedCases(people, maker),
    ...proofCases(people, maker),
    ...credentialCases(maker),
    ...foreignCases(people, maker),
  ];
}

function mustFind(people: readonly DemoPerson[], matches: (person: DemoPerson) => boolean): DemoPerson {
  const found = people.find(matches);
  if (found === undefined) throw new Error('the demo flight lacks a kind of passenger');
  return found;
}

function acceptedCases(people: readonly DemoPerson[], { person, nowSeconds }: Maker): CodeCase[] {
  const paper = mustFind(people, (one) => one.holder === null);
  const alipay = mustFind(people, (one) => one.holder !== null && one.claims.wallet === 2);
  return [
    { name: 'phone code, WeChat', qr: showPhone(person, nowSeconds), expect: 'dynamic' },
    { name: 'phone code, Alipay', qr: showPhone(alipay, nowSeconds), expect: 'dynamic' },
    { name: 'amount confirmed on the phone', qr: confirmAmount(person, nowSeconds), expect: 'confirmed' },
    { name: 'saved picture of a phone code', qr: person.staticCode, expect: 'static' },
    { name: 'printed code', qr: paper.staticCode, expect: 'static' },
  ];
}

function proofCases(people: readonly DemoPerson[], { person, nowSeconds }: Maker): CodeCase[] {
  const strict = mustFind(people, (one) => one.claims.staticCumMinor === 0);
  const { cti } = person.claims;
  const stranger: DemoPerson = { ...person, holder: newPrivateJwk() };
  return [
    { name: 'screenshot of two minutes ago', qr: showPhone(person, nowSeconds - 120), expect: 'PROOF_OLD' },
    {
      name: 'phone clock two minutes ahead',
      qr: showPhone(person, nowSeconds + 120),
      expect: 'PROOF_FUTURE',
    },
    {
      name: 'same code twice',
      qr: showPhone(person, nowSeconds),
      expect: 'REPLAY',
      lastTs: { [cti]: nowSeconds },
    },
    { name: 'proof by another phone', qr: showPhone(stranger, nowSeconds), expect: 'PROOF' },
    { name: 'picture of a code that needs its phone', qr: strict.staticCode, expect: 'STATIC_FORBIDDEN' },
  ];
}

function credentialCases({ person, nowSeconds, keys }: Maker): CodeCase[] {
  const changed = (name: string, change: Partial<CredentialClaims>, expected: string): CodeCase => ({
    name,
    qr: composeStaticCode(signCredential({ ...person.claims, ...change }, person.holder, keys.issuerWechat)),
    expect: expected,
  });
  const { flight, limits } = person.claims;
  const back = { origin: flight.destination, destination: flight.origin };
  return [
    changed('expired', { nbf: nowSeconds - 40 * 3600, exp: nowSeconds - 3600 }, 'EXPIRED'),
    changed('not yet valid', { nbf: nowSeconds + 3600, exp: nowSeconds + 20 * 3600 }, 'NOT_YET'),
    changed('lives longer than 48 hours', { exp: person.claims.nbf + 49 * 3600 }, 'LIFETIME'),
    changed('return flight', { flight: { ...flight, ...back, number: 8836 } }, 'WRONG_FLIGHT'),
    changed(
      'same flight yesterday',
      { flight: { ...flight, departureDay: flight.departureDay - 1 } },
      'WRONG_FLIGHT',
    ),
    changed('allowance above the issuer’s', { limits: { ...limits, cumMinor: 200_000 } }, 'ISSUER_SCOPE'),
    changed('issuer of another wallet', { wallet: 2 }, 'ISSUER_SCOPE'),
    changed('score gate not passed', { gate: 0 }, 'GATE'),
    changed('issued before the issuer’s key', { iat: nowSeconds - 60 * 86_400 }, 'ISSUER_KEY_TIME'),
  ];
}

function foreignCases(people: readonly DemoPerson[], { person, nowSeconds }: Maker): CodeCase[] {
  const denied = mustFind(people, (one) => one.isDenied);
  const foreign = signCredential(person.claims, person.holder, newPrivateJwk());
  const flipped = Uint8Array.from(person.cred, (byte, i) => (i === 40 ? byte ^ 1 : byte));
  return [
    {
      name: 'on the deny-list',
      qr: showPhone(denied, nowSeconds),
      expect: 'DENIED',
      denied: [denied.claims.cti],
    },
    { name: 'issuer nobody knows', qr: composeStaticCode(foreign), expect: 'UNKNOWN_ISSUER' },
    { name: 'altered after signing', qr: composeStaticCode(flipped), expect: 'BAD_SIGNATURE' },
    {
      name: 'health certificate',
      qr: `HC1:${encodeBase45(encodeUtf8('a health certificate'))}`,
      expect: 'FORMAT',
    },
    { name: 'payment code', qr: '134567890123456789', expect: 'FORMAT' },
    {
      name: 'boarding pass',
      qr: 'M1WANG/JIE            EABC123 SHACTU9C 8835 326Y012C0012 100',
      expect: 'FORMAT',
    },
    { name: 'nothing', qr: '', expect: 'FORMAT' },
  ];
}

function showPhone({ cred, holder }: DemoPerson, atSeconds: number): string {
  if (holder === null) throw new Error('only a phone proves its presence');
  const proof = { at: atSeconds, nonce: new Uint8Array(nodeCrypto.randomBytes(4)) };
  return composeDynamicCode(cred, proof, signerFromJwk(nodeCrypto, holder), crypto);
}

function confirmAmount({ cred, holder }: DemoPerson, atSeconds: number): string {
  if (holder === null) throw new Error('only a phone confirms an amount');
  const binding = {
    amountMinor: 8990,
    currencyNumeric: 156,
    challenge: new Uint8Array(nodeCrypto.randomBytes(4)),
  };
  const proof = { at: atSeconds, nonce: new Uint8Array(nodeCrypto.randomBytes(4)), binding };
  return composeDynamicCode(cred, proof, signerFromJwk(nodeCrypto, holder), crypto);
}
