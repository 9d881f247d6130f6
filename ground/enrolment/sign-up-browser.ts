// Ties a sign-up to the browser it was begun in. Without it, whoever begins one with a phone of their own and sends
// somebody else the link to the wallet has a code for which that person pays (OAuth calls it login fixation).
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Ground } from '../ground.ts';

type Site = Pick<Ground, 'seal' | 'publicAddress'>;

const PURPOSE = 'sign-up-browser';

/**
 * The `Set-Cookie` that goes with a sign-up. One name per sign-up: two people may be signing up on one phone. Its value
 * follows from the state under a key of ground's own, so that nothing need be stored, and nobody who has the state, the
 * database or another sign-up's cookie can make it.
 */
export function browserCookie(site: Site, state: string, lifeMs: number): string {
  const parts = [
    `${nameOf(state)}=${site.seal.keyedHash(PURPOSE, state)}`,
    `Max-Age=${Math.floor(lifeMs / 1000).toString()}`,
    // Where wallets lead back to; nowhere else is it sent.
    'Path=/wallets/',
    'HttpOnly',
    // Not Strict: the way back begins at the wallet's site.
    'SameSite=Lax',
  ];
  return [...parts, ...(site.publicAddress.startsWith('https:') ? ['Secure'] : [])].join('; ');
}

/** Whether what a browser sent along (its `Cookie` header) has the cookie of the sign-up of this state. */
export function isSameBrowser({ seal }: Site, header: string | undefined, state: string): boolean {
  const wanted = Buffer.from(`${nameOf(state)}=${seal.keyedHash(PURPOSE, state)}`);
  return (header ?? '').split(';').some((pair) => {
    const shown = Buffer.from(pair.trim());
    return shown.length === wanted.length && timingSafeEqual(shown, wanted);
  });
}

/** Tells sign-ups apart without showing the state again. */
function nameOf(state: string): string {
  return `signup_${createHash('sha256').update(state).digest('hex').slice(0, 16)}`;
}
