// The renderer over the real main: only the window in between is left out. Calls cross as structured clones, as over IPC.
import { cleanup, render, type RenderResult } from '@testing-library/vue';
import { createPinia, setActivePinia, type Pinia } from 'pinia';
import { onTestFinished } from 'vitest';
import type { Component } from 'vue';
import type {
  Answers,
  CallName,
  DeviceStates,
  PushName,
  Pushes,
  Request,
  TillBridge,
} from '../../../bridge/contract.ts';
import TillScreen from '../../../renderer/screens/TillScreen.vue';
import { deleteLedger } from '../../../renderer/ledger/open-ledger.ts';
import { useBasketStore } from '../../../renderer/stores/basket-store.ts';
import { useSessionStore } from '../../../renderer/stores/session-store.ts';
import { openTill } from '../../../renderer/till/open-till.ts';
import { showCode, type DemoPassenger } from '../../support/demo-passengers.ts';
import { openMainTill, type MainTill, type MainTillOptions } from '../../support/main-till.ts';
import { newLedgerName } from './ledger-scene.ts';

export type TestWindow = {
  readonly main: MainTill;
  readonly bridge: TillBridge;
  readonly pinia: Pinia;
  readonly ledgerName: string;
  /** Which calls crossed the bridge, in order. */
  readonly calls: readonly CallName[];
  readonly push: <Name extends PushName>(name: Name, value: Pushes[Name]) => void;
  /** Lets a call reach main but not its answer the page, as when the process dies in between. */
  readonly loseAnswerOf: (name: CallName) => void;
  readonly codeOf: (passenger: DemoPassenger) => string;
  /** Mounts the open till. */
  readonly show: () => RenderResult;
};

type Listeners = { [Name in PushName]: Set<(value: Pushes[Name]) => void> };

export type TestWindowOptions = MainTillOptions & {
  /** A till that has been open before, with the ledger the page had then. */
  readonly main?: MainTill;
  readonly ledgerName?: string;
};

export async function openTestWindow(options: TestWindowOptions = {}): Promise<TestWindow> {
  const main = options.main ?? (await openMainTill(options));
  const ledgerName = options.ledgerName ?? newLedgerName();
  const listeners: Listeners = {
    lines: new Set(),
    devices: new Set(),
    settlement: new Set(),
    scannerText: new Set(),
  };
  const calls: CallName[] = [];
  let lost: CallName | null = null;
  const bridge: TillBridge = {
    call: async <Name extends CallName>(name: Name, request: Request<Name>) => {
      calls.push(name);
      const handle = main.call[name] as (request: unknown) => unknown;
      const answer = structuredClone((await handle(structuredClone(request))) as Answers[Name]);
      if (lost !== name) return answer;
      lost = null;
      throw new Error('the answer was lost');
    },
    on: (name, listen) => {
      listeners[name].add(listen);
      return () => listeners[name].delete(listen);
    },
  };
  const pinia = createPinia();
  setActivePinia(pinia);
  const session = useSessionStore();
  const opened = await openTill({ bridge, ledgerName, onLedgerFault: session.block });
  if (opened.ok) session.begin(opened.value);
  else session.block(opened.error);
  onTestFinished(async () => {
    cleanup();
    if (opened.ok) await useBasketStore(pinia).settled();
    if (opened.ok) opened.value.till.ledger.tables.close();
    if (options.ledgerName === undefined) await deleteLedger(ledgerName);
  });
  return {
    main,
    bridge,
    pinia,
    ledgerName,
    calls,
    push: (name, value) => {
      for (const listen of listeners[name]) listen(value);
    },
    loseAnswerOf: (name) => {
      lost = name;
    },
    codeOf: (passenger) => {
      main.clock.nowMs += 1000;
      if (passenger.holder === null) return passenger.staticCode;
      return showCode(passenger, Math.floor(main.clock.nowMs / 1000));
    },
    // The linter's type service does not read .vue files of another room.
    show: () => render(TillScreen as Component, { global: { plugins: [pinia] } }),
  };
}

export function devicesWith(change: Partial<DeviceStates>): DeviceStates {
  return {
    printer: { kind: 'ready', isPaperLow: false },
    scanner: { kind: 'not-set' },
    storage: { kind: 'ready' },
    clock: { kind: 'right' },
    waitingSlips: [],
    ...change,
  };
}
