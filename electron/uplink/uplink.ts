// The loop that brings sealed batches to ground and its results back. It never blocks selling and never throws: what goes
// wrong is shown and tried again, and what must not be tried again waits for a person.
import * as v from 'valibot';
import type { GroundState, ReachProblem, StopProblem } from '../../bridge/settlement-state.ts';
import type { ResultProblem } from '../../domain/problem.ts';
import type { Result } from '../../domain/result.ts';
import type { SealedBatch } from '../../domain/till/till-state.ts';
import type { Timers } from '../clock/timers.ts';
import { createWaiter } from '../clock/waiter.ts';
import { createBackOff, type UplinkPace } from './back-off.ts';
import type { GroundAnswer, GroundClient } from './ground-client.ts';
import { judgeBadResult, judgeRefusal, judgeResult, type Judgement } from './judge-answer.ts';
import { nextTask, stopByResult, unacknowledged, type UplinkFacts, type UplinkTask } from './next-task.ts';
import { refusalOf, uploadBatch, type UploadOutcome } from './upload-batch.ts';
import type { TakenResult } from './take-result.ts';

export type UplinkParts = {
  readonly client: GroundClient;
  readonly facts: () => UplinkFacts;
  readonly bytesOf: (batch: SealedBatch) => Promise<Result<Uint8Array, 'no-key'>>;
  /** Sealed anew, for ground had it damaged. */
  readonly freshBytesOf: (batch: SealedBatch) => Promise<Result<Uint8Array, 'no-key'>>;
  /** Seals and records the same lines with a larger overlap; false when it could not. */
  readonly reseal: (batch: SealedBatch, from: number) => Promise<boolean>;
  readonly take: (text: string) => Result<TakenResult, ResultProblem>;
  readonly nowMs: () => number;
  readonly timers: Timers;
  readonly pace: UplinkPace;
  readonly onChange: () => void;
  /** A mistake of ours: the loop goes on. */
  readonly onBroken: (error: unknown) => void;
};

export type Uplink = {
  readonly state: () => GroundState;
  /** Batches ground has had whole in this run. */
  readonly arrived: ReadonlySet<string>;
  /** This machine has come onto another network: ground that was out of its reach is tried at once. */
  readonly noteNetwork: () => void;
  /** There may be something to do. */
  readonly wake: () => void;
  /** A person wants it tried now, also what was stopped. */
  readonly sendNow: () => void;
  readonly stop: () => Promise<void>;
};

/** What a task leaves behind: go on at once, or wait. */
type Step = 'on' | { readonly waitMs: number };

