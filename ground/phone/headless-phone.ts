// A phone without a page, for the demo and for tests: the same modules as the page, one flight, memory for storage.
import type { AmountBinding } from '../../domain/cabin-code/cabin-code.ts';
import { fail, type Result } from '../../domain/result.ts';
import type { EnrolmentState, PhoneOrder } from '../web/phone-api.ts';
import type { CallFault } from './ground-client/ground-client.ts';
import {
  openPhone,
  type CodeFault,
  type CopyOnPhone,
  type EnrolmentFault,
  type FrameOutcome,
} from './phone.ts';
import type { SignUp } from './sign-up/sign-up.ts';
import { createMemoryStorage } from './storage/memory-storage.ts';
import type { PhoneStorage } from './storage/phone-storage.ts';
import type { WebCrypto } from './web-crypto/web-crypto.ts';

type Enrolled = Extract<EnrolmentState, { kind: 'enrolled' }>;
export type HeadlessFault =
  | EnrolmentFault
  | { readonly kind: 'flight-not-open' }
  /** The wallet had not decided when the waiting ended. */
  | { readonly kind: 'still-waiting' };

export type HeadlessPhone = {
  /**
   * Signs up, lets `walletConsent` do what the passenger does on the wallet's page, and waits for the outcome. Who comes
   * back from the wallet sends `cookie` along, as this phone's browser would (the `Cookie` header).
   */
  readonly enrol: (
    request: SignUp,
    walletConsent: (walletAddress: string, cookie: string) => Promise<void>,
  ) => Promise<Result<Enrolled, HeadlessFault>>;
  /** The enrolment as ground tells it now. */
  readonly refresh: () => Promise<Result<EnrolmentState, EnrolmentFault>>;
  readonly cabinCode: (nowSeconds: number, binding?: AmountBinding) => Promise<Result<string, CodeFault>>;
  readonly staticCode: () => Promise<Result<string, CodeFault>>;
  readonly takeFrame: (text: string) => Promise<FrameOutcome>;
  readonly copies: () => Promise<readonly CopyOnPhone[]>;
  /** How many were sent. */
  readonly uploadCopies: () => Promise<Result<number, CallFault>>;
  readonly order: () => Promise<Result<PhoneOrder, CallFault>>;
};

export type HeadlessPorts = {
  readonly baseUrl: string;
  readonly fetch?: typeof fetch;
  readonly storage?: PhoneStorage;
  readonly crypto?: WebCrypto;
  readonly nowMs?: () => number;
  /** False stands for a browser that keeps no key. */
  readonly hasKey?: boolean;
  /** How long to wait for the wallet's decision, ms, and how often to ask. */
  readonly decisionWithinMs?: number;
  readonly askEveryMs?: number;
};

export function openHeadlessPhone(ports: HeadlessPorts): HeadlessPhone {
  const { decisionWithinMs = 60_000, askEveryMs = 200 } = ports;
  const browser = keepCookies(ports.fetch ?? globalThis.fetch);
  const phone = openPhone({
    baseUrl: ports.baseUrl,
    fetch: browser.fetch,
    storage: ports.storage ?? createMemoryStorage(),
    crypto: ports.crypto ?? globalThis.crypto,
    nowMs: ports.nowMs ?? Date.now,
    ...(ports.hasKey === false ? { newHolder: () => Promise.resolve(null) } : {}),
  });
  let id = '';

  async function waitForDecision(): Promise<Result<Enrolled, HeadlessFault>> {
    for (let leftMs = decisionWithinMs; leftMs > 0; leftMs -= askEveryMs) {
      const state = await phone.refresh(id);
      if (!state.ok) return state;
      if (state.value.kind === 'enrolled') return { ok: true, value: state.value };
      if (state.value.kind === 'refused') return fail({ kind: 'refused', why: state.value.why });
      await new Promise((resolve) => setTimeout(resolve, askEveryMs));
    }
    return fail({ kind: 'still-waiting' });
  }

  return {
    enrol: async (request, walletConsent) => {
      const open = await phone.openFlights();
      if (!open.ok) return open;
      const flight = open.value.find((one) => one.leg === request.leg);
      if (flight === undefined) return fail({ kind: 'flight-not-open' });
      const begun = await phone.begin(flight, request);
      if (!begun.ok) return begun;
      id = begun.value.id;
      await walletConsent(begun.value.walletAddress, browser.cookie());
      return waitForDecision();
    },
    refresh: () => phone.refresh(id),
    cabinCode: (nowSeconds, binding) => phone.code(id, nowSeconds, binding),
    staticCode: () => phone.picture(id),
    takeFrame: (text) => phone.takeFrame(id, text),
    copies: () => phone.copies(id),
    uploadCopies: () => phone.uploadCopies(id),
    order: () => phone.refreshOrder(id),
  };
}

/** What a browser does by itself: keeps what it is given, by name. */
function keepCookies(ask: typeof fetch): { readonly fetch: typeof fetch; readonly cookie: () => string } {
  const kept = new Map<string, string>();
  return {
    fetch: async (input, init) => {
      const response = await ask(input, init);
      for (const given of response.headers.getSetCookie()) {
        const pair = given.split(';', 1)[0] ?? '';
        kept.set(pair.split('=', 1)[0] ?? '', pair);
      }
      return response;
    },
    cookie: () => [...kept.values()].join('; '),
  };
}
