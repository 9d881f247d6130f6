// Terminals' certificates (trust.md 3.6) and what takes them back.
import { sql } from 'kysely';
import { signJsonJws } from '../../domain/crypto/compact-jws.ts';
import type { EcPublicJwk } from '../../domain/crypto/crypto.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import type { DeviceCertificate } from '../../domain/trust/device-certificate.ts';
import { inTransaction } from '../database/in-transaction.ts';
import { askForPacks, comingFlights } from '../flights/coming-flights.ts';
import type { Ground } from '../ground.ts';
import { writeAudit } from './audit.ts';
import { signerFor } from './keys.ts';
import { publishTrustList } from './trust-lists.ts';

const CERTIFICATE_LIFE_SECONDS = 365 * 86_400;

export type IssuedDevice = { readonly dev: string; readonly ep: number; readonly certificate: string };

/**
 * Certifies a terminal's public key under its next epoch. The same key again answers the certificate it has; a key that
 * another terminal has is refused: that is a cloned image (trust.md 3.6).
 */
export async function issueDeviceCertificate(
  ground: Ground,
  airline: string,
  { dev, jwk, by }: { readonly dev: string; readonly jwk: EcPublicJwk; readonly by: string },
): Promise<Result<IssuedDevice, 'device-name' | 'key-of-another-terminal' | 'device-revoked'>> {
  if (!/^[A-Z0-9-]{2,20}$/.test(dev)) return fail('device-name');
  return await inTransaction(ground, async (inside) => {
    // One certificate at a time, or two requests would get the same epoch.
    await inside.db
      .selectFrom('airline')
      .select('airline')
      .where('airline', '=', airline)
      .forNoKeyUpdate()
      .execute();
    const known = await inside.db
      .selectFrom('device')
      .select(['dev', 'ep', 'certificate', 'revoked_at_ms'])
      .where('airline', '=', airline)
      .where(sql<string>`jwk->>'x'`, '=', jwk.x)
      .where(sql<string>`jwk->>'y'`, '=', jwk.y)
      .executeTakeFirst();
    if (known !== undefined && known.dev !== dev) return fail('key-of-another-terminal');
    if (known !== undefined && known.revoked_at_ms !== null) return fail('device-revoked');
    if (known !== undefined) return ok({ dev, ep: known.ep, certificate: known.certificate });
    const last = await inside.db
      .selectFrom('device')
      .select((eb) => eb.fn.max('ep').as('ep'))
      .where('airline', '=', airline)
      .where('dev', '=', dev)
      .executeTakeFirst();
    return ok(await certify(inside, airline, { dev, ep: (last?.ep ?? 0) + 1, jwk, by }));
  });
}

async function certify(
  ground: Ground,
  airline: string,
  { dev, ep, jwk, by }: { dev: string; ep: number; jwk: EcPublicJwk; by: string },
): Promise<IssuedDevice> {
  const nowSeconds = Math.floor(ground.nowMs() / 1000);
  const { kty, crv, x, y } = jwk;
  const claims: DeviceCertificate = {
    v: 1,
    dev,
    ep,
    jwk: { kty, crv, x, y },
    nbf: nowSeconds,
    exp: nowSeconds + CERTIFICATE_LIFE_SECONDS,
    roles: ['till'],
    airline,
  };
  const { signer } = await signerFor(ground, airline, 'device-ca');
  const certificate = signJsonJws('cp-dev+jws', claims, signer, ground.crypto);
  await ground.db
    .insertInto('device')
    .values({
      airline,
      dev,
      ep,
      certificate,
      jwk: JSON.stringify(claims.jwk),
      nbf_s: claims.nbf,
      exp_s: claims.exp,
      revoked_at_ms: null,
      lost_at_ms: null,
      quarantined_at_ms: null,
      quarantine_why: null,
      last_seen_ms: null,
      app_version: null,
      pack_id: null,
      unsent_count: null,
      unsent_minor: null,
    })
    .execute();
  await writeAudit(ground, { who: by, airline, what: 'device-certified', detail: { dev, ep } });
  return { dev, ep, certificate };
}

/**
 * Takes a terminal's certificate back: it is named on a new trust list, and packs with it go out to the flights on whose
 * roster it stands. `lostAtMs`: since when nobody knows where it is; lines from before that are still genuine.
 */
export async function revokeDevice(
  ground: Ground,
  airline: string,
  device: {
    readonly dev: string;
    readonly ep: number;
    readonly by: string;
    readonly lostAtMs: number | null;
    /** For the audit trail. */
    readonly why?: string;
  },
): Promise<Result<{ readonly trustVersion: number }, 'device-unknown'>> {
  const { dev, ep, by, lostAtMs, ...said } = device;
  return await inTransaction(ground, async (inside) => {
    const { numUpdatedRows } = await inside.db
      .updateTable('device')
      .set({
        revoked_at_ms: sql<number>`coalesce(revoked_at_ms, ${inside.nowMs()}::bigint)`,
        // Since when it is lost stays known where that is not said again.
        ...(lostAtMs === null ? {} : { lost_at_ms: lostAtMs }),
      })
      .where('airline', '=', airline)
      .where('dev', '=', dev)
      .where('ep', '=', ep)
      .executeTakeFirstOrThrow();
    if (numUpdatedRows === 0n) return fail('device-unknown');
    const { version } = await publishTrustList(inside, airline);
    await writeAudit(inside, {
      who: by,
      airline,
      what: 'device-revoked',
      detail: { dev, ep, lostAtMs, ...said },
    });
    await refreshComingPacks(inside, airline);
    return ok({ trustVersion: version });
  });
}

/** Asks for new packs of all flights that have not arrived: their trust list or deny-list has changed. */
export async function refreshComingPacks(ground: Ground, airline: string): Promise<void> {
  const flights = await comingFlights(ground, airline);
  await askForPacks(
    ground,
    flights.map(({ leg }) => leg),
  );
}
