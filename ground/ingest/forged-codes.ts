// threats.md 12: with a stolen issuer key anybody can sign a code that names a passenger who has enrolled, over a key of
// their own or with higher limits. What ground issued to that passenger tells the two apart.
import type { Kysely } from 'kysely';
import type { Credential } from '../../domain/cabin-code/cabin-code.ts';
import { openAcceptedCredential } from '../../domain/cabin-code/open-credential.ts';
import type { EcPublicJwk } from '../../domain/crypto/crypto.ts';
import { decodeBase64url, encodeBase64url } from '../../domain/encoding/base64url.ts';
import type { JournalEvent } from '../../domain/journal/event.ts';
import type { Tables } from '../database/tables.ts';

/** The seqs of accepted codes that are not what their passenger was given. Codes of nobody we know are not among them. */
export async function findForgedCodes(
  db: Kysely<Tables>,
  airline: string,
  events: readonly JournalEvent[],
): Promise<ReadonlySet<number>> {
  const shown = events.flatMap((event) => {
    const credential = acceptedCredential(event);
    return credential === null ? [] : [{ seq: event.seq, credential }];
  });
  if (shown.length === 0) return new Set();
  const issued = await db
    .selectFrom('passenger')
    .select(['cti', 'holder_jwk', 'cum_minor', 'per_sale_minor', 'max_sales', 'static_minor'])
    .where('airline', '=', airline)
    .where('cti', 'in', [...new Set(shown.map(({ credential }) => credential.cti))])
    .execute();
  const issuedTo = new Map(issued.map((row) => [row.cti, row]));
  const isForged = ({ credential }: { readonly credential: Credential }): boolean => {
    const row = issuedTo.get(credential.cti);
    if (row === undefined) return false;
    const { limits, staticCumMinor, holderKey } = credential;
    return !(
      isKeyOf(holderKey, row.holder_jwk) &&
      limits.cumMinor === row.cum_minor &&
      limits.perSaleMinor === row.per_sale_minor &&
      limits.maxSales === row.max_sales &&
      staticCumMinor === row.static_minor
    );
  };
  return new Set(shown.filter(isForged).map(({ seq }) => seq));
}

function acceptedCredential(event: JournalEvent): Credential | null {
  if (event.ty !== 'CRED_SEEN' || !('qr' in event.b) || event.b.code !== undefined) return null;
  return openAcceptedCredential(event.b.qr);
}

function isKeyOf(key: Credential['holderKey'], jwk: EcPublicJwk | null): boolean {
  if (key === null || jwk === null) return key === jwk;
  const lastOfY = decodeBase64url(jwk.y)?.at(-1);
  return encodeBase64url(key.x) === jwk.x && lastOfY !== undefined && key.isYOdd === (lastOfY % 2 === 1);
}
