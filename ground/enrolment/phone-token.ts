import { createHash, randomBytes } from 'node:crypto';

/** A secret of 256 bits in URL-safe letters: the phone's token, and the state that comes back from the wallet. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** How a token is kept: who reads the database cannot speak for a phone. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** The token of `Authorization: Bearer …`, or null. */
export function readBearer(header: string | undefined): string | null {
  return /^Bearer ([A-Za-z0-9_-]{43})$/.exec(header ?? '')?.[1] ?? null;
}
