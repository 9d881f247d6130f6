import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { extract } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { decodeHex } from '../../domain/encoding/hex.ts';
import { findWalletRuleFaults } from '../../domain/settlement/wallet-rules.ts';
import { composeWalletOrder } from '../../domain/settlement/wallet-order.ts';
import { readFlightPack, type FlightPack } from '../../domain/flight-pack/flight-pack.ts';
import { readDeviceCertificate } from '../../domain/trust/device-certificate.ts';
import { makeDemo, type DemoFacts, type DemoResult } from '../../ground/demo/make-demo.ts';
import { crypto } from '../domain/settlement/journal-scene.ts';
import { makeTempFolder, runGround } from './ground-cli.ts';

const folder = await makeTempFolder();
const NOW_MS = Date.UTC(2026, 10, 23, 4, 0, 20);
const HOUR_MS = 3_600_000;

async function make(out: string, nowMs = NOW_MS): Promise<DemoResult> {
  const made = await makeDemo({ out, nowMs });
  if (!made.ok) throw new Error(made.error);
  return made.value;
}

async function unpack(path: string): Promise<Map<string, Uint8Array>> {
  const members = new Map<string, Uint8Array>();
  for await (const entry of createReadStream(path).pipe(extract())) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    members.set(entry.header.name, new Uint8Array(Buffer.concat(chunks)));
  }
  return members;
}

async function readPack(out: string, facts: DemoFacts): Promise<FlightPack> {
  const members = await unpack(join(out, 'packs', facts.pack));
  const reader = { roots: facts.roots, airline: '9C', nowSeconds: NOW_MS / 1000, crypto };
  const pack = readFlightPack(members, reader);
  if (!pack.ok) throw new Error(`${pack.error.file}: ${pack.error.why}`);
  return pack.value;
}

type Player = {
  seat: string;
  cti: string;
  name: string;
  wallet: number;
  listed: boolean;
  denied: boolean;
  holder: unknown;
};

describe('the demo', () => {
  const out = join(folder, 'demo');
  const made = make(out);

  it('is a flight that left three quarters of an hour ago', async () => {
    const { facts } = await made;
    expect(facts.leg).toBe('9C8835-20261123-SHA-CTU');
    expect(new Date(facts.std * 1000).toISOString()).toBe('2026-11-23T03:15:00.000Z');
    expect(facts.sta - facts.std).toBe((3 * 60 + 20) * 60);
  });

  it('has a flight pack a till accepts, its manifest first', async () => {
    const { facts } = await made;
    const members = await unpack(join(out, 'packs', facts.pack));
    expect([...members.keys()][0]).toBe('manifest.jws');
    const pack = await readPack(out, facts);
    expect(pack.catalogue.items).toHaveLength(40);
    expect(pack.catalogue.categories).toHaveLength(6);
    expect(pack.crew.map(({ name, role }) => [name, role])).toContainEqual(['王敏', 'purser']);
  });

  it('sells nothing whose price, name or deal a wallet would refuse', async () => {
    const pack = await readPack(out, (await made).facts);
    const lines = pack.catalogue.items.map((item) => ({
      sku: item.sku,
      q: 1,
      p: item.priceMinor,
      tax: item.tax,
      n: item.walletText,
    }));
    const disc = pack.promotions.map(({ id, zh }) => ({ id, n: zh, amt: 1 }));
    const gross = lines.reduce((sum, line) => sum + line.p, 0);
    const sale = { lines, disc, totalMinor: gross - disc.length, takenBack: [] };
    expect(findWalletRuleFaults(composeWalletOrder('CP9C261123x', [sale]))).toEqual([]);
    const eans = pack.catalogue.items.flatMap((item) => item.ean ?? []);
    expect(new Set(eans).size).toBe(eans.length);
    expect(eans.every(hasCheckDigit)).toBe(true);
    const alcohol = pack.catalogue.items.filter((item) => item.category === 'alcohol');
    expect(alcohol.map((item) => item.minAge)).toEqual(alcohol.map(() => 18));
  });

  it('seats thirty passengers: one denied, one who signed up too late to be listed', async () => {
    const { facts } = await made;
    const file = JSON.parse(await readFile(join(out, 'passengers.json'), 'utf8')) as { passengers: Player[] };
    const players = file.passengers;
    const pack = await readPack(out, facts);
    const isIn = (list: FlightPack['allow'], { cti }: Player): boolean =>
      list.has(decodeHex(cti) ?? new Uint8Array(8));
    expect(players).toHaveLength(30);
    expect(new Set(players.map(({ seat }) => seat)).size).toBe(30);
    expect(new Set(players.map(({ wallet }) => wallet))).toEqual(new Set([1, 2]));
    const denied = players.filter((player) => isIn(pack.deny, player));
    expect(denied.map(({ denied: isDenied }) => isDenied)).toEqual([true]);
    const unlisted = players.filter((player) => !isIn(pack.allow, player) && !player.denied);
    expect(unlisted.map(({ listed }) => listed)).toEqual([false]);
    expect(pack.passengers).toHaveLength(29);
    expect(players.filter(({ holder }) => holder === null).length).toBeGreaterThanOrEqual(3);
  });

  it('has a terminal its own trust list vouches for', async () => {
    const { facts } = await made;
    const certificate = await readFile(join(out, 'device.jws'), 'utf8');
    const { trust } = await readPack(out, facts);
    const read = readDeviceCertificate(certificate, trust, NOW_MS / 1000, crypto);
    expect(read).toMatchObject({ ok: true, value: { dev: 'T-0001', ep: 1, airline: '9C' } });
  });

  it('keeps every file to its owner', async () => {
    await made;
    const names = (await readdir(out, { recursive: true, withFileTypes: true })).map((entry) => ({
      path: join(entry.parentPath, entry.name),
      isFile: entry.isFile(),
    }));
    for (const { path, isFile } of names) {
      expect([path, ((await stat(path)).mode & 0o777).toString(8)]).toEqual([path, isFile ? '600' : '700']);
    }
    const keys = names.filter(({ path }) => path.endsWith('.jwk.json'));
    expect(keys).toHaveLength(9);
  });
});

