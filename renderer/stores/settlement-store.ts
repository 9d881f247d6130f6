// Where the money is on its way to the wallets, and what has arrived since the crew last looked.
import { defineStore } from 'pinia';
import { computed, onScopeDispose, shallowRef } from 'vue';
import type { ImportAnswer } from '../../bridge/contract.ts';
import type { SettlementState } from '../../bridge/settlement-state.ts';
import type { Result } from '../../domain/result.ts';
import type { BatchSettlement, BillSettlement } from '../../domain/settlement/settlement-view.ts';
import type { ToldStanding } from '../messages/settlement-words.ts';
import type { CrewProblem } from '../till/crew-problem.ts';
import { useSessionStore } from './session-store.ts';

/** Bills that have come to an end, or to the passenger's hands, since the crew dismissed the last such line. */
export type ResultNews = { readonly paid: number; readonly mustAct: number };

/** How many bills stand somewhere, and what they come to. */
export type StandingCount = {
  readonly standing: ToldStanding;
  readonly count: number;
  readonly minor: number;
};

const NO_NEWS: ResultNews = { paid: 0, mustAct: 0 };
const TOLD: readonly ToldStanding[] = [
  'sealed',
  'sent',
  'acknowledged',
  'collecting',
  'paid',
  'lowered',
  'must-act',
  'with-ground',
];

export const useSettlementStore = defineStore('settlement', () => {
  const session = useSessionStore();
  const state = shallowRef<SettlementState>(session.opened?.settlement() ?? session.answer.settlement);
  const news = shallowRef<ResultNews>(NO_NEWS);
  /** Ground is being asked because the crew wanted it now. */
  const isAsking = shallowRef(false);

  function adopt(next: SettlementState): void {
    news.value = addNews(news.value, state.value.bills, next.bills);
    state.value = next;
  }

  onScopeDispose(session.till.on('settlement', adopt));

  const counts = computed<readonly StandingCount[]>(() => {
    const bills = Object.values(state.value.bills);
    return TOLD.map((standing) => {
      const here = bills.filter((bill) => bill.status === standing && bill.amountMinor > 0);
      return { standing, count: here.length, minor: here.reduce((sum, bill) => sum + bill.amountMinor, 0) };
    }).filter(({ count }) => count > 0);
  });

  /** The batch of this flight, once it is sealed. */
  const batch = computed<BatchSettlement | null>(() => {
    const { gate } = session;
    if (gate.kind !== 'sealed') return null;
    return state.value.batches.find(({ batchId }) => batchId === gate.batchId) ?? null;
  });

  /** Every bill of the flight has been collected, or had nothing to collect. */
  const isEverythingCollected = computed(() =>
    Object.values(state.value.bills).every(
      ({ status, amountMinor }) => amountMinor === 0 || status === 'paid' || status === 'lowered',
    ),
  );

  /** A batch ground has not acknowledged: also one without a sale is awaited there. */
  const isBatchUnsent = computed(() => state.value.batches.some(({ status }) => status !== 'acknowledged'));

  async function sendNow(): Promise<Result<null, CrewProblem>> {
    isAsking.value = true;
    const answer = await session.till.ask('sendNow', {});
    isAsking.value = false;
    if (!answer.ok) return answer;
    adopt(answer.value.settlement);
    return { ok: true, value: null };
  }

  async function importResults(volume: string): Promise<Result<ImportAnswer, CrewProblem>> {
    const answer = await session.till.ask('importResults', { volume });
    if (answer.ok) adopt(answer.value.settlement);
    return answer;
  }

  return {
    state,
    news,
    isAsking,
    counts,
    batch,
    isBatchUnsent,
    isEverythingCollected,
    sendNow,
    importResults,
    dismissNews: () => {
      news.value = NO_NEWS;
    },
  };
});

function addNews(
  news: ResultNews,
  before: SettlementState['bills'],
  after: SettlementState['bills'],
): ResultNews {
  const arrived = Object.entries(after).filter(
    ([bill, { status, amountMinor }]) => amountMinor > 0 && before[bill]?.status !== status,
  );
  const count = (isNews: (standing: BillSettlement['status']) => boolean): number =>
    arrived.filter(([, { status }]) => isNews(status)).length;
  const paid = count((status) => status === 'paid' || status === 'lowered');
  const mustAct = count((status) => status === 'must-act');
  if (paid === 0 && mustAct === 0) return news;
  return { paid: news.paid + paid, mustAct: news.mustAct + mustAct };
}
