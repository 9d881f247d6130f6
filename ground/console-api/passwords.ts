// Console passwords: scrypt with the cost trust.md 3.7 chose (N = 2^16, r = 8, p = 1: 0.2 s and 64 MiB a try).
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

export type PasswordHash = {
  readonly N: number;
  readonly r: number;
  readonly p: number;
  readonly salt: string;
  readonly hash: string;
};

export const PASSWORD_MIN_LENGTH = 10;

const COST = { N: 65_536, r: 8, p: 1 };
const HASH_BYTES = 32;
const MAX_MEMORY = 128 * 1024 * 1024;

/** Each try takes 64 MiB: two at a time, so that a flood of sign-ins cannot take the machine's memory. */
const AT_ONCE = 2;
let running = 0;
const waiting: (() => void)[] = [];

export async function hashPassword(password: string): Promise<PasswordHash> {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, COST);
  return { ...COST, salt: salt.toString('base64url'), hash: hash.toString('base64url') };
}

/** Takes as long for a user that does not exist (`kept` null) as for one that does. */
export async function isPassword(password: string, kept: PasswordHash | null): Promise<boolean> {
  const salt = kept === null ? Buffer.alloc(16) : Buffer.from(kept.salt, 'base64url');
  const derived = await derive(password, salt, kept ?? COST);
  if (kept === null) return false;
  const expected = Buffer.from(kept.hash, 'base64url');
  return expected.length === derived.length && timingSafeEqual(expected, derived);
}

async function derive(
  password: string,
  salt: Uint8Array,
  { N, r, p }: { readonly N: number; readonly r: number; readonly p: number },
): Promise<Buffer> {
  await takeTurn();
  try {
    return await new Promise((resolve, reject) => {
      scrypt(password.normalize('NFKC'), salt, HASH_BYTES, { N, r, p, maxmem: MAX_MEMORY }, (error, key) => {
        if (error === null) resolve(key);
        else reject(error);
      });
    });
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}

async function takeTurn(): Promise<void> {
  while (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  running += 1;
}
