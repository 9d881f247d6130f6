// What every part of ground is given: one database, one clock, one set of secrets, and the way to the wallets.
import type { Kysely } from 'kysely';
import type { Crypto } from '../domain/crypto/crypto.ts';
import type { Tables } from './database/tables.ts';
import type { Seal } from './secrets/seal.ts';
import type { WalletAdapter } from './wallets/wallet.ts';

export type LogFacts = Readonly<Record<string, string | number | boolean | null>>;

/** What happened, as a short fixed text with facts beside it; never codes, names, keys or accounts. */
export type Log = {
  readonly info: (event: string, facts?: LogFacts) => void;
  readonly warn: (event: string, facts?: LogFacts) => void;
  readonly error: (event: string, facts?: LogFacts) => void;
};

export type Ground = {
  /** One pool. Inside a transaction only the transaction's own handle is used: the embedded database has one line. */
  readonly db: Kysely<Tables>;
  /** Epoch ms. */
  readonly nowMs: () => number;
  readonly crypto: Crypto;
  readonly seal: Seal;
  /** The adapter of an airline's merchant at a wallet; null when it has none. */
  readonly wallets: (airline: string, wallet: number) => Promise<WalletAdapter | null>;
  readonly log: Log;
  /** Where phones and wallets reach us, without a slash at the end: `https://ground.example:8443`. */
  readonly publicAddress: string;
  /**
   * Where received batch files are also kept, each synced to disk before it is acknowledged: needed with the embedded
   * database, which does not sync. Left out with a PostgreSQL server, which does.
   */
  readonly spoolFolder?: string;
};
