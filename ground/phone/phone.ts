// A passenger's phone without its screens: the pages and the headless phones of tests and demos are this one object.
import type { AmountBinding } from '../../domain/cabin-code/cabin-code.ts';
import { decodeBase64url } from '../../domain/encoding/base64url.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { CONSENT_VERSION, type EnrolmentState, type OpenFlight, type PhoneOrder } from '../web/phone-api.ts';
import { createCopyTaker, type CopyTaker, type TakenFrame } from './copies/copy-taker.ts';
import { purchaseOfLine, type Purchase } from './copies/purchase.ts';
import { createGroundClient, type Answer, type CallFault } from './ground-client/ground-client.ts';
import { type KeptCopy, type KeptFlight, type PhoneStorage } from './storage/phone-storage.ts';
import type { SignUp } from './sign-up/sign-up.ts';
import { standingOf, withAnswer, type ChallengeStanding } from './wallet-code/answered-challenges.ts';
import { composeFreshCode, composeStaticCode } from './wallet-code/compose-code.ts';
import { findCredentialFault, type CredentialFault } from './wallet-code/find-credential-fault.ts';
import { newHolderKey, type HolderKey, type WebCrypto } from './web-crypto/web-crypto.ts';

export type CodeFault = 'not-enrolled' | 'challenge-used-up' | 'no-key';
export type EnrolmentFault = CallFault | { readonly kind: 'credential'; readonly why: CredentialFault };

export type FrameOutcome =
  | Exclude<TakenFrame, { kind: 'whole' }>
  | { readonly kind: 'kept' | 'already-kept'; readonly purchase: Purchase };

/** A copy on this phone and what it says. */
export type CopyOnPhone = KeptCopy & { readonly purchase: Purchase };

export type PhonePorts = {
  /** Where ground is, without a slash at its end; empty for the page's own origin. */
  readonly baseUrl: string;
  readonly fetch: typeof fetch;
  readonly storage: PhoneStorage;
  readonly crypto: WebCrypto;
  readonly nowMs: () => number;
  /** Null where the browser makes no key that lasts: the code is a static picture then. */
  readonly newHolder?: () => Promise<HolderKey | null>;
};

export type Phone = {
  readonly openFlights: () => Promise<Result<readonly OpenFlight[], CallFault>>;
  /** Signs up: the passenger goes to `walletAddress` next. */
  readonly begin: (
    open: OpenFlight,
    signUp: SignUp,
  ) => Promise<Result<{ readonly id: string; readonly walletAddress: string }, CallFault>>;
  /** What the wallet and ground have decided by now; keeps it. */
  readonly refresh: (id: string) => Promise<Result<EnrolmentState, EnrolmentFault>>;
  readonly flights: () => Promise<readonly KeptFlight[]>;
  /** Works without a network. With a binding, the code agrees to that amount. */
  readonly code: (
    id: string,
    atSeconds: number,
    binding?: AmountBinding,
  ) => Promise<Result<string, CodeFault>>;
  /** The code without a proof, with the lower limits of a picture. */
  readonly picture: (id: string) => Promise<Result<string, CodeFault>>;
  readonly challengeStanding: (id: string, challenge: Uint8Array) => Promise<ChallengeStanding>;
  /** One frame of a till's `CB1:`; the copy is kept once all have been seen. */
  readonly takeFrame: (id: string, text: string) => Promise<FrameOutcome>;
  readonly copies: (id: string) => Promise<readonly CopyOnPhone[]>;
  /** Sends what ground has not got yet; sending again does no harm. Answers how many are new there. */
  readonly uploadCopies: (id: string) => Promise<Result<number, CallFault>>;
  /** What became of it; keeps the answer for when there is no network. */
  readonly refreshOrder: (id: string) => Promise<Result<PhoneOrder, CallFault>>;
  readonly change: (id: string, change: (flight: KeptFlight) => KeptFlight) => Promise<void>;
  readonly forget: (id: string) => Promise<void>;
};

/** At most what one call may carry (copiesRequestSchema). */
const LINES_PER_CALL = 100;

