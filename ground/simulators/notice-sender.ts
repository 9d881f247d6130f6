// Sends a wallet's notices to the merchant and repeats each until it is answered.
import { setMaxListeners } from 'node:events';
import type { FaultList } from './faults.ts';
import type { SimulatorTiming } from './timing.ts';

export type NoticeForm = 'genuine' | 'bad-signature' | 'altered' | 'old-timestamp';

/** Composes one try: signed anew each time, its id the same. */
export type Notice = {
  readonly address: string;
  readonly compose: (form: NoticeForm) => {
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
  readonly isAnswer: (status: number, body: string) => boolean;
};

export type NoticeSender = {
  readonly send: (notice: Notice) => void;
  readonly whenAtRest: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

export function createNoticeSender(faults: FaultList, timing: SimulatorTiming): NoticeSender {
  const stopping = new AbortController();
  // One listener for each that waits: as many as there are.
  setMaxListeners(0, stopping.signal);
  const underWay = new Set<Promise<void>>();
  const start = (work: Promise<void>): void => {
    underWay.add(work);
    void work.finally(() => underWay.delete(work));
  };
  const deliver = async (notice: Notice): Promise<void> => {
    for (const waitMs of [0, ...timing.noticeRetryMs]) {
      await pause(waitMs, stopping.signal);
      if (stopping.signal.aborted) return;
      const fault = faults.take('notice');
      if (fault?.kind === 'lost') return;
      if (fault?.kind === 'delay') await pause(fault.ms, stopping.signal);
      const answered = await post(notice, formOf(fault?.kind), timing.noticeTimeoutMs, stopping.signal);
      if (fault?.kind === 'duplicate') await post(notice, 'genuine', timing.noticeTimeoutMs, stopping.signal);
      if (answered && fault?.kind !== 'drop-after') return;
    }
  };
  return {
    send: (notice) => {
      start(deliver(notice));
    },
    whenAtRest: async () => {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    stop: async () => {
      stopping.abort();
      await Promise.all(underWay);
    },
  };
}

function formOf(kind: string | undefined): NoticeForm {
  return kind === 'bad-signature' || kind === 'altered' || kind === 'old-timestamp' ? kind : 'genuine';
}

async function post(
  notice: Notice,
  form: NoticeForm,
  timeoutMs: number,
  stopped: AbortSignal,
): Promise<boolean> {
  try {
    const { headers, body } = notice.compose(form);
    const response = await fetch(notice.address, {
      method: 'POST',
      headers,
      body,
      signal: AbortSignal.any([stopped, AbortSignal.timeout(timeoutMs)]),
    });
    return notice.isAnswer(response.status, await response.text());
  } catch {
    // Not reachable or not in time: the next try is due later.
    return false;
  }
}

/** Ends early when the simulator stops. */
export function pause(ms: number, stopped: AbortSignal): Promise<void> {
  if (ms <= 0 || stopped.aborted) return Promise.resolve();
  return new Promise((done) => {
    const timer = setTimeout(finish, ms);
    function finish(): void {
      clearTimeout(timer);
      stopped.removeEventListener('abort', finish);
      done();
    }
    stopped.addEventListener('abort', finish);
  });
}
