// Plays the passengers of a demo folder: their phones sign a fresh code whenever they are asked for one.
import * as nodeCrypto from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import type { AmountBinding } from '../../domain/cabin-code/cabin-code.ts';
import { composeDynamicCode } from '../../domain/cabin-code/issue-cabin-code.ts';
import type { EcPrivateJwk } from '../../domain/crypto/crypto.ts';
import { cryptoFromNode, signerFromJwk } from '../../domain/crypto/node-crypto.ts';
import { decodeBase64url } from '../../domain/encoding/base64url.ts';

const schema = v.object({
  passengers: v.array(
    v.object({
      seat: v.string(),
      seq: v.number(),
      name: v.nullable(v.string()),
      wallet: v.number(),
      tier: v.number(),
      cti: v.string(),
      holderClass: v.number(),
      cumMinor: v.number(),
      staticMinor: v.number(),
      listed: v.boolean(),
      denied: v.boolean(),
      cred: v.string(),
      holder: v.nullable(
        v.object({
          kty: v.literal('EC'),
          crv: v.literal('P-256'),
          x: v.string(),
          y: v.string(),
          d: v.string(),
        }),
      ),
      staticCode: v.string(),
    }),
  ),
});

export type DemoPassenger = Omit<v.InferOutput<typeof schema>['passengers'][number], 'cred' | 'holder'> & {
  readonly cred: Uint8Array;
  readonly holder: EcPrivateJwk | null;
};

const crypto = cryptoFromNode(nodeCrypto);

/** Nobody where the passengers signed up with phones of their own, as in the demo flight. */
export async function demoPassengers(dir: string): Promise<readonly DemoPassenger[]> {
  const path = join(dir, 'passengers.json');
  if (!existsSync(path)) return [];
  const { passengers } = v.parse(schema, JSON.parse(await readFile(path, 'utf8')));
  return passengers.map((passenger) => ({
    ...passenger,
    cred: decodeBase64url(passenger.cred) ?? new Uint8Array(0),
  }));
}

/**
 * The code on the phone's screen at that second; with a binding, the answer to a till that asks for an amount. Throws for
 * a passenger who has only a printed code.
 */
export function showCode(passenger: DemoPassenger, atSeconds: number, binding?: AmountBinding): string {
  if (passenger.holder === null) throw new Error(`${passenger.seat} has no phone`);
  const holder = signerFromJwk(nodeCrypto, passenger.holder);
  const nonce = Uint8Array.from(nodeCrypto.randomBytes(4));
  const proof = { at: atSeconds, nonce, ...(binding === undefined ? {} : { binding }) };
  return composeDynamicCode(passenger.cred, proof, holder, crypto);
}

/** The first passenger for whom `isWanted` holds; throws when the demo has none. */
export function pickPassenger(
  people: readonly DemoPassenger[],
  isWanted: (passenger: DemoPassenger) => boolean,
): DemoPassenger {
  const found = people.find(isWanted);
  if (found === undefined) throw new Error('no such passenger in the demo');
  return found;
}

/** Someone ordinary: listed, not denied, with a phone that signs. */
export function ordinaryPassenger(people: readonly DemoPassenger[], tier = 0): DemoPassenger {
  return pickPassenger(
    people,
    (one) => one.listed && !one.denied && one.holder !== null && one.tier === tier,
  );
}
