// What the passenger has filled in so far; lives as long as the page.
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { Language, OpenFlight } from '../../web/phone-api.ts';
import type { SignUp } from '../sign-up/sign-up.ts';
import type { BoardingPass } from '../sign-up/boarding-pass.ts';

export const useSignUp = defineStore('sign-up', () => {
  const flight = shallowRef<OpenFlight | null>(null);
  const pass = shallowRef<Pick<BoardingPass, 'text'> | null>(null);
  const seat = ref('');
  const name = ref('');
  const seq = ref('');
  const wallet = ref<number | null>(null);

  function choose(open: OpenFlight): void {
    flight.value = open;
    pass.value = null;
    wallet.value = open.wallets.length === 1 ? (open.wallets[0] ?? null) : null;
  }

  return {
    flight,
    pass,
    seat,
    name,
    seq,
    wallet,
    choose,
    choosePass: (open: OpenFlight, scanned: BoardingPass) => {
      choose(open);
      pass.value = scanned;
      seat.value = scanned.seat;
      name.value = scanned.name;
      seq.value = scanned.seq === 0 ? '' : scanned.seq.toString();
    },
    /** As it was before the passenger went to the wallet. */
    restore: (open: OpenFlight, before: SignUp) => {
      choose(open);
      wallet.value = before.wallet;
      seat.value = before.seat;
      name.value = before.name;
      seq.value = before.seq === 0 ? '' : before.seq.toString();
      pass.value = before.boardingPass === undefined ? null : { text: before.boardingPass };
    },
    /** What was typed contradicts a pass: then the pass no longer counts. */
    dropPass: () => {
      pass.value = null;
    },
    cleanSeat: computed(() => seat.value.trim().toUpperCase().replace(/^0+/, '')),
    request: (language: Language): SignUp | null => {
      if (flight.value === null || wallet.value === null) return null;
      const number = Number.parseInt(seq.value, 10);
      return {
        leg: flight.value.leg,
        seat: seat.value.trim().toUpperCase().replace(/^0+/, ''),
        seq: Number.isNaN(number) ? 0 : Math.min(9999, Math.max(0, number)),
        name: name.value.trim(),
        wallet: wallet.value,
        language,
        ...(pass.value === null ? {} : { boardingPass: pass.value.text }),
      };
    },
  };
});
