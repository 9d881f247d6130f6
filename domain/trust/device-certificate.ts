// The certificate the device CA signs for one terminal and epoch (trust.md 3.1, 3.6).
import * as v from 'valibot';
import { peekJsonJws, verifyJsonJws, type JwsFault } from '../crypto/compact-jws.ts';
import type { Crypto } from '../crypto/crypto.ts';
import { fail, ok, type Result } from '../result.ts';
import { keysValidAt, publicJwkSchema, type TrustList } from './trust-list.ts';

const seconds = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

// Strict: a certificate that carries roots, addresses or anything else is refused (threats.md 35).
export const deviceCertificateSchema = v.strictObject({
  v: v.literal(1),
  dev: v.pipe(v.string(), v.regex(/^[A-Z0-9-]{2,20}$/)),
  ep: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(999_999)),
  jwk: publicJwkSchema,
  nbf: seconds,
  exp: seconds,
  roles: v.array(v.picklist(['till'])),
  airline: v.pipe(v.string(), v.regex(/^[A-Z0-9]{2,3}$/)),
});

export type DeviceCertificate = v.InferOutput<typeof deviceCertificateSchema>;
export type CertificateFault = JwsFault | 'bad-shape' | 'other-airline' | 'not-valid-now' | 'revoked';

/** `T-0042#3`: how a trust list names a revoked terminal and epoch. */
export function deviceName(dev: string, epoch: number): string {
  return `${dev}#${epoch.toString()}`;
}

/** A certificate the trust list vouches for at `atSeconds`. */
export function readDeviceCertificate(
  text: string,
  trust: TrustList,
  atSeconds: number,
  crypto: Crypto,
): Result<DeviceCertificate, CertificateFault> {
  const peeked = peekJsonJws(text.trim());
  if (!peeked.ok) return peeked;
  const shape = v.safeParse(deviceCertificateSchema, peeked.value);
  const issuedAt = shape.success ? shape.output.nbf : atSeconds;
  // The CA key must have been valid when it signed; the certificate's own dates say how long that lasts.
  const verified = verifyJsonJws(text.trim(), 'cp-dev+jws', keysValidAt(trust.deviceCa, issuedAt), crypto);
  if (!verified.ok) return verified;
  const parsed = v.safeParse(deviceCertificateSchema, verified.value);
  if (!parsed.success) return fail('bad-shape');
  const certificate = parsed.output;
  if (certificate.airline !== trust.airline) return fail('other-airline');
  if (trust.revokedDevices.includes(deviceName(certificate.dev, certificate.ep))) return fail('revoked');
  if (atSeconds < certificate.nbf || atSeconds > certificate.exp) return fail('not-valid-now');
  return ok(certificate);
}