export function openPhone(ports: PhonePorts): Phone {
  const { storage, crypto, nowMs } = ports;
  const ground = createGroundClient(ports);
  const takers = new Map<string, CopyTaker>();
  const newHolder = ports.newHolder ?? (() => newHolderKey(crypto));

  async function begin(open: OpenFlight, signUp: SignUp): ReturnType<Phone['begin']> {
    const holder = await newHolder();
    const { boardingPass, ...rest } = signUp;
    const begun = await ground.begin({
      ...rest,
      ...(boardingPass === undefined ? {} : { boardingPass }),
      consentVersion: CONSENT_VERSION,
      holder: holder?.publicJwk ?? null,
    });
    if (!begun.ok) return begun;
    const id = newId(crypto);
    const { token, walletAddress } = begun.value.value;
    await storage.addFlight({
      id,
      token,
      walletAddress,
      open,
      begunMs: nowMs(),
      seat: signUp.seat,
      wallet: signUp.wallet,
      holder,
      signUp,
      state: { kind: 'waiting-for-wallet' },
      order: null,
      choice: [],
      answered: [],
      clockAheadMs: clockAhead(begun.value, nowMs()),
      flyModeTestedMs: null,
    });
    return ok({ id, walletAddress });
  }

  async function refresh(id: string): ReturnType<Phone['refresh']> {
    const flight = await storage.flight(id);
    if (flight === null) return fail({ kind: 'unknown-enrolment' });
    const answer = await ground.state(flight.token);
    if (!answer.ok) return answer;
    const state = answer.value.value;
    const fault = state.kind === 'enrolled' ? findCredentialFault(state, flight.holder) : null;
    if (fault !== null) return fail({ kind: 'credential', why: fault });
    const clockAheadMs = clockAhead(answer.value, nowMs());
    // Once it has worked, what was filled in is of no more use.
    const isDone = state.kind === 'enrolled';
    await storage.changeFlight(id, (kept) => ({
      ...kept,
      state,
      clockAheadMs,
      signUp: isDone ? null : kept.signUp,
    }));
    return ok(state);
  }

  async function code(id: string, atSeconds: number, binding?: AmountBinding): ReturnType<Phone['code']> {
    const flight = await storage.flight(id);
    const cred = credOf(flight);
    if (flight === null || cred === null) return fail('not-enrolled');
    if (flight.holder === null) return binding === undefined ? ok(composeStaticCode(cred)) : fail('no-key');
    if (binding !== undefined) {
      if (standingOf(binding.challenge, flight.answered, nowMs()) === 'used-up') {
        return fail('challenge-used-up');
      }
      await storage.changeFlight(id, (kept) => ({
        ...kept,
        answered: withAnswer(kept.answered, binding.challenge, nowMs()),
      }));
    }
    return ok(await composeFreshCode(cred, flight.holder, atSeconds, binding ?? null, crypto));
  }

  async function takeFrame(id: string, text: string): Promise<FrameOutcome> {
    const flight = await storage.flight(id);
    if (flight?.state.kind !== 'enrolled') return { kind: 'not-a-frame', why: 'not-a-copy' };
    const { cti, flight: details } = flight.state;
    const taker = takers.get(id) ?? createCopyTaker();
    takers.set(id, taker);
    const taken = await taker.take(text, { cti, leg: details.leg, terminals: details.terminals, crypto });
    if (taken.kind !== 'whole') return taken;
    const { line, purchase } = taken.copy;
    const isNew = await storage.addCopy({
      flightId: id,
      dev: purchase.terminal,
      ep: purchase.ep,
      seq: purchase.seq,
      line,
      takenMs: nowMs(),
      sent: 'not-yet',
    });
    return { kind: isNew ? 'kept' : 'already-kept', purchase };
  }

  async function uploadCopies(id: string): ReturnType<Phone['uploadCopies']> {
    const flight = await storage.flight(id);
    if (flight === null) return fail({ kind: 'unknown-enrolment' });
    const waiting = (await storage.copies(id)).filter((copy) => copy.sent === 'not-yet');
    for (let from = 0; from < waiting.length; from += LINES_PER_CALL) {
      const part = waiting.slice(from, from + LINES_PER_CALL);
      const answer = await ground.sendCopies(
        flight.token,
        part.map((copy) => copy.line),
      );
      if (!answer.ok) return answer;
      for (const [i, copy] of part.entries()) {
        const outcome = answer.value.value.outcomes[i];
        if (outcome !== undefined) await storage.markSent(copy, outcome);
      }
    }
    return ok(waiting.length);
  }

  return {
    openFlights: async () => {
      const answer = await ground.flights();
      return answer.ok ? ok(answer.value.value) : answer;
    },
    begin,
    refresh,
    flights: storage.flights,
    code,
    picture: async (id) => {
      const cred = credOf(await storage.flight(id));
      return cred === null ? fail('not-enrolled') : ok(composeStaticCode(cred));
    },
    challengeStanding: async (id, challenge) =>
      standingOf(challenge, (await storage.flight(id))?.answered ?? [], nowMs()),
    takeFrame,
    copies: async (id) => (await storage.copies(id)).flatMap(readKept),
    uploadCopies,
    refreshOrder: async (id) => {
      const flight = await storage.flight(id);
      if (flight === null) return fail({ kind: 'unknown-enrolment' });
      const answer = await ground.order(flight.token);
      if (!answer.ok) return answer;
      const order = answer.value.value;
      await storage.changeFlight(id, (kept) => ({ ...kept, order: { order, atMs: nowMs() } }));
      return ok(order);
    },
    change: storage.changeFlight,
    forget: async (id) => {
      takers.delete(id);
      await storage.forgetFlight(id);
    },
  };
}

function newId(crypto: WebCrypto): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}

function credOf(flight: KeptFlight | null): Uint8Array | null {
  return flight?.state.kind === 'enrolled' ? decodeBase64url(flight.state.cred) : null;
}

function clockAhead({ groundMs }: Answer<unknown>, nowMs: number): number | null {
  return groundMs === null ? null : nowMs - groundMs;
}

function readKept(copy: KeptCopy): readonly CopyOnPhone[] {
  const purchase = purchaseOfLine(copy.line);
  return purchase === null ? [] : [{ ...copy, purchase }];
}
