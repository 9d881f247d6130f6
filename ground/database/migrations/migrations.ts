import { first } from './0010-first.ts';
import { uploadsAndJobs } from './0020-uploads-and-jobs.ts';
import { orders } from './0030-orders.ts';
import { consoleIndexes } from './0040-console.ts';

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
];
