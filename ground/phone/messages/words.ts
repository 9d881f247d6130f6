// Every word the passenger reads, by place. Both languages satisfy this one shape, so neither can fall behind.
import type { EnrolmentRefusal, PhoneOrder } from '../../web/phone-api.ts';
import type { CopyFault } from '../copies/check-copy.ts';
import type { PurchaseKind } from '../copies/purchase.ts';
import type { CodeFault, EnrolmentFault } from '../phone.ts';
import type { CameraState } from '../scanning/camera-state.ts';

type By<K extends string> = Readonly<Record<K, string>>;

/** What the passenger can do about a refusal. */
export type WayOut = 'try-again' | 'change-details' | 'choose-wallet' | 'choose-flight';

export type RefusalWords = { readonly title: string; readonly how: string; readonly way: WayOut };

export type Words = {
  /** Named in the other language: whoever needs it cannot read this one. */
  readonly otherLanguage: string;
  readonly back: string;
  readonly close: string;
  readonly later: string;
  readonly done: string;
  readonly tryAgain: string;
  readonly offline: string;
  readonly updateReady: string;
  readonly updateNow: string;
  readonly broken: string;
  readonly faults: By<EnrolmentFault['kind']>;
  readonly camera: By<CameraState>;
  readonly tabs: By<'code' | 'menu' | 'purchases' | 'more'> & { readonly label: string };
  readonly home: {
    readonly title: string;
    readonly lead: string;
    readonly steps: readonly [string, string, string];
    readonly signUp: string;
    readonly needsNetwork: string;
  };
  readonly inApp: {
    readonly title: string;
    readonly why: string;
    readonly how: By<'wechat' | 'alipay' | 'other'>;
    readonly copyAddress: string;
    readonly copied: string;
    readonly goOn: string;
  };
  readonly signUp: {
    readonly flightTitle: string;
    readonly flightLead: string;
    readonly noFlights: string;
    readonly loading: string;
    readonly scanPass: string;
    readonly scanPassHow: string;
    readonly passUnreadable: string;
    readonly passElsewhere: string;
    readonly until: (time: string) => string;
    readonly youTitle: string;
    readonly seat: string;
    readonly seatHow: string;
    readonly seatWrong: string;
    readonly name: string;
    readonly nameHow: string;
    readonly nameMissing: string;
    readonly seq: string;
    readonly seqHow: string;
    readonly next: string;
    readonly walletTitle: string;
    readonly walletLead: string;
    readonly consentTitle: string;
    readonly consent: readonly { readonly head: string; readonly text: string }[];
    readonly agree: (wallet: string) => string;
    readonly agreeHow: string;
    readonly stepOf: (step: number, all: number) => string;
  };
  readonly waiting: {
    readonly title: (wallet: string) => string;
    readonly how: string;
    readonly toWallet: (wallet: string) => string;
    readonly giveUp: string;
  };
  readonly otherBrowser: {
    readonly label: string;
    readonly title: string;
    readonly nothing: string;
    readonly how: string;
    readonly inApp: string;
    readonly notYours: string;
    readonly toStart: string;
  };
  readonly refused: {
    readonly label: string;
    readonly nothingCharged: string;
    readonly refusals: Readonly<Record<EnrolmentRefusal, RefusalWords>>;
    readonly ways: By<WayOut>;
  };
  readonly flyMode: {
    readonly title: string;
    readonly lead: string;
    readonly ticks: By<'page' | 'data' | 'code' | 'offline' | 'reload'>;
    readonly waits: string;
    readonly passed: string;
    readonly switchOff: string;
    readonly switchOffHow: string;
    readonly reload: string;
    readonly passedTitle: string;
    readonly passedHow: string;
    readonly impossible: string;
    readonly toCode: string;
  };
  readonly picture: {
    readonly title: string;
    readonly lead: string;
    readonly save: string;
    readonly hold: string;
    readonly alt: string;
    readonly limits: (most: string, until: string) => readonly string[];
    readonly forbidden: string;
  };
  readonly code: {
    readonly title: string;
    readonly alt: string;
    readonly next: (seconds: number) => string;
    readonly bright: string;
    readonly picture: string;
    readonly faults: By<CodeFault>;
    readonly allowance: string;
    readonly ofWhich: (amount: string) => string;
    readonly perSale: (amount: string) => string;
    readonly order: string;
    readonly member: string;
    readonly noSeat: string;
    readonly clockAhead: (seconds: string) => string;
    readonly clockBehind: (seconds: string) => string;
    readonly notYet: (time: string) => string;
    readonly over: string;
    readonly scanTill: string;
  };
  readonly menu: {
    readonly title: string;
    readonly all: string;
    readonly minAge: (years: number) => string;
    readonly contains: (names: string) => string;
    readonly addOne: (name: string) => string;
    readonly takeOne: (name: string) => string;
    readonly total: string;
    readonly before: string;
    readonly toCode: (count: number) => string;
    readonly empty: string;
    readonly full: string;
    readonly overSale: (amount: string) => string;
    readonly codeTitle: string;
    readonly codeLead: string;
    readonly codeAlt: string;
    readonly change: string;
    readonly clear: string;
    readonly thenCode: string;
  };
  readonly scan: {
    readonly title: string;
    readonly lead: string;
    readonly gathering: (seen: number, count: number) => string;
    readonly kept: string;
    readonly keptHow: string;
    readonly already: string;
    readonly refusedTitle: string;
    readonly refused: By<CopyFault>;
    readonly otherCode: string;
    readonly again: string;
    readonly toPurchases: string;
  };
  readonly confirm: {
    readonly title: string;
    readonly question: string;
    readonly agree: (amount: string) => string;
    readonly refuse: string;
    readonly show: string;
    readonly usedUp: string;
    readonly unknownCurrency: string;
    readonly tooMuch: string;
    readonly noKey: string;
  };
  readonly purchases: {
    readonly title: string;
    readonly empty: string;
    readonly emptyHow: string;
    readonly total: string;
    readonly kinds: By<PurchaseKind>;
    readonly onPhone: string;
    readonly atAirline: string;
    readonly waiting: string;
    readonly elsewhere: string;
    readonly disputed: string;
    readonly terminal: (dev: string, seq: number) => string;
    readonly states: Readonly<Record<PhoneOrder['state'], { readonly title: string; readonly how: string }>>;
    readonly stateUnknown: { readonly title: string; readonly how: string };
    readonly paid: string;
    readonly merchant: string;
    readonly merchantHow: (name: string) => string;
    readonly order: string;
    readonly copy: string;
    readonly copied: string;
    readonly asOf: (time: string) => string;
    readonly disputeTitle: string;
    readonly disputeHow: string;
    readonly disagree: string;
  };
  readonly more: {
    readonly title: string;
    readonly flights: string;
    readonly show: string;
    readonly shown: string;
    readonly another: string;
    readonly states: By<'waiting-for-wallet' | 'refused' | 'enrolled'>;
    readonly tested: string;
    readonly test: string;
    readonly picture: string;
    readonly language: string;
    readonly theme: string;
    readonly themes: By<'day' | 'night' | 'phone'>;
    readonly install: string;
    readonly installHow: string;
    readonly forget: string;
    readonly forgetTitle: (flight: string) => string;
    readonly forgetHow: string;
    readonly forgetUnsent: (count: number) => string;
    readonly keep: string;
    readonly privacy: string;
  };
};