export function createUplink(parts: UplinkParts): Uplink {
  const { client, pace, timers, onChange } = parts;
  const waiter = createWaiter(timers);
  const retry = createBackOff(pace.firstRetryMs, pace.mostRetryMs);
  const poll = createBackOff(pace.firstPollMs, pace.mostPollMs);
  const arrived = new Set<string>();
  const stops = new Map<string, StopProblem>();
  const damaged = new Map<string, number>();
  let halt: StopProblem | null = null;
  let isForced = false;
  let isWoken = false;
  let isOver = false;
  let ground: GroundState = { kind: 'up-to-date' };

  const show = (state: GroundState): void => {
    ground = state;
    onChange();
  };

  const stopOf = (batch: SealedBatch): StopProblem | null =>
    stops.get(batch.batchId) ?? (isForced ? null : stopByResult(batch, parts.facts().results));

  const retryLater = (why: ReachProblem, retryAfterMs: number | null = null): Step => {
    const waitMs = Math.max(retry.next(), retryAfterMs ?? 0);
    show({ kind: 'unreachable', why, nextTryAtMs: parts.nowMs() + waitMs });
    return { waitMs };
  };

  const stopBatch = (batch: SealedBatch, why: StopProblem): Step => {
    stops.set(batch.batchId, why);
    return 'on';
  };

  const follow = (judgement: Judgement, batch: SealedBatch | null): Step => {
    switch (judgement.kind) {
      case 'done':
        retry.reset();
        poll.reset();
        return 'on';
      case 'retry':
        return retryLater(judgement.why, judgement.retryAfterMs);
      case 'damaged':
        if (batch !== null) damaged.set(batch.batchId, (damaged.get(batch.batchId) ?? 0) + 1);
        return retryLater('damaged-on-the-way');
      case 'stop-batch':
        if (batch !== null) return stopBatch(batch, judgement.why);
        return retryLater('strange-answer');
      case 'halt':
        halt = judgement.why;
        return 'on';
    }
  };

  const judge = (batch: SealedBatch, outcome: UploadOutcome): Judgement => {
    if (outcome.kind !== 'answered') return judgeRefusal(outcome);
    arrived.add(batch.batchId);
    const taken = parts.take(outcome.text);
    if (taken.ok) isForced = false;
    return judgeResult(batch, taken, parts.facts(), damaged.get(batch.batchId) ?? 0);
  };

  const upload = async (batch: SealedBatch): Promise<Step> => {
    const isWhole = damaged.has(batch.batchId);
    const bytes = await (isWhole ? parts.freshBytesOf(batch) : parts.bytesOf(batch));
    if (!bytes.ok) return stopBatch(batch, 'batch-not-readable');
    const totalBytes = bytes.value.length;
    let lastSent: number | null = null;
    const onProgress = (sentBytes: number): void => {
      // A line that breaks again and again, but moves in between, is tried again soon.
      if (lastSent !== null && sentBytes > lastSent) retry.reset();
      lastSent = sentBytes;
      show({ kind: 'sending', sentBytes, totalBytes });
    };
    // Ground that was out of reach stays so on the screen until it has been heard.
    if (ground.kind !== 'unreachable') show({ kind: 'sending', sentBytes: 0, totalBytes });
    const { batchId } = batch;
    const outcome = await uploadBatch({ client, batchId, bytes: bytes.value, isWhole, onProgress });
    return follow(judge(batch, outcome), batch);
  };

  const ask = async (afterMs: number): Promise<Step> => {
    const answer = await client.ask({ method: 'GET', path: `/v1/results?after=${afterMs.toString()}` });
    if (!answer.ok) return retryLater(answer.error);
    const texts = readTexts(answer.value);
    if (texts === null) return follow(judgeRefusal(refusalOf(answer.value)), null);
    retry.reset();
    const taken = texts.map(parts.take);
    // One bad file keeps none of the good ones away.
    const bad = taken
      .flatMap((one) => (one.ok ? [] : [judgeBadResult(one.error)]))
      .find(({ kind }) => kind === 'halt');
    if (bad !== undefined) return follow(bad, null);
    if (taken.some((one) => one.ok && one.value.isNew)) {
      poll.reset();
      onChange();
    }
    if (nextTask(parts.facts(), stopOf)?.kind !== 'poll') return 'on';
    const waitMs = poll.next();
    show({ kind: 'waiting', nextTryAtMs: parts.nowMs() + waitMs });
    return { waitMs };
  };

  const perform = async (task: UplinkTask): Promise<Step> => {
    switch (task.kind) {
      case 'upload':
        return upload(task.batch);
      case 'reseal': {
        const isSealed = await parts.reseal(task.batch, task.from);
        return isSealed ? 'on' : stopBatch(task.batch, 'batch-not-readable');
      }
      case 'poll':
        return ask(task.afterMs);
    }
  };

  const rest = (): GroundState => {
    const stopped = unacknowledged(parts.facts().state)
      .map(stopOf)
      .find((why) => why !== null);
    const why = halt ?? stopped ?? null;
    return why === null ? { kind: 'up-to-date' } : { kind: 'stopped', why };
  };

  const pause = async (waitMs: number): Promise<void> => {
    await waiter.until(() => isWoken || isOver, waitMs);
    isWoken = false;
  };

  const run = async (): Promise<void> => {
    while (!isOver) {
      const task = halt === null ? nextTask(parts.facts(), stopOf) : null;
      if (task === null) {
        show(rest());
        await pause(MOST_TIMER_MS);
        continue;
      }
      const step = await perform(task).catch((error: unknown) => {
        parts.onBroken(error);
        return retryLater('cut-off');
      });
      if (step !== 'on') await pause(step.waitMs);
    }
  };
  const running = run();

  const wake = (): void => {
    isWoken = true;
    waiter.wake();
  };

  return {
    state: () => ground,
    arrived,
    noteNetwork: () => {
      // A pause that ground itself has asked for is kept, and what waits for a person goes on waiting.
      if (ground.kind !== 'unreachable' || !OF_THE_NETWORK.has(ground.why)) return;
      retry.reset();
      wake();
    },
    wake,
    sendNow: () => {
      halt = null;
      stops.clear();
      damaged.clear();
      isForced = true;
      retry.reset();
      poll.reset();
      wake();
    },
    stop: async () => {
      isOver = true;
      client.close();
      waiter.wake();
      await running;
    },
  };
}

/** What another network may have ended; a page that asks for a password answers with its own certificate. */
const OF_THE_NETWORK: ReadonlySet<ReachProblem> = new Set(['no-network', 'wrong-certificate', 'cut-off']);

/** The longest a timer of Node can wait; the loop is woken before. */
const MOST_TIMER_MS = 2 ** 31 - 1;

const resultsSchema = v.object({ results: v.pipe(v.array(v.string()), v.maxLength(1000)) });

function readTexts({ status, text }: GroundAnswer): readonly string[] | null {
  if (status !== 200) return null;
  try {
    const parsed = v.safeParse(resultsSchema, JSON.parse(text));
    return parsed.success ? parsed.output.results : null;
  } catch {
    return null;
  }
}
