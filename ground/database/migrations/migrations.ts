import { first } from './0010-first.ts';
import { uploadsAndJobs } from './0020-uploads-and-jobs.ts';
import { orders } from './0030-orders.ts';
import { consoleIndexes } from './0040-console.ts';
import { sealedRows } from './0050-sealed-rows.ts';
import { preorders } from './0060-preorders.ts';

export type Migration = {
  readonly number: number;
  readonly name: string;
  readonly statements: readonly string[];
};

/** In order; a released one never changes. */
export const MIGRATIONS: readonly Migration[] = [
  { number: 10, name: 'first', statements: first },
  { number: 20, name: 'uploads-and-jobs', statements: uploadsAndJobs },
  { number: 30, name: 'orders', statements: orders },
  { number: 40, name: 'console', statements: consoleIndexes },
  { number: 50, name: 'sealed-rows', statements: sealedRows },
  { number: 60, name: 'preorders', statements: preorders },
];
