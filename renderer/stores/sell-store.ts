// The sell side: who is in front, what was refused, what has just been recorded.
import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import type { OrderAnswer, Request, ScanAnswer } from '../../bridge/contract.ts';
import type { PassengerCard } from '../../domain/bill/passenger-card.ts';
import type { VOID_REASONS } from '../../domain/journal/event.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import type { BasketDraft } from '../ledger/basket-drafts.ts';
import { stepsFor } from '../messages/next-steps.ts';
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

/** The phone of one passenger is being asked to confirm the amount of the basket (amount-confirmed mode). */
export type Asking = {
  readonly bill: string;
  /** Text of the code the phone scans (`CQ1:`). */
  readonly code: string;
  readonly amountMinor: number;
  /** The phone showed its ordinary code instead of the answer. */
  readonly wasPlain: boolean;
};

/** What became of a passenger's own order (`CO1:`), told beside the basket it went into. */
export type OrderNote = {
  readonly basket: string;
  readonly text: string;
  /** Pieces put in; 0 when the same order was scanned again. */
  readonly pieces: number;
  readonly unknown: readonly string[];
};

/** What was refused decides where its buttons lead. */
export type RefusalOrigin = 'scan' | 'sale' | 'correction' | 'challenge';

export type SellFace =
  | { readonly kind: 'basket' }
  | { readonly kind: 'asking' }
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
  /** The passenger in front has a phone that can answer. */
  const canAsk = computed(() => card.value !== null && card.value.mode !== 'static');
  const asking = shallowRef<Asking | null>(null);
  const orderNote = shallowRef<OrderNote | null>(null);

  // Once the flight is closed nobody is served, and what was recorded last cannot be undone any more.
  watch(
    () => session.gate.kind,
    (kind) => {
      if (kind !== 'open') nextPassenger();
    },
  );

  function showBasket(): void {
    stopAsking();
    face.value = { kind: 'basket' };
  }

  /** Back to scanning: for the phone's answer where one is awaited, else for whoever comes. */
  function awaitScan(): void {
    if (asking.value === null) showBasket();
    else face.value = { kind: 'asking' };
  }

  function stopAsking(): void {
    if (asking.value === null) return;
    asking.value = null;
    void session.till.ask('closeChallenge', {});
  }

  /** Whether the passenger in front may agree to the basket's amount on the phone; then the till is ready to ask. */
  async function openChallenge(): Promise<Result<null, CrewProblem>> {
    const { current } = basket;
    if (current.card === null) return fail({ kind: 'bad-request' });
    const answer = await session.till.ask('openChallenge', intentOf(current, current.card));
    asking.value = null;
    if (!answer.ok) return answer;
    const { challenge: code, amountMinor } = answer.value;
    asking.value = { bill: current.card.bill, code, amountMinor, wasPlain: false };
    return ok(null);
  }

  /** Asks the passenger in front to agree to the basket's amount on the phone. */
  async function askConfirmation(): Promise<void> {
    if (basket.isLocked || basket.isEmpty) return;
    basket.isLocked = true;
    const opened = asking.value === null ? await openChallenge() : ok(null);
    basket.isLocked = false;
    if (opened.ok) face.value = { kind: 'asking' };
    else refuse(opened.error, 'challenge');
  }

  /** The phone's answer stands for exactly this basket: nothing is left to decide. */
  function hearAnswer(scanned: PassengerCard, wanted: Asking): void {
    basket.serve(scanned);
    if (scanned.mode !== 'confirmed') {
      asking.value = { ...wanted, wasPlain: true };
      face.value = { kind: 'asking' };
      return;
    }
    asking.value = null;
    face.value = { kind: 'basket' };
    void confirm();
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
    if (asking.value?.bill === scanned.bill) {
      hearAnswer(scanned, asking.value);
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
      const answer = await session.till.ask('confirmSale', intentOf(current, current.card));
      if (!answer.ok) {
        // Asked now, so that the crew is offered this way out only where it leads out.
        if (canAsk.value && isHelpedByConfirming(answer.error)) await openChallenge();
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

  /** A passenger's own choice, scanned from the phone: into the basket in front, for the crew to confirm. */
  function takeOrder(text: string, { items, unknown }: OrderAnswer): Result<null, CrewProblem> {
    if (session.gate.kind !== 'open') return fail({ kind: 'flight-closed' });
    if (items.length === 0) return fail({ kind: 'order-not-sold', skus: unknown });
    showBasket();
    const { id } = basket.current;
    const isKnown = orderNote.value?.basket === id && orderNote.value.text === text;
    // Out of view for a moment and in view again: the passenger has not ordered twice.
    const isNew = !isKnown || basket.isEmpty;
    if (isNew) basket.addAll(items);
    const pieces = isNew ? items.reduce((sum, item) => sum + item.q, 0) : 0;
    orderNote.value = { basket: id, text, pieces, unknown };
    return ok(null);
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
    asking,
    canAsk,
    /** What is told beside the basket in front, or null. */
    orderNote: computed(() => (orderNote.value?.basket === basket.current.id ? orderNote.value : null)),
    showBasket,
    awaitScan,
    askConfirmation,
    takeOrder,
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

/** A limit that is higher for an amount the passenger has confirmed, or a confirmation for another amount. */
function isHelpedByConfirming(problem: CrewProblem): boolean {
  return stepsFor(problem).includes('ask-confirmation');
}

function intentOf(draft: BasketDraft, card: PassengerCard): Request<'confirmSale'> {
  const items = draft.items.map(({ sku, q }) => ({ sku, q }));
  return { bill: card.bill, basket: draft.id, items };
}

/** A refusal that another sighting of the same phone does not answer. */
function isAboutTheBasket(face: SellFace): boolean {
  if (face.kind !== 'refused' || face.origin !== 'sale') return false;
  return face.problem.kind !== 'scan-again' && face.problem.kind !== 'bill-unknown';
}
