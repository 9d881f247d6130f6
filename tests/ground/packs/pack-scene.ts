// The demo airline with a flight, and passengers put straight into the database: what packs are made of.
import { randomBytes } from 'node:crypto';
import { orderNumber } from '../../../domain/bill/order-number.ts';
import { encodeUtf8 } from '../../../domain/encoding/utf8.ts';
import { readFlightPack, type FlightPack } from '../../../domain/flight-pack/flight-pack.ts';
import { readLegId } from '../../../domain/flight.ts';
import { rootsOf } from '../../../ground/airlines/keys.ts';
import { seedDemo, type SeededDemo } from '../../../ground/demo/seed-demo.ts';
import { NAME_SEAL } from '../../../ground/enrolment/personal-data.ts';
import { newestPack } from '../../../ground/packs/refresh-pack.ts';
import { readTar } from '../../../ground/packs/write-tar.ts';
import { crypto } from '../../support/keys.ts';
import { openTestGround, type TestGround } from '../../support/test-ground.ts';

export type PackScene = TestGround & { readonly demo: SeededDemo };

export async function openPackScene(): Promise<PackScene> {
  const test = await openTestGround();
  const merchants = [1, 2].map((wallet) => ({ wallet, config: {}, secrets: {} }));
  return { ...test, demo: await seedDemo(test.ground, { merchants }) };
}

/** Somebody who has enrolled; answers the cti. */
export async function putPassenger(
  { ground, demo }: Pick<PackScene, 'ground'> & { readonly demo: Pick<SeededDemo, 'leg'> },
  seat: string,
  account = `account of ${seat}`,
  leg = demo.leg,
): Promise<string> {
  const cti = randomBytes(8).toString('hex');
  const flight = readLegId(leg);
  if (flight === null) throw new Error('leg');
  await ground.db
    .insertInto('passenger')
    .values({
      cti,
      airline: '9C',
      leg,
      wallet: 1,
      order_number: orderNumber(flight, cti),
      seat,
      seq: 1,
      tier: 0,
      cum_minor: 30_000,
      per_sale_minor: 20_000,
      max_sales: 10,
      static_minor: 20_000,
      holder_jwk: null,
      holder_class: 0,
      name_sealed: ground.seal.seal(NAME_SEAL, encodeUtf8('WA**/J')),
      account_sealed: null,
      account_hash: ground.seal.hashAccount('9C', 1, account),
      cred: new Uint8Array(8),
      status: 'enrolled',
      refused_why: null,
      token_hash: cti,
      wallet_state: null,
      language: 'en',
      consent_version: 1,
      consented_at_ms: ground.nowMs(),
      enrolled_at_ms: ground.nowMs(),
      purged_at_ms: null,
    })
    .execute();
  return cti;
}

/** The flight's newest pack as a till reads it. */
export async function readNewestPack(
  { ground, clock }: Pick<PackScene, 'ground' | 'clock'>,
  leg: string,
): Promise<FlightPack> {
  const pack = await newestPack(ground, leg);
  if (pack === null) throw new Error('no pack');
  const read = readFlightPack(await readTar(pack.bytes), {
    roots: await rootsOf(ground, '9C'),
    airline: '9C',
    nowSeconds: Math.floor(clock.nowMs / 1000),
    crypto,
  });
  if (!read.ok) throw new Error(`${read.error.file}: ${read.error.why}`);
  return read.value;
}
