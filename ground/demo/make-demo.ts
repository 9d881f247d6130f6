// A whole airline in a folder: keys, trust list, flight pack and passengers, for a flight that is in the air now.
// docs/formats/demo-folder.md describes every file.
import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as nodeCrypto from 'node:crypto';
import * as v from 'valibot';
import { cryptoFromNode } from '../../domain/crypto/node-crypto.ts';
import { encodeBase64url } from '../../domain/encoding/base64url.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { publicJwkSchema, readTrustList } from '../../domain/trust/trust-list.ts';
import { demoCatalogue } from './demo-catalogue.ts';
import { composeCodes } from './demo-codes.ts';
import { demoFlight, type DemoFlight } from './demo-flight.ts';
import {
  composeTrustList,
  DEMO_TERMINAL,
  KEY_FILES,
  makeDemoKeys,
  publicPart,
  signDeviceCertificate,
  signTrustList,
  type DemoKeys,
} from './demo-keys.ts';
import { makeDemoPack } from './demo-pack.ts';
import { makeDemoPeople, type DemoPerson } from './demo-people.ts';

const crypto = cryptoFromNode(nodeCrypto);

const demoFactsSchema = v.object({
  v: v.literal(1),
  demo: v.literal(true),
  /** Epoch ms. */
  madeAt: v.number(),
  airline: v.string(),
  leg: v.string(),
  /** Epoch seconds. */
  std: v.number(),
  sta: v.number(),
  /** Public keys a demo till pins. */
  roots: v.pipe(v.array(publicJwkSchema), v.minLength(1)),
  dev: v.string(),
  epoch: v.number(),
  /** File name in `packs/`. */
  pack: v.string(),
  packId: v.string(),
  passengers: v.number(),
  items: v.number(),
});

/** `demo.json`: what a till and a player must know to use the folder. */
export type DemoFacts = v.InferOutput<typeof demoFactsSchema>;

export type DemoResult = {
  readonly facts: DemoFacts;
  /** False when the folder already held a demo whose flight can still be flown. */
  readonly isNew: boolean;
  /** Where an older demo was moved to, or null. */
  readonly archivedTo: string | null;
};

/** How long after the scheduled arrival the demo flight is still flown: late sales, the gate, the export. */
const FLYABLE_AFTER_ARRIVAL_SECONDS = 3600;
/** Stands in the folder while a demo is archived and written: tells a broken-off one from a folder of something else. */
const UNFINISHED = 'demo.unfinished';

/**
 * Makes the demo in `out`, or leaves the one that is there while its flight can be flown. An older one is moved to
 * `out/old-<time>/` with all that stands beside it, never deleted: a till's journal in there may hold unsent sales.
 * A folder with files in it that never was a demo is refused and left alone.
 */
export async function makeDemo({
  out,
  nowMs,
}: {
  readonly out: string;
  readonly nowMs: number;
}): Promise<Result<DemoResult, 'folder-holds-other-files'>> {
  const known = await readDemo(out);
  if (known !== null && isFlyable(known, nowMs)) {
    return ok({ facts: known, isNew: false, archivedTo: null });
  }
  await mkdir(out, { recursive: true, mode: 0o700 });
  const present = await readdir(out);
  const names = present.filter((name) => !name.startsWith('old-') && name !== UNFINISHED);
  const isDemo = present.includes('demo.json') || present.includes(UNFINISHED);
  if (names.length > 0 && !isDemo) return fail('folder-holds-other-files');
  await writePrivate(join(out, UNFINISHED), '');
  const archivedTo = names.length === 0 ? null : await archive(out, names, nowMs);
  const facts = await writeDemo(out, nowMs);
  await rm(join(out, UNFINISHED));
  return ok({ facts, isNew: true, archivedTo });
}

function isFlyable({ std, sta }: DemoFacts, nowMs: number): boolean {
  const nowSeconds = nowMs / 1000;
  return std <= nowSeconds && nowSeconds < sta + FLYABLE_AFTER_ARRIVAL_SECONDS;
}

