// A terminal of a flight as a folder a till starts from: the layout of docs/formats/demo-folder.md, out of the database.
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { EcPrivateJwk } from '../../domain/crypto/crypto.ts';
import { jwsKid } from '../../domain/crypto/thumbprint.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { privateKeysOf, rootsOf } from '../airlines/keys.ts';
import { publishTrustList } from '../airlines/trust-lists.ts';
import { findAssortment } from '../flights/catalogues.ts';
import type { Ground } from '../ground.ts';
import { packFileName } from '../packs/compose-pack.ts';
import { newestPack, refreshPack, type PackProblem } from '../packs/refresh-pack.ts';
import { publicPart, type KeyFile } from './demo-keys.ts';
import type { DemoFacts } from './make-demo.ts';

export type ExportProblem =
  PackProblem | { readonly kind: 'terminal-unknown' } | { readonly kind: 'not-a-demo' };

/**
 * Makes the flight's newest pack and writes what terminal `dev` needs into `dir`, with the keys that open and judge its
 * batches; only for a demo flight: in life none of these keys leaves ground, and the terminal makes its own.
 */
export async function exportTerminalFolder(
  ground: Ground,
  {
    leg,
    dev,
    deviceKey,
    dir,
  }: {
    readonly leg: string;
    readonly dev: string;
    readonly deviceKey: EcPrivateJwk;
    readonly dir: string;
  },
): Promise<Result<DemoFacts, ExportProblem>> {
  const flight = await ground.db.selectFrom('flight').selectAll().where('leg', '=', leg).executeTakeFirst();
  if (flight === undefined) return fail({ kind: 'flight-unknown' });
  if (!flight.is_demo) return fail({ kind: 'not-a-demo' });
  const { airline } = flight;
  const device = await certificateOf(ground, airline, dev, deviceKey);
  if (device === null) return fail({ kind: 'terminal-unknown' });
  const refreshed = await refreshPack(ground, leg);
  if (!refreshed.ok) return refreshed;
  const pack = await newestPack(ground, leg);
  const assortment = await findAssortment(ground, airline, flight.catalogue_version);
  if (pack === null || assortment === null) return fail({ kind: 'flight-unknown' });
  await writePrivate(join(dir, 'trust.jws'), (await publishTrustList(ground, airline)).jws);
  await writePrivate(join(dir, 'device.jws'), device.certificate);
  await writePrivate(join(dir, 'packs', packFileName(leg, pack.n)), pack.bytes);
  const deviceFile: KeyFile = { ...deviceKey, kid: jwsKid(deviceKey, ground.crypto), use: 'sig' };
  await writePrivate(join(dir, 'keys', `device-${dev}.jwk.json`), pretty(deviceFile));
  for (const { fileName, key } of await keyFiles(ground, airline)) {
    await writePrivate(join(dir, 'keys', fileName), pretty(key));
  }
  const facts: DemoFacts = {
    v: 1,
    demo: true,
    madeAt: ground.nowMs(),
    airline,
    leg,
    std: flight.std_s,
    sta: flight.sta_s,
    roots: (await rootsOf(ground, airline)).map(publicPart),
    dev,
    epoch: device.ep,
    pack: packFileName(leg, pack.n),
    packId: pack.packId,
    passengers: await countPassengers(ground, leg),
    items: assortment.catalogue.items.length,
  };
  await writePrivate(join(dir, 'demo.json'), pretty(facts));
  return ok(facts);
}

async function certificateOf(
  { db }: Ground,
  airline: string,
  dev: string,
  { x, y }: EcPrivateJwk,
): Promise<{ readonly ep: number; readonly certificate: string } | null> {
  const rows = await db
    .selectFrom('device')
    .select(['ep', 'certificate', 'jwk'])
    .where('airline', '=', airline)
    .where('dev', '=', dev)
    .where('revoked_at_ms', 'is', null)
    .execute();
  return rows.find(({ jwk }) => jwk.x === x && jwk.y === y) ?? null;
}

async function countPassengers({ db }: Ground, leg: string): Promise<number> {
  const { count } = await db
    .selectFrom('passenger')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('leg', '=', leg)
    .where('status', '=', 'enrolled')
    .executeTakeFirstOrThrow();
  return count;
}

const WALLET_FILE_NAMES: Readonly<Record<number, string>> = { 1: 'issuer-wechat', 2: 'issuer-alipay' };

/** The airline's keys under the names `make-demo` gives them; the newest of a kind where there are several. */
async function keyFiles(
  ground: Ground,
  airline: string,
): Promise<readonly { readonly fileName: string; readonly key: KeyFile }[]> {
  const keys = await privateKeysOf(ground, airline);
  let roots = 0;
  return keys.map(({ purpose, wallet, kid, jwk }) => {
    const name =
      purpose === 'root'
        ? `root-${(++roots).toString()}`
        : purpose === 'issuer'
          ? (WALLET_FILE_NAMES[wallet ?? 0] ?? `issuer-${(wallet ?? 0).toString()}`)
          : purpose;
    return { fileName: `${name}.jwk.json`, key: { ...jwk, kid, use: purpose === 'enc' ? 'enc' : 'sig' } };
  });
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
