import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConsoleRole, Tables } from '../../../ground/database/tables.ts';
import { CONSOLE_ROUTES, mayUse, type RouteName } from '../../../ground/web/console-api.ts';
import {
  addUser,
  openConsoleBench,
  sampleAsks,
  signedIn,
  type ConsoleBench,
  type Values,
} from './console-bench.ts';

const NAMES = Object.keys(CONSOLE_ROUTES) as RouteName[];
const ROLES: readonly ConsoleRole[] = ['finance', 'operations', 'viewer', 'administrator'];
const KEPT: readonly (keyof Tables)[] = [
  'airline', 'flight', 'leg_terminal', 'device', 'batch', 'wallet_order', 'order_transition', 'follow_up', 'set_aside',
  'difference', 'member', 'deny', 'statement_row', 'result_file', 'trust_list', 'job', 'event',
]; // prettier-ignore

let bench: ConsoleBench;
const cookies = new Map<string, string>();
let ours: Readonly<Record<RouteName, Values>>;
let theirs: Readonly<Record<RouteName, Values>>;

beforeAll(async () => {
  bench = await openConsoleBench();
  for (const role of ROLES) {
    const name = await addUser(bench.ground, role, '9C');
    cookies.set(role, await signedIn(bench.app, name));
  }
  cookies.set('all', await signedIn(bench.app, await addUser(bench.ground, 'administrator', null)));
  ours = await sampleAsks(bench.ground, '9C');
  theirs = await sampleAsks(bench.ground, 'HO');
});

afterAll(() => bench.close());

/** Every row of every table, to compare. */
async function everything(): Promise<string> {
  const tables = [];
  for (const table of KEPT) {
    const { rows } = await sql<{ text: string | null }>`
      select md5(string_agg(one::text, ',' order by one::text)) as text from ${sql.table(table)} as one`.execute(
      bench.ground.db,
    );
    tables.push(`${table} ${rows[0]?.text ?? ''}`);
  }
  return tables.join('\n');
}

describe('nobody without a session', () => {
  it.each(NAMES)('gets an answer from %s', async (name) => {
    const answer = await bench.ask(null, name, ours[name]);
    expect([answer.statusCode, answer.json()]).toEqual([401, { problem: { kind: 'signed-out' } }]);
  });
});

describe('a viewer', () => {
  it('is refused every change and changes nothing', async () => {
    const before = await everything();
    for (const name of NAMES.filter((one) => CONSOLE_ROUTES[one].method === 'POST')) {
      const answer = await bench.ask(cookies.get('viewer') ?? '', name, ours[name]);
      expect([name, answer.statusCode, answer.json()]).toEqual([
        name,
        403,
        { problem: { kind: 'not-allowed' } },
      ]);
    }
    expect(await everything()).toBe(before);
  });

  it.each(NAMES.filter((one) => CONSOLE_ROUTES[one].method === 'GET'))('reads %s', async (name) => {
    expect((await bench.ask(cookies.get('viewer') ?? '', name, ours[name])).statusCode).toBe(200);
  });
});

describe('a role', () => {
  it.each(ROLES)('%s is stopped at the door where the table does not name it', async (role) => {
    for (const name of NAMES.filter((one) => !mayUse(role, one)))
      expect((await bench.ask(cookies.get(role) ?? '', name, ours[name])).statusCode).toBe(403);
  });
});

describe("another airline's rows", () => {
  it.each(NAMES)('are out of reach of %s when asked for by name', async (name) => {
    const answer = await bench.ask(cookies.get('administrator') ?? '', name, theirs[name], { airline: 'HO' });
    expect([answer.statusCode, answer.json()]).toEqual([403, { problem: { kind: 'other-airline' } }]);
  });

  it.each(NAMES.filter((one) => CONSOLE_ROUTES[one].method === 'GET'))(
    'never stand in an answer of %s',
    async (name) => {
      const answer = await bench.ask(cookies.get('administrator') ?? '', name, theirs[name]);
      expect(answer.body).not.toMatch(/HO8\d\d\d|T-HO-|CPHO/);
    },
  );

  it('are not changed by any act that names them', async () => {
    const before = await everything();
    for (const name of NAMES.filter(
      (one) => CONSOLE_ROUTES[one].method === 'POST' && !MAKES_NEW.includes(one),
    )) {
      const answer = await bench.ask(cookies.get('administrator') ?? '', name, theirs[name]);
      expect([name, answer.statusCode >= 400]).toEqual([name, true]);
    }
    expect(await everything()).toBe(before);
  });

  it('are open to a user of all airlines who says which', async () => {
    const answer = await bench.ask(cookies.get('all') ?? '', 'flights', {}, { airline: 'HO' });
    expect(answer.body).toMatch(/HO8\d\d\d/);
    expect(answer.body).not.toMatch(/9C8\d\d\d/);
  });
});

/** What they make belongs to the asker's own airline, whatever it is called. */
const MAKES_NEW: readonly RouteName[] = ['upload-batch', 'add-deny', 'import-statement', 'fetch-statement'];
