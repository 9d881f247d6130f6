// Another airline whose passengers may buy here: its issuer's key goes onto this airline's own list, signed by its own
// root, with what the key may sign here. No chain of roots ever reaches a terminal (cabin-code.md 2.3).
import type { EcPublicJwk } from '../../domain/crypto/crypto.ts';
import { issuerKid } from '../../domain/crypto/thumbprint.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { inTransaction } from '../database/in-transaction.ts';
import type { IssuerScope } from '../database/tables.ts';
import type { Ground } from '../ground.ts';
import { writeAudit } from './audit.ts';
import { refreshComingPacks } from './devices.ts';
import { addKey } from './keys.ts';
import { publishTrustList } from './trust-lists.ts';

export type PartnerIssuer = {
  readonly jwk: EcPublicJwk;
  readonly scope: IssuerScope;
  /** Epoch seconds: the partner's own. */
  readonly nbf: number;
  readonly exp: number;
};

export async function importPartnerIssuer(
  ground: Ground,
  airline: string,
  { jwk, scope, nbf, exp }: PartnerIssuer,
  by: string,
): Promise<
  Result<{ readonly kid: string; readonly trustVersion: number }, 'own-name' | 'scope-empty' | 'key-known'>
> {
  // A partner that signed as us could make codes for our own passengers.
  if (scope.iss === airline) return fail('own-name');
  if (scope.wallets.length === 0 || scope.carriers.length === 0) return fail('scope-empty');
  return await inTransaction(ground, async (inside) => {
    // Its scope and dates stay as they were imported; a revoked key does not come back.
    if (await isOnRecord(inside, airline, issuerKid(jwk, inside.crypto))) return fail('key-known');
    const kid = await addKey(inside, airline, { purpose: 'issuer', scope, jwk, private: null, nbf, exp });
    const { version } = await publishTrustList(inside, airline);
    await writeAudit(inside, {
      who: by,
      airline,
      what: 'partner-issuer-imported',
      detail: { kid, iss: scope.iss },
    });
    await refreshComingPacks(inside, airline);
    return ok({ kid, trustVersion: version });
  });
}

async function isOnRecord({ db }: Ground, airline: string, kid: string): Promise<boolean> {
  const found = await db
    .selectFrom('signing_key')
    .select('kid')
    .where('airline', '=', airline)
    .where('kid', '=', kid)
    .executeTakeFirst();
  return found !== undefined;
}
