// The one place that constructs ground: its database, its secrets, its clock and the ways to the wallets.
import * as nodeCrypto from 'node:crypto';
import { cryptoFromNode } from '../../domain/crypto/node-crypto.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { findMerchant } from '../airlines/merchants.ts';
import { migrateDatabase, type MigrationProblem } from '../database/migrate.ts';
import { openDatabase, type DatabasePlace } from '../database/open-database.ts';
import type { Ground, Log } from '../ground.ts';
import { sealOldRows } from '../secrets/seal-old-rows.ts';
import { createSeal } from '../secrets/seal.ts';
import { walletFactories } from '../wallets/registry.ts';
import type { WalletAdapter } from '../wallets/wallet.ts';

export type OpenGround = { readonly ground: Ground; readonly close: () => Promise<void> };

export type GroundParts = {
  readonly database: DatabasePlace;
  readonly masterKey: Uint8Array;
  /** Needed with an embedded database, which does not sync to disk; null with a server. */
  readonly spoolFolder: string | null;
  readonly publicAddress: string;
  readonly nowMs: () => number;
  readonly log: Log;
};

/** Opens the database, brings it to this version's shape, and answers everything the parts of ground are given. */
export async function openGround(parts: GroundParts): Promise<Result<OpenGround, MigrationProblem>> {
  const { db, close } = await openDatabase(parts.database);
  const migrated = await migrateDatabase(db, parts.nowMs());
  if (!migrated.ok) {
    await close();
    return fail(migrated.error);
  }
  const base = {
    db,
    nowMs: parts.nowMs,
    crypto: cryptoFromNode(nodeCrypto),
    seal: createSeal(parts.masterKey),
    log: parts.log,
    publicAddress: parts.publicAddress,
    ...(parts.spoolFolder === null ? {} : { spoolFolder: parts.spoolFolder }),
  };
  await sealOldRows(base);
  return ok({ ground: { ...base, wallets: createWalletDoor(base) }, close });
}

/** How long an adapter is kept before its merchant is read again: a changed merchant counts everywhere soon. */
const KEPT_MS = 60_000;

/** Adapters by airline and wallet, made when first asked for. */
function createWalletDoor(ground: Omit<Ground, 'wallets'>): Ground['wallets'] {
  const kept = new Map<string, { readonly adapter: WalletAdapter; readonly untilMs: number }>();
  return async (airline, wallet) => {
    const name = `${airline} ${wallet.toString()}`;
    const known = kept.get(name);
    if (known !== undefined && ground.nowMs() < known.untilMs) return known.adapter;
    const merchant = await findMerchant(ground, airline, wallet);
    const factory = walletFactories.find((candidate) => candidate.wallet === wallet);
    if (merchant === null || factory === undefined) return null;
    const created = factory.create({
      config: merchant.config,
      secrets: merchant.secrets,
      nowMs: ground.nowMs,
      noticeAddress: `${ground.publicAddress}/v1/notices/${airline}/${wallet.toString()}`,
    });
    if (!created.ok) {
      ground.log.error('merchant-unusable', { airline, wallet, why: created.error });
      return null;
    }
    kept.set(name, { adapter: created.value, untilMs: ground.nowMs() + KEPT_MS });
    return created.value;
  };
}
