// The shapes of a cabin code (protocol CP1) before and after verification.
import type { EcPublicJwk } from '../crypto/crypto.ts';
import type { FlightLeg } from '../flight.ts';
import type { WalletNumber } from '../wallet.ts';

export const CABIN_CODE_ERRORS = [
  'FORMAT',
  'SIZE',
  'CBOR',
  'ALG',
  'UNKNOWN_ISSUER',
  'BAD_SIGNATURE',
  'SCHEMA',
  'VERSION',
  'ISSUER_SCOPE',
  'ISSUER_KEY_TIME',
  'LIFETIME',
  'NOT_YET',
  'EXPIRED',
  'GATE',
  'WRONG_FLIGHT',
  'DENIED',
  'PROOF',
  'PROOF_OLD',
  'PROOF_FUTURE',
  'REPLAY',
  'STATIC_FORBIDDEN',
] as const;

export type CabinCodeError = (typeof CABIN_CODE_ERRORS)[number];

/** How the passenger showed the credential: with no proof, with a proof of now, or with a proof over an amount. */
export type PresentationMode = 'static' | 'dynamic' | 'confirmed';

/** An issuer key in the trust list and what it may sign (trust.md 3.2). Times in epoch seconds. */
export type IssuerKey = {
  readonly kid: string;
  readonly jwk: EcPublicJwk;
  readonly iss: string;
  readonly nbf: number;
  readonly exp: number;
  readonly wallets: readonly WalletNumber[];
  readonly carriers: readonly string[];
  /** Largest cumulative limit by ISO 4217 numeric code, minor units. */
  readonly maxCum: Readonly<Record<string, number>>;
};

/** Claims of the signed part (cabin-code.md 2.2). Times in epoch seconds, amounts in minor units. */
export type Credential = {
  readonly iss: string;
  readonly exp: number;
  readonly nbf: number;
  readonly iat: number;
  /** 16 hexadecimal digits; random per leg, never an account. */
  readonly cti: string;
  readonly holderKey: { readonly x: Uint8Array; readonly isYOdd: boolean } | null;
  readonly version: number;
  readonly wallet: WalletNumber;
  readonly flight: FlightLeg;
  readonly seat: string;
  readonly sequence: number;
  readonly limits: {
    readonly currencyNumeric: number;
    readonly cumMinor: number;
    readonly perSaleMinor: number;
    readonly maxSales: number;
  };
  readonly staticCumMinor: number;
  readonly tier: number;
  readonly gate: number;
  readonly holderClass: number;
  readonly maskedName: string | null;
};

/** The amount a passenger agreed to on the phone, bound to the till's challenge. */
export type AmountBinding = {
  readonly amountMinor: number;
  readonly currencyNumeric: number;
  readonly challenge: Uint8Array;
};

export type HolderProof = {
  readonly at: number;
  readonly nonce: Uint8Array;
  readonly signature: Uint8Array;
  readonly binding: AmountBinding | null;
};

export type VerifiedCode = {
  readonly mode: PresentationMode;
  readonly credential: Credential;
  /** Epoch seconds of the proof, null for a static code. */
  readonly provedAt: number | null;
  readonly binding: AmountBinding | null;
};

/** A refusal; the credential is there once its issuer's signature and shape have been verified. */
export type CodeRefusal = { readonly code: CabinCodeError; readonly credential: Credential | null };
