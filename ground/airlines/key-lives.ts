import type { KeyPurpose } from '../database/tables.ts';

const DAY = 86_400;

/** How long a new key of each kind is valid, in seconds (trust.md 3.1). */
export const KEY_LIFE_SECONDS: Readonly<Record<KeyPurpose, number>> = {
  root: 3650 * DAY,
  // Signs for 35 days; what it signed is believed for 14 more.
  issuer: 49 * DAY,
  ops: 90 * DAY,
  'device-ca': 730 * DAY,
  ground: 365 * DAY,
  enc: 90 * DAY,
};

/** A key stops signing this long before it ends, so that what it signed last can still be used. */
export const LAST_USE_BEFORE_END_SECONDS: Readonly<Record<KeyPurpose, number>> = {
  root: 0,
  issuer: 14 * DAY,
  ops: 0,
  'device-ca': 0,
  ground: 0,
  enc: 0,
};

/** How long an ended key stays on the trust list because something it signed is still to be checked. */
export const LISTED_AFTER_END_SECONDS: Readonly<Record<KeyPurpose, number>> = {
  root: 0,
  issuer: 3 * DAY,
  ops: 3 * DAY,
  // Certificates live for a year and outlive the key that signed them.
  'device-ca': 366 * DAY,
  ground: 396 * DAY,
  enc: 0,
};

/** A new key counts from a little before it was made: clocks differ. */
export const KEY_BEFORE_SECONDS = 3600;