function hasCheckDigit(ean: string): boolean {
  const sum = [...ean].reduce((total, digit, i) => total + Number(digit) * (i % 2 === 0 ? 1 : 3), 0);
  return ean.length === 13 && sum % 10 === 0;
}

describe('a demo made again', () => {
  it('stays as it is while its flight can be flown', async () => {
    const out = join(folder, 'again');
    const first = await make(out);
    const trust = await readFile(join(out, 'trust.jws'), 'utf8');
    const second = await make(out, NOW_MS + 3 * HOUR_MS);
    expect(second).toEqual({ facts: first.facts, isNew: false, archivedTo: null });
    expect(await readFile(join(out, 'trust.jws'), 'utf8')).toBe(trust);
  });

  it.each([
    ['long after arrival', 5 * HOUR_MS],
    ['with the clock before departure', -HOUR_MS],
  ])('%s is a new one, and all that was there is kept beside it', async (what, laterMs) => {
    const out = join(folder, `renewed ${what}`);
    const first = await make(out);
    await mkdir(join(out, 'till'), { mode: 0o700 });
    await writeFile(join(out, 'till', 'journal.cpj'), 'unsent sales\n');
    const second = await make(out, NOW_MS + laterMs);
    expect(second.isNew).toBe(true);
    expect(second.facts.roots).not.toEqual(first.facts.roots);
    const kept = second.archivedTo ?? '';
    expect(await readFile(join(kept, 'till', 'journal.cpj'), 'utf8')).toBe('unsent sales\n');
    expect(JSON.parse(await readFile(join(kept, 'demo.json'), 'utf8'))).toEqual(first.facts);
    expect((await readdir(out)).filter((name) => name.startsWith('old-'))).toHaveLength(1);
    expect(await readdir(out)).not.toContain('till');
  });

  it('never mixes two that expired in the same second', async () => {
    const out = join(folder, 'twice');
    await make(out);
    await make(out, NOW_MS + 5 * HOUR_MS);
    await make(out, NOW_MS);
    await make(out, NOW_MS + 5 * HOUR_MS);
    expect((await readdir(out)).filter((name) => name.startsWith('old-'))).toHaveLength(3);
  });

  it('is finished anew when it was broken off', async () => {
    const out = join(folder, 'broken off');
    await mkdir(join(out, 'keys'), { recursive: true });
    await writeFile(join(out, 'demo.unfinished'), '');
    await writeFile(join(out, 'keys', 'root-1.jwk.json'), '{');
    const { isNew } = await make(out);
    expect(isNew).toBe(true);
    expect(await readdir(out)).not.toContain('demo.unfinished');
  });

  it('leaves a folder of other files alone', async () => {
    const out = join(folder, 'documents');
    await mkdir(out);
    await writeFile(join(out, 'letter.txt'), 'mine');
    expect(await makeDemo({ out, nowMs: NOW_MS })).toEqual({ ok: false, error: 'folder-holds-other-files' });
    expect(await readdir(out)).toEqual(['letter.txt']);
  });
});

describe('make-demo on the command line', () => {
  it('answers the facts as JSON, and check-codes passes on its codes', async () => {
    const out = join(folder, 'cli');
    const made = await runGround('make-demo', '--out', out);
    expect(made.exitCode).toBe(0);
    const facts = JSON.parse(made.stdout) as Record<string, unknown>;
    expect(facts).toMatchObject({ dir: out, made: true, passengers: 30, items: 40 });
    const again = await runGround('make-demo', '--out', out);
    expect(JSON.parse(again.stdout)).toEqual({ ...facts, made: false });
    expect(again.stderr).toContain('was left as it is');

    const codes = await runGround('check-codes', join(out, 'codes.json'));
    const { cases } = JSON.parse(await readFile(join(out, 'codes.json'), 'utf8')) as {
      cases: { name: string; expect: string }[];
    };
    expect(codes).toEqual({
      exitCode: 0,
      stdout: cases.map((one) => `${one.name}\t${one.expect}\n`).join(''),
      stderr: '',
    });
    const kinds = new Set(cases.map((one) => one.expect));
    for (const kind of [
      'dynamic',
      'static',
      'confirmed',
      'EXPIRED',
      'WRONG_FLIGHT',
      'UNKNOWN_ISSUER',
      'DENIED',
    ]) {
      expect(kinds).toContain(kind);
    }
  });

  it('needs a folder', async () => {
    expect(await runGround('make-demo')).toMatchObject({ exitCode: 2, stdout: '' });
  });
});
