import { useRouter } from 'vue-router';
import type { WayOut } from '../messages/words.ts';
import { useSignUp } from '../stores/sign-up-store.ts';

/** Leads to where a refusal can be mended. */
export function useWayOut(): (way: WayOut, tryAgain: () => void) => void {
  const router = useRouter();
  const signUp = useSignUp();
  return (way, tryAgain) => {
    const hasDetails = signUp.flight !== null && signUp.cleanSeat !== '' && signUp.name !== '';
    if (way === 'try-again' && hasDetails) tryAgain();
    else if (way === 'change-details' && hasDetails) void router.push({ name: 'sign-up-seat' });
    else if (way === 'choose-wallet' && hasDetails) void router.push({ name: 'sign-up-wallet' });
    else void router.push({ name: 'sign-up-flight' });
  };
}
