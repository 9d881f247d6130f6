import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoCatalogue, demoPromotions } from '../../../ground/demo/demo-catalogue.ts';
import type { Answers } from '../../../ground/web/console-rows.ts';
import { addUser, openConsoleBench, signedIn, type ConsoleBench } from './console-bench.ts';

let bench: ConsoleBench;
let cookie = '';
const reason = 'winter menu';

beforeAll(async () => {
  bench = await openConsoleBench();
  cookie = await signedIn(bench.app, await addUser(bench.ground, 'operations', '9C'));
});

afterAll(() => bench.close());

async function newest(): Promise<Answers['catalogue']['newest']> {
  return (await bench.ask(cookie, 'catalogue')).json<Answers['catalogue']>().newest;
}

const file = () => ({ catalogue: demoCatalogue(), promotions: demoPromotions() });

describe('a catalogue uploaded at the console', () => {
  it('is the next version, sold by the flights that have not departed, which get new packs', async () => {
    const [item, ...others] = file().catalogue.items;
    if (item === undefined) throw new Error('nothing is sold');
    const catalogue = { ...file().catalogue, items: [{ ...item, priceMinor: 4321 }, ...others] };
    const text = JSON.stringify({ ...file(), catalogue });
    const answer = await bench.ask(cookie, 'save-catalogue', { text, reason });
    const taken = answer.json<Answers['save-catalogue']>();
    expect([answer.statusCode, taken.version]).toEqual([200, 2]);
    const first = (await newest())?.items[0];
    expect(first).toMatchObject({ sku: item.sku, priceMinor: 4321 });
    const { db, nowMs } = bench.ground;
    const coming = await db
      .selectFrom('flight')
      .select(['leg', 'catalogue_version'])
      .where('airline', '=', '9C')
      .where('status', '=', 'planned')
      .where('std_s', '>', Math.floor(nowMs() / 1000))
      .orderBy('leg')
      .execute();
    const jobs = await db
      .selectFrom('job')
      .select('key')
      .where('kind', '=', 'refresh-pack')
      .orderBy('key')
      .execute();
    expect(coming.length).toBe(taken.flights);
    expect(coming.every((flight) => flight.catalogue_version === 2)).toBe(true);
    expect(jobs.map(({ key }) => key)).toEqual(coming.map(({ leg }) => leg));
  });

  it.each([
    ['no JSON', 'not json', 'whole: no JSON'],
    ['no deals', JSON.stringify({ catalogue: demoCatalogue() }), 'promotions'],
    [
      'a price that is none',
      JSON.stringify({
        ...file(),
        catalogue: { ...demoCatalogue(), items: [{ ...demoCatalogue().items[0], priceMinor: -1 }] },
      }),
      'catalog.json: ',
    ],
    [
      'a deal twice',
      JSON.stringify({ ...file(), promotions: [...demoPromotions(), ...demoPromotions()] }),
      'stands twice',
    ],
  ])('with %s is refused with what is wrong and where, and nothing is kept', async (_what, text, why) => {
    const before = await newest();
    const answer = await bench.ask(cookie, 'save-catalogue', { text, reason });
    expect([answer.statusCode, answer.json()]).toEqual([
      400,
      { problem: { kind: 'bad-request', why: expect.stringContaining(why) as string } },
    ]);
    expect(await newest()).toEqual(before);
  });

  it('that lacks what a flight has loaded is refused as a whole', async () => {
    const before = await newest();
    const { db, nowMs } = bench.ground;
    const { leg } = await db
      .selectFrom('flight')
      .select('leg')
      .where('airline', '=', '9C')
      .where('status', '=', 'planned')
      .where('std_s', '>', Math.floor(nowMs() / 1000))
      .executeTakeFirstOrThrow();
    const drawers = [{ id: 'D1', items: [{ sku: 'GONE-1', loaded: 2 }] }];
    await db
      .updateTable('flight')
      .set({ loading: JSON.stringify({ trolleys: [{ id: 'F1', zone: 'front', drawers }] }) })
      .where('leg', '=', leg)
      .execute();
    const answer = await bench.ask(cookie, 'save-catalogue', { text: JSON.stringify(file()), reason });
    expect([answer.statusCode, answer.json()]).toEqual([
      409,
      { problem: { kind: 'not-possible', why: `${leg}: GONE-1 is loaded and not in this catalogue` } },
    ]);
    expect(await newest()).toEqual(before);
  });
});
