// A flight pack whose signature, hashes, shapes and texts have all been checked; nothing of it is used before.
import * as v from 'valibot';
import { catalogueSchema, type Catalogue } from '../catalogue/catalogue.ts';
import { verifyJsonJws } from '../crypto/compact-jws.ts';
import type { Crypto, EcPublicJwk } from '../crypto/crypto.ts';
import { encodeBase64url } from '../encoding/base64url.ts';
import { decodeUtf8 } from '../encoding/utf8.ts';
import { readLegId, type FlightLeg } from '../flight.ts';
import { DEFAULT_FLIGHT_LIMITS, FLIGHT_PACK, type FlightLimits } from '../limits.ts';
import { promotionsSchema, type Promotion } from '../promotion/promotion.ts';
import { fail, ok, type Result } from '../result.ts';
import { keysValidAt, readTrustList, type TrustList } from '../trust/trust-list.ts';
import { readIdList, type IdList } from './id-list.ts';
import {
  crewSchema,
  packManifestSchema,
  passengersSchema,
  REQUIRED_MEMBERS,
  type CrewMember,
  type ListedPassenger,
  type PackManifest,
  type RequiredMember,
} from './manifest.ts';
import { findTextFault } from '../text/clean-text.ts';

export type FlightPack = {
  readonly manifest: PackManifest;
  /** base64url SHA-256 of manifest.jws. */
  readonly manifestHash: string;
  readonly leg: FlightLeg;
  readonly trust: TrustList;
  readonly deny: IdList;
  readonly allow: IdList;
  readonly catalogue: Catalogue;
  readonly promotions: readonly Promotion[];
  readonly passengers: readonly ListedPassenger[];
  readonly crew: readonly CrewMember[];
  readonly limits: FlightLimits;
};

/** Which member of a pack is wrong, and how. */
export type PackFault = { readonly file: string; readonly why: string };

export type PackReader = {
  readonly roots: readonly EcPublicJwk[];
  readonly airline: string | null;
  readonly nowSeconds: number;
  readonly crypto: Crypto;
};

/** Verifies an unpacked flight pack as a whole; the first thing wrong refuses all of it (trust.md 3.3). */
export function readFlightPack(
  members: ReadonlyMap<string, Uint8Array>,
  reader: PackReader,
): Result<FlightPack, PackFault> {
  const trust = readTrust(members, reader);
  if (!trust.ok) return trust;
  const manifestBytes = members.get('manifest.jws');
  // A clock before a signed date is wrong; the keys are asked about a time that can be true (trust.md 3.4).
  const atSeconds = Math.max(reader.nowSeconds, trust.value.issuedAt);
  const manifest = readManifest(manifestBytes, trust.value, { ...reader, nowSeconds: atSeconds });
  if (!manifest.ok) return manifest;
  const fault = findMemberFault(members, manifest.value, reader.crypto);
  if (fault !== null) return fail(fault);
  const leg = readLegId(manifest.value.leg);
  if (leg === null) return fail({ file: 'manifest.jws', why: 'leg' });
  const contents = readContents(members);
  if (!contents.ok) return contents;
  const { limits } = manifest.value;
  return ok({
    manifest: manifest.value,
    manifestHash: encodeBase64url(reader.crypto.sha256(manifestBytes ?? new Uint8Array(0))),
    leg,
    trust: trust.value,
    ...contents.value,
    limits: {
      ...DEFAULT_FLIGHT_LIMITS,
      ...(Object.fromEntries(Object.entries(limits)) as Partial<FlightLimits>),
    },
  });
}

function readTrust(
  members: ReadonlyMap<string, Uint8Array>,
  reader: PackReader,
): Result<TrustList, PackFault> {
  const text = decodeUtf8(members.get('trust.jws') ?? new Uint8Array(0)) ?? '';
  const trust = readTrustList(text, reader);
  return trust.ok ? trust : fail({ file: 'trust.jws', why: trust.error });
}

function readManifest(
  bytes: Uint8Array | undefined,
  trust: TrustList,
  { nowSeconds, crypto }: PackReader,
): Result<PackManifest, PackFault> {
  const file = 'manifest.jws';
  if (bytes === undefined) return fail({ file, why: 'missing' });
  if (bytes.length > FLIGHT_PACK.maxManifestBytes) return fail({ file, why: 'too-large' });
  const verified = verifyJsonJws(
    (decodeUtf8(bytes) ?? '').trim(),
    'cpk+jws',
    keysValidAt(trust.ops, nowSeconds),
    crypto,
  );
  if (!verified.ok) return fail({ file, why: verified.error });
  const parsed = v.safeParse(packManifestSchema, verified.value);
  if (!parsed.success) return fail({ file, why: describeIssue(parsed.issues) });
  if (parsed.output.airline !== trust.airline) return fail({ file, why: 'other-airline' });
  const labels = [parsed.output.airlineName, ...Object.values(parsed.output.cities)].flatMap(({ zh, en }) => [
    zh,
    en,
  ]);
  const texts = [...labels, ...Object.values(parsed.output.merchants)];
  return texts.some((text) => findTextFault(text, 40) !== null)
    ? fail({ file, why: 'text' })
    : ok(parsed.output);
}

