// The one composer of flight packs (trust.md 3.3): the demo's and every airline's come out of it. Nothing leaves it that
// a till would refuse: each pack is read back as a till reads it.
import * as nodeCrypto from 'node:crypto';
import * as v from 'valibot';
import type { Catalogue } from '../../domain/catalogue/catalogue.ts';
import { peekJsonJws, signJsonJws } from '../../domain/crypto/compact-jws.ts';
import type { EcPublicJwk, Signer } from '../../domain/crypto/crypto.ts';
import { cryptoFromNode } from '../../domain/crypto/node-crypto.ts';
import { encodeBase64url } from '../../domain/encoding/base64url.ts';
import { decodeHex } from '../../domain/encoding/hex.ts';
import { decodeUtf8, encodeUtf8 } from '../../domain/encoding/utf8.ts';
import { readFlightPack, type PackFault } from '../../domain/flight-pack/flight-pack.ts';
import { composeIdList } from '../../domain/flight-pack/id-list.ts';
import {
  packManifestSchema,
  type CrewMember,
  type ListedPassenger,
  type PackManifest,
} from '../../domain/flight-pack/manifest.ts';
import { FLIGHT_PACK } from '../../domain/limits.ts';
import type { Promotion } from '../../domain/promotion/promotion.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { namePlace } from './name-place.ts';
import { readTar, writeTar } from './write-tar.ts';

const crypto = cryptoFromNode(nodeCrypto);

/** A list of cti with the version under which it goes out. */
export type VersionedIds = { readonly version: number; readonly ctis: readonly string[] };

/** Everything a pack says, whoever asks for it. Times in epoch seconds. */
export type PackContents = Pick<
  PackManifest,
  | 'airline'
  | 'airlineName'
  | 'utcOffsetMinutes'
  | 'leg'
  | 'std'
  | 'sta'
  | 'n'
  | 'issuedAt'
  | 'merchants'
  | 'cities'
  | 'devices'
  | 'limits'
> & {
  readonly isDemo: boolean;
  readonly trustJws: string;
  readonly deny: VersionedIds;
  readonly allow: VersionedIds;
  readonly catalogue: Catalogue;
  readonly promotions: readonly Promotion[];
  readonly passengers: readonly ListedPassenger[];
  readonly crew: readonly CrewMember[];
  /** `stock.json` and `cabin.json`, without their `v`. */
  readonly stock: Readonly<Record<string, unknown>>;
  readonly cabin: Readonly<Record<string, unknown>>;
};

export type ComposedPack = {
  readonly fileName: string;
  readonly packId: string;
  readonly bytes: Uint8Array;
  readonly manifest: PackManifest;
};

/** The pack as a file, signed by the ops key; the first thing in it that a till would refuse refuses all of it. */
export async function composePack(
  contents: PackContents,
  ops: Signer,
  roots: readonly EcPublicJwk[],
): Promise<Result<ComposedPack, PackFault>> {
  const members = composeMembers(contents);
  const manifest = composeManifest(contents, members);
  const manifestJws = signJsonJws('cpk+jws', manifest, ops, crypto);
  const files = [['manifest.jws', encodeUtf8(manifestJws)] as const, ...members];
  const { airline, issuedAt } = contents;
  const read = readFlightPack(new Map(files), { roots, airline, nowSeconds: issuedAt, crypto });
  if (!read.ok) return fail(namePlace(read.error, contents));
  const bytes = await writeTar(files, issuedAt);
  if (bytes.length > FLIGHT_PACK.maxBytes) return fail({ file: 'whole', why: 'too-large' });
  return ok({ fileName: packFileName(contents.leg, contents.n), packId: manifest.packId, bytes, manifest });
}

/** `pack-9C8835-20261122-SHA-CTU-3.cpk` */
export function packFileName(leg: string, n: number): string {
  return `pack-${leg}-${n.toString()}.cpk`;
}

type Member = readonly [name: string, bytes: Uint8Array];

function composeMembers(contents: PackContents): readonly Member[] {
  const { trustJws, deny, allow, catalogue, promotions, passengers, crew, stock, cabin } = contents;
  return [
    ['trust.jws', encodeUtf8(trustJws)],
    ['deny.bin', composeIdList(deny.version, deny.ctis.map(idOf))],
    ['allow.bin', composeIdList(allow.version, allow.ctis.map(idOf))],
    ['catalog.json', json(catalogue)],
    ['promotions.json', json({ v: 1, promotions })],
    ['passengers.json', json({ v: 1, passengers })],
    ['crew.json', json({ v: 1, crew })],
    ['stock.json', json({ v: 1, ...stock })],
    ['cabin.json', json({ v: 1, ...cabin })],
  ];
}

function json(value: unknown): Uint8Array {
  return encodeUtf8(JSON.stringify(value));
}

function idOf(cti: string): Uint8Array {
  const id = decodeHex(cti);
  if (id?.length !== 8) throw new Error('a cti is 8 bytes in hexadecimal');
  return id;
}

/** What the manifest of these contents says; also how two packs are compared without making them. */
export function composeManifest(
  contents: PackContents,
  members: readonly Member[] = composeMembers(contents),
): PackManifest {
  const { airline, leg, std, sta, n, issuedAt, utcOffsetMinutes, airlineName, merchants, cities } = contents;
  return {
    v: 1,
    airline,
    packId: `${leg}-${n.toString()}`,
    leg,
    std,
    sta,
    n,
    issuedAt,
    validTo: sta + FLIGHT_PACK.validAfterArrivalSeconds,
    utcOffsetMinutes,
    airlineName,
    merchants,
    cities,
    devices: contents.devices,
    files: members.map(([name, bytes]) => ({
      name,
      sha256: encodeBase64url(crypto.sha256(bytes)),
      size: bytes.length,
    })),
    limits: contents.limits,
    ...(contents.isDemo ? { demo: true as const } : {}),
  };
}

/** What the manifest of a pack made here says. Rejects for bytes that are no pack: a damaged database. */
export async function readOwnManifest(archive: Uint8Array): Promise<PackManifest> {
  const jws = decodeUtf8((await readTar(archive)).get('manifest.jws') ?? new Uint8Array(0));
  const peeked = peekJsonJws(jws ?? '');
  if (!peeked.ok) throw new Error('a stored pack has no manifest');
  return v.parse(packManifestSchema, peeked.value);
}
