// What people do. Each act is another part's function; here it gets its user and its answer in the console's words.
import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import { fail, ok, type Result } from '../../domain/result.ts';
import { revokeDevice } from '../airlines/devices.ts';
import type { Tables } from '../database/tables.ts';
import { changeCatalogue } from '../flights/change-catalogue.ts';
import { addDeny, removeDeny } from '../flights/deny-list.ts';
import { liftQuarantine } from '../ingest/lift-quarantine.ts';
import { receiveBatch } from '../ingest/receive-batch.ts';
import { addMemberByOrder, removeMember, setTier } from '../members/members.ts';
import type { Act, ActProblem } from '../orders/act.ts';
import * as orders from '../orders/acts.ts';
import { refundOrder } from '../orders/refund-order.ts';
import * as terminals from '../orders/terminal-acts.ts';
import { resolveDifference } from '../statements/resolve-difference.ts';
import { fetchStatement, importStatement, type StatementProblem } from '../statements/import-statement.ts';
import type { ActName, ConsoleProblem } from '../web/console-api.ts';
import { reason } from '../web/reasons.ts';
import type { Answers, Done } from '../web/console-rows.ts';
import type { Answer, Asked } from './handlers.ts';

type Acts = { readonly [Name in ActName]: (asked: Asked<Name>) => Answer<Answers[Name]> };

const DONE: Result<Done, never> = ok({ done: true });

/** Who, for which airline and why, with what the act is about. */
function act<Ask extends { readonly reason: string }>({
  airline,
  who,
  ask,
}: {
  readonly airline: string;
  readonly who: string;
  readonly ask: Ask;
}): Act & Ask {
  return { ...ask, who, airline, why: ask.reason };
}

async function done(answer: Promise<Result<null, ActProblem>>): Answer<Done> {
  const result = await answer;
  return result.ok ? DONE : fail(problemOf(result.error));
}

function problemOf({ kind, why }: ActProblem): ConsoleProblem {
  return { kind: kind === 'wallet-unreachable' ? 'wallet-away' : kind, why };
}

