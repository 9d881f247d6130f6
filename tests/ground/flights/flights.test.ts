import { afterAll, describe, expect, it } from 'vitest';
import { findOpenFlight, openFlights } from '../../../ground/enrolment/open-flights.ts';
import { addFlight, cancelFlight, changeFlight } from '../../../ground/flights/flights.ts';
import type { FlightPlan } from '../../../ground/flights/flight-plan.ts';
import { openPackScene } from '../packs/pack-scene.ts';

const scene = await openPackScene();
const { ground, clock } = scene;
afterAll(scene.close);

const STD = Math.floor(clock.nowMs / 1000) + 86_400;
const LEG = '9C8801-20261123-SHA-CTU';

const plan: FlightPlan = {
  airline: '9C',
  leg: LEG,
  stdSeconds: STD,
  staSeconds: STD + 12_000,
  aircraft: 'A320',
  cabin: { rows: { from: 1, to: 32 }, columns: ['ABC', 'DEF'] },
  loading: { trolleys: [] },
  crew: ['P0117'],
  roster: [
    { dev: 'T-0001', zone: { fromRow: 1, toRow: 16 } },
    { dev: 'T-0002', zone: { fromRow: 17, toRow: 32 } },
  ],
  cities: { SHA: { zh: '上海', en: 'Shanghai' }, CTU: { zh: '成都', en: 'Chengdu' } },
  limits: {},
  catalogueVersion: 1,
  isDemo: false,
};

async function terminals(): Promise<readonly string[]> {
  const rows = await ground.db
    .selectFrom('leg_terminal')
    .select('dev')
    .where('leg', '=', LEG)
    .orderBy('dev')
    .execute();
  return rows.map(({ dev }) => dev);
}

describe('a flight', () => {
  it('is planned once, expects its terminals, and opens for enrolment', async () => {
    expect(await addFlight(ground, plan, 'test')).toEqual({ ok: true, value: null });
    expect(await addFlight(ground, plan, 'test')).toEqual({ ok: false, error: { kind: 'flight-exists' } });
    expect(await terminals()).toEqual(['T-0001', 'T-0002']);
    expect((await openFlights(ground)).map(({ leg }) => leg)).toContain(LEG);
  });

  it('is open from thirteen days before departure until half an hour before', async () => {
    const start = clock.nowMs;
    const refusalAt = async (seconds: number): Promise<unknown> => {
      clock.nowMs = seconds * 1000;
      const found = await findOpenFlight(ground, LEG);
      clock.nowMs = start;
      return found.ok ? null : found.error;
    };
    expect(await refusalAt(STD - 13 * 86_400 - 1)).toBe('flight-unknown');
    expect(await refusalAt(STD - 13 * 86_400)).toBeNull();
    expect(await refusalAt(STD - 1801)).toBeNull();
    expect(await refusalAt(STD - 1800)).toBe('enrolment-closed');
  });

  it('changes as a whole: a terminal that was never used leaves the roster, and a new pack is asked for', async () => {
    await ground.db.deleteFrom('job').execute();
    const changed = { ...plan, roster: plan.roster.slice(0, 1) };
    expect(await changeFlight(ground, changed, 'test')).toEqual({ ok: true, value: null });
    expect(await terminals()).toEqual(['T-0001']);
    const jobs = await ground.db.selectFrom('job').select(['kind', 'key']).execute();
    expect(jobs).toEqual([{ kind: 'refresh-pack', key: LEG }]);
    const other = { ...plan, leg: '9C8899-20261123-SHA-CTU' };
    expect(await changeFlight(ground, other, 'test')).toEqual({
      ok: false,
      error: { kind: 'flight-unknown' },
    });
  });

  it('that is cancelled takes nobody any more, and its orders are looked at', async () => {
    await ground.db.deleteFrom('job').execute();
    expect(await cancelFlight(ground, LEG, 'test')).toEqual({ ok: true, value: null });
    expect(await cancelFlight(ground, LEG, 'test')).toEqual({ ok: false, error: { kind: 'flight-over' } });
    expect(await changeFlight(ground, plan, 'test')).toEqual({ ok: false, error: { kind: 'flight-over' } });
    expect(await findOpenFlight(ground, LEG)).toEqual({ ok: false, error: 'flight-cancelled' });
    const jobs = await ground.db.selectFrom('job').select(['kind', 'key']).execute();
    expect(jobs).toEqual([{ kind: 'aggregate-leg', key: LEG }]);
    const audit = await ground.db.selectFrom('audit').select('what').where('who', '=', 'test').execute();
    expect(audit.map(({ what }) => what)).toEqual(['flight-planned', 'flight-changed', 'flight-cancelled']);
  });
});
