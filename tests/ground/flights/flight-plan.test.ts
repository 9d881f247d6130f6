import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { hasSeat } from '../../../ground/flights/cabin.ts';
import {
  enrolmentUntil,
  findPlanFault,
  flightPlanSchema,
  type FlightPlan,
  type PlanContext,
} from '../../../ground/flights/flight-plan.ts';

const STD = Date.parse('2026-11-22T04:00:00Z') / 1000;

const plan: FlightPlan = {
  airline: '9C',
  leg: '9C8835-20261122-SHA-CTU',
  stdSeconds: STD,
  staSeconds: STD + 12_000,
  aircraft: 'A320',
  cabin: { rows: { from: 1, to: 32 }, columns: ['ABC', 'DEF'] },
  loading: {
    trolleys: [
      { id: 'M1', zone: 'front', drawers: [{ id: 'M1-1', items: [{ sku: 'ML-001', loaded: 24 }] }] },
    ],
  },
  crew: ['P0117', 'C0123'],
  roster: [
    { dev: 'T-0001', zone: { fromRow: 1, toRow: 16 } },
    { dev: 'T-0002', zone: { fromRow: 17, toRow: 32 } },
  ],
  cities: { SHA: { zh: '上海', en: 'Shanghai' }, CTU: { zh: '成都', en: 'Chengdu' } },
  limits: {},
  catalogueVersion: 1,
  isDemo: false,
};

const context: PlanContext = {
  utcOffsetMinutes: 480,
  skus: new Set(['ML-001']),
  crewRoles: new Map([
    ['P0117', 'purser'],
    ['C0123', 'attendant'],
  ]),
  preordered: [],
};

describe('a flight plan', () => {
  it('is taken, and enrolment closes half an hour before departure', () => {
    expect(v.parse(flightPlanSchema, plan)).toEqual(plan);
    expect(findPlanFault(plan, context)).toBeNull();
    expect(enrolmentUntil(plan)).toBe(STD - 1800);
    expect(enrolmentUntil({ ...plan, enrolmentUntilSeconds: STD - 60 })).toBe(STD - 60);
  });

  it.each<[string, Partial<FlightPlan>, string]>([
    ['arrives before it departs', { staSeconds: STD - 1 }, 'times'],
    ['flies for a day', { staSeconds: STD + 86_400 }, 'times'],
    ['takes enrolments in the air', { enrolmentUntilSeconds: STD + 1 }, 'times'],
    ['departs on another day than its number says', { leg: '9C8835-20261124-SHA-CTU' }, 'other-day'],
    [
      'lands in a city without a name',
      { cities: { SHA: { zh: '上海', en: 'Shanghai' } } },
      'city-without-name',
    ],
    ['has somebody unknown aboard', { crew: ['P0117', 'X1'] }, 'crew-unknown'],
    ['has nobody to close it', { crew: ['C0123'] }, 'no-purser'],
    [
      'has one terminal twice',
      { roster: [...plan.roster.slice(0, 1), ...plan.roster.slice(0, 1)] },
      'terminal-twice',
    ],
    ['has a zone the wrong way round', { roster: [{ dev: 'T-1', zone: { fromRow: 9, toRow: 1 } }] }, 'zone'],
  ])('that %s is refused', (_what, change, kind) => {
    expect(findPlanFault({ ...plan, ...change }, context)?.kind).toBe(kind);
  });

  it('that loads what the catalogue does not sell, or names no catalogue, is refused', () => {
    expect(findPlanFault(plan, { ...context, skus: new Set() })).toEqual({
      kind: 'loaded-item-unknown',
      sku: 'ML-001',
    });
    expect(findPlanFault(plan, { ...context, skus: null })).toEqual({
      kind: 'catalogue-unknown',
      version: 1,
    });
  });

  it('may take enrolments in the air only as a demo', () => {
    const demo = { ...plan, isDemo: true, enrolmentUntilSeconds: STD + 3600 };
    expect(findPlanFault(demo, context)).toBeNull();
  });

  it.each([
    ['a leg that is none', { leg: '9C8835' }],
    ['a limit above the ceiling', { limits: { terminalCapMinor: 10_000_001 } }],
    ['a city with a hidden character', { cities: { SHA: { zh: '上\u202e海', en: 'Shanghai' } } }],
    ['anything it was not asked for', { wallet: 1 }],
  ])('with %s has not the shape of one', (_what, change) => {
    expect(v.safeParse(flightPlanSchema, { ...plan, ...change }).success).toBe(false);
  });
});

describe('a cabin', () => {
  const cabin = { rows: { from: 1, to: 32 }, columns: ['ABC', 'DEF'], without: [13] };
  it.each([
    ['1A', true],
    ['32F', true],
    ['12G', false],
    ['33A', false],
    ['0A', false],
    ['13C', false],
    ['A', false],
    ['12', false],
    ['', false],
  ])('has %s: %s', (seat, has) => {
    expect(hasSeat(cabin, seat)).toBe(has);
  });
});