function findMemberFault(
  members: ReadonlyMap<string, Uint8Array>,
  manifest: PackManifest,
  crypto: Crypto,
): PackFault | null {
  const listed = new Set(manifest.files.map((file) => file.name));
  if (listed.size !== manifest.files.length) return { file: 'manifest.jws', why: 'listed-twice' };
  for (const name of REQUIRED_MEMBERS) if (!listed.has(name)) return { file: name, why: 'missing' };
  for (const name of members.keys()) {
    if (name !== 'manifest.jws' && !listed.has(name)) return { file: name, why: 'not-listed' };
  }
  for (const { name, size, sha256 } of manifest.files) {
    const bytes = members.get(name);
    if (bytes === undefined) return { file: name, why: 'missing' };
    if (bytes.length !== size) return { file: name, why: 'size' };
    if (encodeBase64url(crypto.sha256(bytes)) !== sha256) return { file: name, why: 'hash' };
  }
  return null;
}

type PackContents = Pick<FlightPack, 'deny' | 'allow' | 'catalogue' | 'promotions' | 'passengers' | 'crew'>;

function readContents(members: ReadonlyMap<string, Uint8Array>): Result<PackContents, PackFault> {
  const deny = readIds(members, 'deny.bin');
  if (!deny.ok) return deny;
  const allow = readIds(members, 'allow.bin');
  if (!allow.ok) return allow;
  const catalogue = readMember(members, 'catalog.json', catalogueSchema);
  if (!catalogue.ok) return catalogue;
  const promotions = readMember(members, 'promotions.json', promotionsSchema);
  if (!promotions.ok) return promotions;
  const passengers = readMember(members, 'passengers.json', passengersSchema);
  if (!passengers.ok) return passengers;
  const unknown = findUnknownPreorder(passengers.value.passengers, catalogue.value);
  if (unknown !== null) return fail(unknown);
  const crew = readMember(members, 'crew.json', crewSchema);
  if (!crew.ok) return crew;
  if (crew.value.crew.some((member) => findTextFault(member.name, 30) !== null)) {
    return fail({ file: 'crew.json', why: 'text' });
  }
  return ok({
    deny: deny.value,
    allow: allow.value,
    catalogue: catalogue.value,
    promotions: promotions.value.promotions,
    passengers: passengers.value.passengers,
    crew: crew.value.crew,
  });
}

/** A pre-order of something that is not sold on this flight. */
function findUnknownPreorder(passengers: readonly ListedPassenger[], { items }: Catalogue): PackFault | null {
  const skus = new Set(items.map(({ sku }) => sku));
  for (const [i, { preorders = [] }] of passengers.entries()) {
    const at = preorders.findIndex(({ sku }) => !skus.has(sku));
    if (at < 0) continue;
    const place = `passengers.${i.toString()}.preorders.${at.toString()}.sku`;
    const why = `${place}: ${preorders[at]?.sku ?? ''} is not in the catalogue`;
    return { file: 'passengers.json', why };
  }
  return null;
}

function readIds(members: ReadonlyMap<string, Uint8Array>, file: RequiredMember): Result<IdList, PackFault> {
  const list = readIdList(members.get(file) ?? new Uint8Array(0));
  return list.ok ? list : fail({ file, why: list.error });
}

function readMember<Schema extends v.GenericSchema>(
  members: ReadonlyMap<string, Uint8Array>,
  file: RequiredMember,
  schema: Schema,
): Result<v.InferOutput<Schema>, PackFault> {
  const text = decodeUtf8(members.get(file) ?? new Uint8Array(0));
  if (text === null) return fail({ file, why: 'not-utf-8' });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return fail({ file, why: 'not-json' });
  }
  const parsed = v.safeParse(schema, json);
  return parsed.success ? ok(parsed.output) : fail({ file, why: describeIssue(parsed.issues) });
}

/** `items.3.zh: text is empty, …`: where the first thing wrong stands. */
function describeIssue(issues: readonly v.BaseIssue<unknown>[]): string {
  const [issue] = issues;
  if (issue === undefined) return 'shape';
  return `${v.getDotPath(issue) ?? 'whole'}: ${issue.message}`.slice(0, 160);
}
