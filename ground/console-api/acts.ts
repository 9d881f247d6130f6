// What people do. Each act is somebody else's function; here it gets its name, its user and its answer.
import { fail, ok } from '../../domain/result.ts';
import { revokeDevice } from '../airlines/devices.ts';
import { addDeny, removeDeny } from '../flights/deny-list.ts';
import { cancelFlight } from '../flights/flights.ts';
import type { ActName, ConsoleProblem } from '../web/console-api.ts';
import type { Answers } from '../web/console-rows.ts';
import type { Answer, Asked } from './handlers.ts';

type Acts = { readonly [Name in ActName]: (asked: Asked<Name>) => Answer<Answers[Name]> };

const DONE = ok({ done: true } as const);

// Replaced as the parts land.
const NOT_YET = (): Promise<ReturnType<typeof fail<ConsoleProblem>>> =>
  Promise.resolve(fail<ConsoleProblem>({ kind: 'not-possible', why: 'not-built' }));

export const ACTS: Acts = {
  'release-terminal': NOT_YET,
  'declare-lost': NOT_YET,
  'cancel-flight': async ({ ground, airline, who, ask }) => {
    const flight = await ground.db
      .selectFrom('flight')
      .select('leg')
      .where('airline', '=', airline)
      .where('leg', '=', ask.leg)
      .executeTakeFirst();
    if (flight === undefined) return fail({ kind: 'not-found' });
    const done = await cancelFlight(ground, ask.leg, who);
    return done.ok ? DONE : fail({ kind: 'not-possible', why: done.error.kind });
  },
  'release-leg': NOT_YET,
  'upload-batch': NOT_YET,
  'write-off': NOT_YET,
  refund: NOT_YET,
  'resolve-follow-up': async ({ ground, airline, who, ask }) => {
    const { numUpdatedRows } = await ground.db
      .updateTable('follow_up')
      .set({ resolved_at_ms: ground.nowMs(), resolved_by: who, resolution: ask.reason })
      .where('airline', '=', airline)
      .where('id', '=', ask.id)
      .where('resolved_at_ms', 'is', null)
      .executeTakeFirstOrThrow();
    return numUpdatedRows === 0n ? fail({ kind: 'not-found' }) : DONE;
  },
  'decide-set-aside': NOT_YET,
  'import-statement': NOT_YET,
  'fetch-statement': NOT_YET,
  'resolve-difference': async ({ ground, airline, ask }) => {
    const { numUpdatedRows } = await ground.db
      .updateTable('difference')
      .set({ resolved_at_ms: ground.nowMs() })
      .where('airline', '=', airline)
      .where('id', '=', ask.id)
      .where('resolved_at_ms', 'is', null)
      .executeTakeFirstOrThrow();
    return numUpdatedRows === 0n ? fail({ kind: 'not-found' }) : DONE;
  },
  'add-member': NOT_YET,
  'set-tier': NOT_YET,
  'remove-member': NOT_YET,
  'add-deny': async ({ ground, airline, who, ask }) => {
    const done = await addDeny(ground, airline, { cti: ask.cti, why: ask.why, by: who });
    return done.ok ? DONE : fail({ kind: 'bad-request', why: 'cti' });
  },
  'remove-deny': async ({ ground, airline, who, ask }) => {
    const done = await removeDeny(ground, airline, { cti: ask.cti, by: who });
    return done.ok ? DONE : fail({ kind: 'not-found' });
  },
  'revoke-terminal': async ({ ground, airline, who, ask }) => {
    const done = await revokeDevice(ground, airline, { dev: ask.dev, ep: ask.ep, by: who, lostAtMs: null });
    return done.ok ? DONE : fail({ kind: 'not-found' });
  },
  'report-lost': async ({ ground, airline, who, ask }) => {
    const { dev, ep } = ask;
    const done = await revokeDevice(ground, airline, { dev, ep, by: who, lostAtMs: ground.nowMs() });
    return done.ok ? DONE : fail({ kind: 'not-found' });
  },
};
