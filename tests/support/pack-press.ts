// Makes other flight packs out of a demo's: damaged ones, and ones its own airline would have signed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as nodeCrypto from 'node:crypto';
import { extract, pack as createTar } from 'tar-stream';
import { peekJsonJws, signJsonJws } from '../../domain/crypto/compact-jws.ts';
import type { EcPrivateJwk } from '../../domain/crypto/crypto.ts';
import { signerFromJwk } from '../../domain/crypto/node-crypto.ts';
import { encodeBase64url } from '../../domain/encoding/base64url.ts';
import type { ListedPassenger, PackManifest } from '../../domain/flight-pack/manifest.ts';
import type { TrustList } from '../../domain/trust/trust-list.ts';
import { crypto } from './keys.ts';

export type PackPress = {
  /** Where the demo's till reads its pack. */
  readonly path: string;
  readonly original: Buffer;
  readonly memberNames: readonly string[];
  /** The same archive with one bit of that member changed. */
  readonly damaged: (member: string) => Promise<Buffer>;
  /** Signed anew by the airline's own keys. */
  readonly reissued: (change: PackChange) => Promise<Buffer>;
};

export type PackChange = Partial<Pick<PackManifest, 'n' | 'leg' | 'devices' | 'limits'>> & {
  readonly trustVersion?: number;
  readonly denyVersion?: number;
  readonly passengers?: (listed: readonly ListedPassenger[]) => readonly ListedPassenger[];
};

type Members = readonly { readonly name: string; readonly bytes: Buffer }[];

export async function openPackPress(dir: string): Promise<PackPress> {
  const { pack } = JSON.parse(readFileSync(join(dir, 'demo.json'), 'utf8')) as { pack: string };
  const path = join(dir, 'packs', pack);
  const original = readFileSync(path);
  const members = await readMembers(original);
  return {
    path,
    original,
    memberNames: members.map(({ name }) => name),
    damaged: (member) =>
      writeMembers(
        members.map(({ name, bytes }) => ({ name, bytes: name === member ? flipped(bytes) : bytes })),
      ),
    reissued: ({ trustVersion, denyVersion, passengers, ...change }) => {
      const trust = trustVersion === undefined ? members : withTrust(members, dir, trustVersion);
      const denied = denyVersion === undefined ? trust : withDenyVersion(trust, denyVersion);
      const listed = passengers === undefined ? denied : withPassengers(denied, passengers);
      return writeMembers(withManifest(listed, dir, change));
    },
  };
}

function flipped(bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes);
  const at = Math.floor(changed.length / 2);
  changed[at] = (changed[at] ?? 0) ^ 0x01;
  return changed;
}

function signerOf(dir: string, key: string): ReturnType<typeof signerFromJwk> {
  const jwk = JSON.parse(readFileSync(join(dir, 'keys', `${key}.jwk.json`), 'utf8')) as EcPrivateJwk;
  return signerFromJwk(nodeCrypto, jwk);
}

function payloadOf(members: Members, name: string): unknown {
  const text = members.find((member) => member.name === name)?.bytes.toString('utf8') ?? '';
  const peeked = peekJsonJws(text.trim());
  if (!peeked.ok) throw new Error(`${name} is no signed JSON`);
  return peeked.value;
}

function withTrust(members: Members, dir: string, version: number): Members {
  const trust = { ...(payloadOf(members, 'trust.jws') as TrustList), version };
  const bytes = Buffer.from(signJsonJws('cp-trust+jws', trust, signerOf(dir, 'root-1'), crypto));
  return members.map((member) => (member.name === 'trust.jws' ? { ...member, bytes } : member));
}

function withPassengers(members: Members, change: NonNullable<PackChange['passengers']>): Members {
  return members.map((member) => {
    if (member.name !== 'passengers.json') return member;
    const list = JSON.parse(member.bytes.toString('utf8')) as { passengers: readonly ListedPassenger[] };
    const bytes = Buffer.from(JSON.stringify({ ...list, passengers: change(list.passengers) }));
    return { ...member, bytes };
  });
}

/** The same list under another version. */
function withDenyVersion(members: Members, version: number): Members {
  return members.map((member) => {
    if (member.name !== 'deny.bin') return member;
    const bytes = Buffer.from(member.bytes);
    bytes.writeUInt32BE(version, 4);
    return { ...member, bytes };
  });
}

function withManifest(members: Members, dir: string, change: Partial<PackManifest>): Members {
  const manifest = payloadOf(members, 'manifest.jws') as PackManifest;
  const files = members
    .filter(({ name }) => name !== 'manifest.jws')
    .map(({ name, bytes }) => ({
      name,
      sha256: encodeBase64url(crypto.sha256(bytes)),
      size: bytes.length,
    }));
  const changed = { ...manifest, ...change, files };
  const bytes = Buffer.from(signJsonJws('cpk+jws', changed, signerOf(dir, 'ops'), crypto));
  return members.map((member) => (member.name === 'manifest.jws' ? { ...member, bytes } : member));
}

async function readMembers(archive: Buffer): Promise<Members> {
  const members: { name: string; bytes: Buffer }[] = [];
  const tar = extract();
  tar.end(archive);
  for await (const entry of tar) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    members.push({ name: entry.header.name, bytes: Buffer.concat(chunks) });
  }
  return members;
}

async function writeMembers(members: Members): Promise<Buffer> {
  const tar = createTar();
  for (const { name, bytes } of members) tar.entry({ name }, bytes);
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
