// What the till was opened with: flight, terminal, gate, and the way to main.
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { FlightView, GateState, StartNotice } from '../../bridge/contract.ts';
import type { ReadyAnswer } from '../ledger/catch-up.ts';
import type { CrewProblem } from '../till/crew-problem.ts';
import type { OpenTill } from '../till/open-till.ts';
import type { TillClient } from '../till/till-client.ts';

export type SessionPhase =
  | { readonly kind: 'opening' }
  | { readonly kind: 'blocked'; readonly problem: CrewProblem }
  | { readonly kind: 'ready' };

export const useSessionStore = defineStore('session', () => {
  const phase = shallowRef<SessionPhase>({ kind: 'opening' });
  const opened = shallowRef<OpenTill | null>(null);
  const gate = shallowRef<GateState>({ kind: 'open' });
  const notices = shallowRef<readonly StartNotice[]>([]);

  function begin(open: OpenTill): void {
    opened.value = open;
    gate.value = open.answer.gate;
    notices.value = open.answer.notices;
    phase.value = { kind: 'ready' };
  }

  function block(problem: CrewProblem): void {
    phase.value = { kind: 'blocked', problem };
  }

  /** Screens exist only after `begin`; asking earlier is a bug. */
  function ready(): OpenTill {
    if (opened.value === null) throw new Error('the till is not open yet');
    return opened.value;
  }

  const till = computed<TillClient>(() => ready().till);
  const answer = computed<ReadyAnswer>(() => ready().answer);
  const flight = computed<FlightView>(() => answer.value.flight);

  return {
    phase,
    opened,
    gate,
    notices,
    till,
    answer,
    flight,
    begin,
    block,
    dismissNotices: () => {
      notices.value = [];
    },
  };
});
