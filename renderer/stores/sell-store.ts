// The sell side: who is in front, what was refused, what has just been recorded.
import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import type { ScanAnswer } from '../../bridge/contract.ts';
import type { PassengerCard } from '../../domain/bill/passenger-card.ts';
import type { VOID_REASONS } from '../../domain/journal/event.ts';
import type { Result } from '../../domain/result.ts';
import type { CrewProblem } from '../till/crew-problem.ts';
import { useBasketStore } from './basket-store.ts';
import { useSessionStore } from './session-store.ts';

export type ConfirmedSale = {
  readonly seq: number;
  readonly card: PassengerCard;
  readonly totalMinor: number;
  /** The basket had been recorded before; nothing was charged twice. */
  readonly isAgain: boolean;
};

/** What was refused decides where its buttons lead. */
export type RefusalOrigin = 'scan' | 'sale' | 'correction';

export type SellFace =
  | { readonly kind: 'basket' }
  | { readonly kind: 'seat-differs' }
  | { readonly kind: 'refused'; readonly problem: CrewProblem; readonly origin: RefusalOrigin }
  | { readonly kind: 'confirmed'; readonly sale: ConfirmedSale };

export type VoidReason = (typeof VOID_REASONS)[number];

export const useSellStore = defineStore('sell', () => {
  const session = useSessionStore();
  const basket = useBasketStore();
  const face = shallowRef<SellFace>({ kind: 'basket' });
  const isConfirming = computed(() => basket.isLocked);
  const card = computed(() => basket.current.card);

  // Once the flight is closed nobody is served, and what was recorded last cannot be undone any more.
  watch(
    () => session.gate.kind,
    (kind) => {
      if (kind !== 'open') nextPassenger();
    },
  );

  function showBasket(): void {
    face.value = { kind: 'basket' };
  }

  function refuse(problem: CrewProblem, origin: RefusalOrigin): void {
    face.value = { kind: 'refused', problem, origin };
  }

  /** A passenger was recognised. `isQuiet`: the same phone renewed its code while it was held up. */
  function welcome(scanned: PassengerCard, isQuiet: boolean): void {
    const isSamePassenger = shownBill() === scanned.bill;
    if (isQuiet && isSamePassenger && face.value.kind === 'confirmed') {
      face.value = { kind: 'confirmed', sale: { ...face.value.sale, card: scanned } };
      return;
    }
    basket.serve(scanned);
    const keepsRefusal = isQuiet && isSamePassenger && isAboutTheBasket(face.value);
    if (!keepsRefusal) showBasket();
  }

  function shownBill(): string | null {
    return face.value.kind === 'confirmed' ? face.value.sale.card.bill : (card.value?.bill ?? null);
  }

  async function confirm(): Promise<void> {
    const { current, priced } = basket;
    if (basket.isLocked || current.card === null || priced === null) return;
    basket.isLocked = true;
    try {
      await basket.settled();
      const items = current.items.map(({ sku, q }) => ({ sku, q }));
      const answer = await session.till.ask('confirmSale', {
        bill: current.card.bill,
        basket: current.id,
        items,
      });
      if (!answer.ok) {
        refuse(answer.error, 'sale');
        return;
      }
      const { seq, again, card: updated } = answer.value;
      basket.finish();
      face.value = {
        kind: 'confirmed',
        sale: { seq, card: updated, totalMinor: priced.totalMinor, isAgain: again },
      };
    } finally {
      basket.isLocked = false;
    }
  }

  /** The crew compared the boarding pass of a passenger with a static code. */
  async function confirmSeat(): Promise<void> {
    if (card.value === null) return;
    const answer: Result<ScanAnswer, CrewProblem> = await session.till.ask('confirmSeat', {
      bill: card.value.bill,
    });
    if (answer.ok) welcome(answer.value.card, false);
    else refuse(answer.error, 'scan');
  }

  /** Voids a sale of any bill; the card in front follows when it is the same passenger's. */
  async function voidSale(seq: number, reason: VoidReason): Promise<Result<null, CrewProblem>> {
    const answer = await session.till.ask('voidSale', { seq, reason });
    if (!answer.ok) return answer;
    const { card: updated } = answer.value;
    if (face.value.kind === 'confirmed' && face.value.sale.card.bill === updated.bill) {
      face.value = { kind: 'confirmed', sale: { ...face.value.sale, card: updated } };
    } else if (card.value?.bill === updated.bill) {
      basket.serve(updated);
    }
    return { ok: true, value: null };
  }

  /** Also leads back from a refusal; after a sale it begins a basket that asks for its passenger. */
  function addItem(sku: string): void {
    if (session.gate.kind !== 'open') {
      refuse({ kind: 'flight-closed' }, 'sale');
      return;
    }
    if (!isConfirming.value) showBasket();
    basket.add(sku);
  }

  /** Nobody in front: the idle side teaches how to scan. */
  function nextPassenger(): void {
    basket.stepBack();
    showBasket();
  }

  function moreFor(passenger: PassengerCard): void {
    basket.serve(passenger);
    showBasket();
  }

  return {
    face,
    card,
    isConfirming,
    showBasket,
    refuse,
    welcome,
    confirm,
    confirmSeat,
    voidSale,
    addItem,
    moreFor,
    seatDiffers: () => {
      face.value = { kind: 'seat-differs' };
    },
    nextPassenger,
  };
});

/** A refusal that another sighting of the same phone does not answer. */
function isAboutTheBasket(face: SellFace): boolean {
  if (face.kind !== 'refused' || face.origin !== 'sale') return false;
  return face.problem.kind !== 'scan-again' && face.problem.kind !== 'bill-unknown';
}
