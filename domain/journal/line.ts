import * as v from 'valibot';
import type { Crypto, EcPublicJwk, Signer } from '../crypto/crypto.ts';
import { jwsKid } from '../crypto/thumbprint.ts';
import { decodeBase64url, encodeBase64url } from '../encoding/base64url.ts';
import { decodeUtf8, encodeUtf8 } from '../encoding/utf8.ts';
import { envelopeSchema, eventBodySchemas, isEventType, type Envelope, type JournalEvent } from './event.ts';

/** An event whose envelope is well formed but whose body has not been looked at. */
export type RawEvent = Envelope & { readonly ty: string; readonly b: unknown };

/** The first part of every line of an epoch; compared as bytes, never parsed (journal.md 5.1). */
export function lineHeader(key: EcPublicJwk, crypto: Pick<Crypto, 'sha256'>): string {
  return lineHeaderFor(jwsKid(key, crypto));
}

/** The same where the key's id is known already. */
export function lineHeaderFor(kid: string): string {
  return encodeBase64url(encodeUtf8(`{"alg":"ES256","kid":"${kid}","typ":"cpj+jws"}`));
}

/** A signed line, without the LF that ends it in a file. */
export function composeLine(event: JournalEvent, header: string, signer: Signer): string {
  const { v: version, dev, ep, seq, prev, t, mt, boot, leg, crew, tr, ty, b } = event;
  const practice = tr === undefined ? {} : { tr };
  const payload = JSON.stringify({
    v: version,
    dev,
    ep,
    seq,
    prev,
    t,
    mt,
    boot,
    leg,
    crew,
    ...practice,
    ty,
    b,
  });
  const message = `${header}.${encodeBase64url(encodeUtf8(payload))}`;
  return `${message}.${encodeBase64url(signer.sign(encodeUtf8(message)))}`;
}

/** base64url SHA-256 of a line's ASCII bytes: the `prev` of the line after it. */
export function lineHash(line: string, crypto: Pick<Crypto, 'sha256'>): string {
  return encodeBase64url(crypto.sha256(encodeUtf8(line)));
}

/** `prev` of the first line of an epoch. */
export function genesisHash(
  dev: string,
  epoch: number,
  certificate: string,
  crypto: Pick<Crypto, 'sha256'>,
): string {
  return encodeBase64url(crypto.sha256(encodeUtf8(`CPJ1|${dev}|${epoch.toString()}|${certificate}`)));
}

/** The envelope of a line, or null when it is no journal line of this version. Does not verify the signature. */
export function readEnvelope(line: string): RawEvent | null {
  const parts = line.split('.');
  if (parts.length !== 3) return null;
  const bytes = decodeBase64url(parts[1] ?? '');
  const json = bytes === null ? null : decodeUtf8(bytes);
  if (json === null) return null;
  const parsed = v.safeParse(envelopeSchema, parseJson(json));
  return parsed.success ? parsed.output : null;
}

/** The typed event, or null when its type is unknown (written by a newer till) or its body is not of its shape. */
export function readEvent(raw: RawEvent): JournalEvent | null {
  if (!isEventType(raw.ty)) return null;
  const body = v.safeParse(eventBodySchemas[raw.ty], raw.b);
  // The schema table pairs each type with its body; the type system cannot follow that through the look-up.
  return body.success ? ({ ...raw, b: body.output } as JournalEvent) : null;
}

/** The event of a line, or null for anything that is not one. Does not verify the signature. */
export function readLine(line: string): JournalEvent | null {
  const raw = readEnvelope(line);
  return raw === null ? null : readEvent(raw);
}

export function isLineSigned(line: string, header: string, key: EcPublicJwk, crypto: Crypto): boolean {
  const lastDot = line.lastIndexOf('.');
  if (!line.startsWith(`${header}.`) || lastDot <= header.length) return false;
  const signature = decodeBase64url(line.slice(lastDot + 1));
  return signature !== null && crypto.verifyEs256(key, encodeUtf8(line.slice(0, lastDot)), signature);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