/** The facts of a complete demo in the folder; null when there is none, or one that was not finished. */
async function readDemo(out: string): Promise<DemoFacts | null> {
  try {
    const facts = v.parse(demoFactsSchema, JSON.parse(await readFile(join(out, 'demo.json'), 'utf8')));
    await readFile(join(out, 'packs', facts.pack));
    const trust = await readFile(join(out, 'trust.jws'), 'utf8');
    const { roots, airline, madeAt } = facts;
    return readTrustList(trust, { roots, airline, nowSeconds: madeAt / 1000, crypto }).ok ? facts : null;
  } catch {
    // demo.json is written last: without it, or with a part missing, the folder holds no demo.
    return null;
  }
}

async function archive(out: string, names: readonly string[], nowMs: number): Promise<string> {
  const stamp = new Date(nowMs).toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  const folder = await makeFreshFolder(join(out, `old-${stamp}`));
  for (const name of names) await rename(join(out, name), join(folder, name));
  return folder;
}

async function makeFreshFolder(wanted: string): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const path = attempt === 1 ? wanted : `${wanted}-${attempt.toString()}`;
    try {
      await mkdir(path, { mode: 0o700 });
      return path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

async function writeDemo(out: string, nowMs: number): Promise<DemoFacts> {
  const nowSeconds = Math.floor(nowMs / 1000);
  const flight = demoFlight(nowMs);
  const keys = makeDemoKeys(nowSeconds);
  const trust = composeTrustList(keys, nowSeconds);
  const trustJws = signTrustList(trust, keys.root1);
  const people = makeDemoPeople(flight, keys);
  const composed = await makeDemoPack(flight, people, trustJws, keys);
  if (!composed.ok) throw new Error(`the demo's pack: ${composed.error.file}: ${composed.error.why}`);
  const pack = composed.value;
  await writeKeys(join(out, 'keys'), keys);
  await writePrivate(join(out, 'trust.jws'), trustJws);
  await writePrivate(join(out, 'device.jws'), signDeviceCertificate(keys, nowSeconds));
  await writePrivate(join(out, 'packs', pack.fileName), pack.bytes);
  await writePrivate(join(out, 'passengers.json'), pretty(describePeople(people, flight)));
  await writePrivate(join(out, 'codes.json'), pretty(composeCodes(people, flight, trust, keys, nowSeconds)));
  const facts: DemoFacts = {
    v: 1,
    demo: true,
    madeAt: nowMs,
    airline: DEMO_TERMINAL.airline,
    leg: flight.legId,
    std: flight.std,
    sta: flight.sta,
    roots: [publicPart(keys.root1), publicPart(keys.root2)],
    dev: DEMO_TERMINAL.dev,
    epoch: DEMO_TERMINAL.epoch,
    pack: pack.fileName,
    packId: pack.packId,
    passengers: people.length,
    items: demoCatalogue().items.length,
  };
  await writePrivate(join(out, 'demo.json'), pretty(facts));
  return facts;
}

async function writeKeys(folder: string, keys: DemoKeys): Promise<void> {
  for (const [name, fileName] of Object.entries(KEY_FILES)) {
    await writePrivate(join(folder, fileName), pretty(keys[name as keyof DemoKeys]));
  }
}

async function writePrivate(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(path, content, { mode: 0o600 });
  // `mode` counts only for a file that is created.
  await chmod(path, 0o600);
}

function pretty(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}

/** `passengers.json`: for whoever plays the passengers. */
function describePeople(people: readonly DemoPerson[], { leg }: DemoFlight): unknown {
  const { carrier, number, departureDay, origin, destination } = leg;
  return {
    v: 1,
    flight: [carrier, number, departureDay, origin, destination],
    passengers: people.map(({ claims, cred, holder, staticCode, isListed, isDenied }) => ({
      seat: claims.seat,
      seq: claims.sequence,
      name: claims.maskedName,
      wallet: claims.wallet,
      tier: claims.tier,
      cti: claims.cti,
      holderClass: claims.holderClass,
      cumMinor: claims.limits.cumMinor,
      staticMinor: claims.staticCumMinor,
      listed: isListed,
      denied: isDenied,
      cred: encodeBase64url(cred),
      holder,
      staticCode,
    })),
  };
}