export const ACTS: Acts = {
  'release-terminal': ({ ground, ...asked }) => done(terminals.releaseTerminal(ground, act(asked))),
  'declare-lost': ({ ground, ...asked }) => done(terminals.declareTerminalLost(ground, act(asked))),
  'cancel-flight': ({ ground, ...asked }) => done(terminals.cancelFlight(ground, act(asked))),
  'release-leg': ({ ground, ...asked }) => done(terminals.releaseLeg(ground, act(asked))),
  'upload-batch': async ({ ground, airline, ask }) => {
    const bytes = new Uint8Array(Buffer.from(ask.fileBase64, 'base64'));
    const { status } = await receiveBatch(ground, { airline, bytes, source: 'upload' });
    return ok({ done: true, status, id: await idOfFile(ground.db, airline, bytes) });
  },
  'write-off': ({ ground, ...asked }) => done(orders.writeOff(ground, act(asked))),
  refund: ({ ground, ...asked }) => done(refundOrder(ground, act(asked))),
  'send-on': ({ ground, ...asked }) => done(orders.sendOn(ground, act(asked))),
  'no-show': ({ ground, ...asked }) => done(orders.releaseNoShow(ground, act(asked))),
  'paid-elsewhere': ({ ground, ...asked }) => done(orders.recordPaidElsewhere(ground, act(asked))),
  'resolve-follow-up': ({ ground, ...asked }) => done(orders.resolveFollowUp(ground, act(asked))),
  'decide-set-aside': ({ ground, ...asked }) => {
    const decide = asked.ask.decision === 'accept' ? orders.acceptSetAside : orders.dropSetAside;
    return done(decide(ground, act(asked)));
  },
  'import-statement': async ({ ground, airline, ask }) =>
    statementAnswer(await importStatement(ground, airline, ask.wallet, ask.text, ask.day)),
  'fetch-statement': async ({ ground, airline, ask }) =>
    statementAnswer(await fetchStatement(ground, airline, ask.wallet, ask.day)),
  'resolve-difference': async ({ ground, airline, ask }) => {
    const resolved = await resolveDifference(ground, airline, ask.id);
    return resolved.ok ? DONE : fail({ kind: 'not-found' });
  },
  'add-member': async ({ ground, airline, who, ask }) => {
    const { orderNumber, label, tier } = ask;
    const added = await addMemberByOrder(ground, airline, { orderNumber, label, tier, by: who });
    if (added.ok) return DONE;
    const { kind } = added.error;
    return fail(kind === 'enrolment-unknown' ? { kind: 'not-found' } : { kind: 'bad-request', why: kind });
  },
  'set-tier': async ({ ground, airline, who, ask }) => {
    const { wallet, accountHash, tier } = ask;
    const saved = await setTier(ground, { airline, wallet, accountHash }, { tier, by: who });
    if (saved.ok) return DONE;
    const { kind } = saved.error;
    return fail(kind === 'member-unknown' ? { kind: 'not-found' } : { kind: 'bad-request', why: kind });
  },
  'remove-member': async ({ ground, airline, who, ask }) => {
    const { wallet, accountHash } = ask;
    const removed = await removeMember(ground, { airline, wallet, accountHash }, who);
    return removed.ok ? DONE : fail({ kind: 'not-found' });
  },
  'add-deny': async ({ ground, airline, who, ask }) => {
    const added = await addDeny(ground, airline, { cti: ask.cti, why: ask.why, by: who });
    return added.ok ? DONE : fail({ kind: 'bad-request', why: 'cti' });
  },
  'remove-deny': async ({ ground, airline, who, ask }) => {
    const removed = await removeDeny(ground, airline, { cti: ask.cti, by: who });
    return removed.ok ? DONE : fail({ kind: 'not-found' });
  },
  'revoke-terminal': (asked) => revoke(asked),
  'report-lost': ({ ground, ...asked }) => done(terminals.reportTerminalLost(ground, act(asked))),
  'save-catalogue': async ({ ground, airline, who, ask }) => {
    const { text, fromDay = null } = ask;
    const changed = await changeCatalogue(ground, airline, { text, fromDay, by: who });
    if (changed.ok)
      return ok({ done: true, version: changed.value.version, flights: changed.value.legs.length });
    const { error } = changed;
    if (error.kind === 'fault')
      return fail({ kind: 'bad-request', why: `${error.fault.file}: ${error.fault.why}` });
    const { leg, sku, why } = error.item;
    return fail({
      kind: 'not-possible',
      why: reason(why === 'loaded' ? 'item-loaded' : 'item-ordered', { leg, sku }).text,
    });
  },
  'lift-quarantine': ({ ground, ...asked }) => done(liftQuarantine(ground, act(asked))),
};

async function idOfFile(db: Kysely<Tables>, airline: string, bytes: Uint8Array): Promise<number | null> {
  const row = await db
    .selectFrom('batch')
    .select('id')
    .where('airline', '=', airline)
    .where('file_sha256', '=', createHash('sha256').update(bytes).digest('hex'))
    .executeTakeFirst();
  return row?.id ?? null;
}

async function revoke({ ground, airline, who, ask }: Asked<'revoke-terminal'>): Answer<Done> {
  const revoked = await revokeDevice(ground, airline, { dev: ask.dev, ep: ask.ep, by: who, lostAtMs: null });
  return revoked.ok ? DONE : fail({ kind: 'not-found' });
}

function statementAnswer(
  answer: Result<{ readonly rows: number; readonly differences: number }, StatementProblem>,
): Result<Answers['import-statement'], ConsoleProblem> {
  if (answer.ok) return ok({ done: true, ...answer.value });
  const { error } = answer;
  const why = 'why' in error ? error.why : error.kind;
  return fail({ kind: error.kind === 'bad-day' ? 'bad-request' : 'not-possible', why });
}
