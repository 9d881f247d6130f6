/** The public half of a P-256 key as RFC 7517 JWK. Every key of the product is on this curve. */
export type EcPublicJwk = {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
};

/** A key pair as JWK; `d` is the secret. */
export type EcPrivateJwk = EcPublicJwk & { readonly d: string };

/** The cryptography the rules need, passed in so that this room stays free of any runtime. */
export type Crypto = {
  readonly sha256: (bytes: Uint8Array) => Uint8Array;
  /** ES256 over `data`; signature as r || s. False, never a throw, for anything malformed. */
  readonly verifyEs256: (key: EcPublicJwk, data: Uint8Array, signature: Uint8Array) => boolean;
  /** The full point of a compressed P-256 key, or null when `x` is not on the curve. */
  readonly decompressP256: (x: Uint8Array, isYOdd: boolean) => EcPublicJwk | null;
};

/** Something that signs ES256 (r || s) with a key it keeps to itself. */
export type Signer = {
  readonly publicJwk: EcPublicJwk;
  readonly sign: (data: Uint8Array) => Uint8Array;
};
