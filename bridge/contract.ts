// The only words main and renderer share: every call with its schema and answer, and every push.
// Handlers, preload and the renderer's client are derived from this file; a call without a handler does not compile.
import * as v from 'valibot';
import { VOID_REASONS } from '../domain/journal/event.ts';
import { SALE, SCAN } from '../domain/limits.ts';
import type { Problem, StartProblem } from '../domain/problem.ts';
import type { Result } from '../domain/result.ts';
import type { PassengerCard } from '../domain/bill/passenger-card.ts';
import type { Catalogue } from '../domain/catalogue/catalogue.ts';
import type { Promotion } from '../domain/promotion/promotion.ts';
import type { FlightLeg } from '../domain/flight.ts';
import type { Slip } from '../domain/receipt/slip.ts';
import { settingsSchema, type Settings } from './settings.ts';
import type { SettlementState } from './settlement-state.ts';

const seq = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const billId = v.pipe(v.string(), v.regex(/^[A-Z0-9-]{2,20}\.\d{1,6}\.\d{1,12}$/));
const hash = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/));
const line = v.pipe(v.string(), v.maxLength(16_384), v.regex(/^[A-Za-z0-9_.-]+$/));
const basketItem = v.strictObject({
  sku: v.pipe(v.string(), v.regex(/^[A-Z0-9-]{2,20}$/)),
  q: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(SALE.maxQuantityPerItem)),
});

const basket = v.pipe(v.string(), v.regex(/^[A-Za-z0-9-]{8,40}$/));
const items = v.pipe(v.array(basketItem), v.minLength(1), v.maxLength(SALE.maxLines));
const device = v.pipe(v.string(), v.regex(/^[A-Z0-9-]{2,20}$/));
const volume = v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,40}$/));

/** A verbatim journal line; the renderer reads the event out of it and keeps the line. */
export type LedgerLine = { readonly seq: number; readonly line: string };

/** Where the ledger stands: its last line verbatim, and a digest over the bills it shows. */
const ledgerHead = v.strictObject({ seq, line, billsDigest: hash });

export const requestSchemas = {
  start: v.strictObject({ ledger: v.nullable(ledgerHead) }),
  /** Lines the journal is missing and the ledger still has (journal lost or rolled back). */
  offerLines: v.strictObject({ lines: v.pipe(v.array(line), v.minLength(1), v.maxLength(500)) }),
  linesFrom: v.strictObject({ from: seq }),
  scan: v.strictObject({ text: v.pipe(v.string(), v.maxLength(SCAN.maxTextChars)) }),
  /** The crew compared boarding pass and card of a passenger who showed a static code. */
  confirmSeat: v.strictObject({ bill: billId }),
  /** After an accepted amount-confirmed code the basket must come to exactly that amount. */
  confirmSale: v.strictObject({ bill: billId, basket, items }),
  /** The phone is to confirm the amount of this basket; one challenge is open at a time, and the newest counts. */
  openChallenge: v.strictObject({ bill: billId, basket, items }),
  closeChallenge: v.strictObject({}),
  voidSale: v.strictObject({ seq, reason: v.picklist(VOID_REASONS) }),
  handOver: v.strictObject({ seq }),
  printReceipt: v.strictObject({ seq }),
  previewReceipt: v.strictObject({ seq }),
  /** The passenger's own copy (`CB1:`) of a SALE, VOID or REFUND line. */
  copyFrames: v.strictObject({ seq }),
  /** What the crew says of a slip whose printing was cut short: `came-out`, or print it again as COPY. */
  resolvePrint: v.strictObject({ seq, outcome: v.picklist(['came-out', 'print-again']) }),
  /**
   * `acceptUnprinted`: close although slips are waiting (a dead printer must not hold the gate). `unused`: terminals of
   * the roster that never left their drawer; ground waits for no batch of theirs.
   */
  closeFlight: v.strictObject({
    acceptUnprinted: v.boolean(),
    unused: v.optional(v.pipe(v.array(device), v.maxLength(40))),
  }),
  listVolumes: v.strictObject({}),
  exportBatch: v.strictObject({ volume }),
  /** Tries ground now instead of at the next turn. */
  sendNow: v.strictObject({}),
  /** Takes ground's result files (`*.cpr`) for this terminal from a removable volume. */
  importResults: v.strictObject({ volume }),
  listSerialPorts: v.strictObject({}),
  saveSettings: settingsSchema,
} as const;

export type CallName = keyof typeof requestSchemas;
export type Request<Name extends CallName> = v.InferOutput<(typeof requestSchemas)[Name]>;

/** Everything the sell screen needs of the flight; verified by main, never changed by the renderer. */
export type FlightView = {
  readonly leg: FlightLeg;
  readonly legId: string;
  readonly stdMs: number;
  readonly staMs: number;
  readonly utcOffsetMinutes: number;
  readonly airlineName: { readonly zh: string; readonly en: string };
  readonly cities: Readonly<Record<string, { readonly zh: string; readonly en: string }>>;
  readonly catalogue: Catalogue;
  readonly promotions: readonly Promotion[];
  readonly passengerCount: number;
  /** Number of the flight's pack in use: a higher one lists later sign-ups. */
  readonly packVersion: number;
  /** Every terminal of the flight, this one included, with the rows it is home to. */
  readonly terminals: readonly {
    readonly dev: string;
    readonly fromRow: number;
    readonly toRow: number;
  }[];
  readonly isDemo: boolean;
};

export type StartAnswer =
  | { readonly kind: 'blocked'; readonly problem: StartProblem }
  | { readonly kind: 'send-lines'; readonly from: number }
  | {
      readonly kind: 'ready';
      readonly terminal: { readonly dev: string; readonly epoch: number; readonly appVersion: string };
      readonly crew: { readonly id: string; readonly name: string; readonly role: string };
      readonly flight: FlightView;
      readonly settings: Settings;
      readonly devices: DeviceStates;
      /** `continue`: apply these lines; `rebuild`: drop the ledger first, then fetch from line 1. */
      readonly ledger: {
        readonly kind: 'continue' | 'rebuild';
        readonly lines: readonly LedgerLine[];
        readonly head: number;
      };
      /** What happened to the data before this start, in words the crew is shown once. */
      readonly notices: readonly StartNotice[];
      readonly gate: GateState;
      readonly settlement: SettlementState;
    };

export type StartNotice =
  | { readonly kind: 'ledger-rebuilt' }
  | { readonly kind: 'journal-restored'; readonly lines: number }
  | { readonly kind: 'torn-tail'; readonly bytes: number }
  | { readonly kind: 'sale-before-restart'; readonly seq: number }
  /** Dynamic codes are refused and limits are those of a printed one until it is right (trust.md 3.4). */
  | { readonly kind: 'clock-bad' };

export type GateState =
  | { readonly kind: 'open' }
  | { readonly kind: 'closed' }
  | {
      readonly kind: 'sealed';
      readonly batchId: string;
      readonly fileName: string;
      readonly exportedAtMs: number;
    };

export type PrinterState =
  | { readonly kind: 'not-set' }
  | { readonly kind: 'connecting' }
  | { readonly kind: 'ready'; readonly isPaperLow: boolean }
  | { readonly kind: 'printing' }
  | { readonly kind: 'paper-out' }
  | { readonly kind: 'cover-open' }
  /** The device answers, but says it is off line or in error. */
  | { readonly kind: 'offline' }
  /** The port opens, but nothing comes back: switched off, wrong cable or wrong speed. */
  | { readonly kind: 'no-answer' }
  /** Something comes back, but nothing a printer says: wrong speed, or another device. */
  | { readonly kind: 'garbled' }
  /** The port cannot be opened: unplugged, wrong path, no permission. */
  | { readonly kind: 'no-port'; readonly why: 'not-found' | 'no-permission' | 'busy' | 'other' };

export type ScannerState =
  | { readonly kind: 'not-set' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'no-port'; readonly why: 'not-found' | 'no-permission' | 'busy' | 'other' };

export type StorageState =
  | { readonly kind: 'ready' }
  | { readonly kind: 'nearly-full' }
  | { readonly kind: 'full' }
  | { readonly kind: 'read-only' }
  | { readonly kind: 'failing' };

/** `moved`: set back while the till runs, which goes by its own time. `bad`: cannot be the time of this flight. */
export type ClockState = { readonly kind: 'right' } | { readonly kind: 'moved' } | { readonly kind: 'bad' };

export type DeviceStates = {
  readonly printer: PrinterState;
  readonly scanner: ScannerState;
  readonly storage: StorageState;
  readonly clock: ClockState;
  /** Slips not printed yet, oldest first. */
  readonly waitingSlips: readonly WaitingSlip[];
};

/** `uncertain`: printing was cut short and the paper must be looked at (it may have come out). */
export type WaitingSlip = {
  readonly seq: number;
  readonly seat: string;
  readonly copy: boolean;
  readonly isUncertain: boolean;
};

export type ScanAnswer = {
  readonly kind: 'passenger';
  readonly card: PassengerCard;
  readonly lines: readonly LedgerLine[];
};
/** A passenger's choice from the phone (`CO1:`): nothing is recorded. `unknown`: items this flight does not sell. */
export type OrderAnswer = {
  readonly kind: 'order';
  readonly items: readonly { readonly sku: string; readonly q: number }[];
  readonly unknown: readonly string[];
  readonly lines: readonly LedgerLine[];
};
export type RecordAnswer = { readonly lines: readonly LedgerLine[] };
/** `again`: the basket had been confirmed before; these are the lines of then. */
export type SaleAnswer = {
  readonly seq: number;
  readonly again: boolean;
  readonly card: PassengerCard;
  readonly lines: readonly LedgerLine[];
};
export type Volume = {
  readonly id: string;
  readonly name: string;
  readonly isRemovable: boolean;
  readonly freeBytes: number;
};
export type ExportAnswer = {
  readonly batchId: string;
  readonly fileName: string;
  readonly volume: string;
  readonly lines: readonly LedgerLine[];
};
/** What an import brought: result files taken, known already, and refused with the reason. */
export type ImportAnswer = {
  readonly taken: number;
  readonly known: number;
  readonly refused: readonly { readonly fileName: string; readonly problem: Problem }[];
  readonly lines: readonly LedgerLine[];
  readonly settlement: SettlementState;
};
export type SerialPortInfo = { readonly path: string; readonly label: string };

/** A refusal may have been recorded (a code seen): its lines come with it. */
export type Refusal = { readonly problem: Problem; readonly lines: readonly LedgerLine[] };

export type Answers = {
  start: StartAnswer;
  offerLines: Result<{ readonly head: number }, Refusal>;
  linesFrom: Result<{ readonly lines: readonly LedgerLine[]; readonly head: number }, Refusal>;
  scan: Result<ScanAnswer | OrderAnswer, Refusal>;
  confirmSeat: Result<ScanAnswer, Refusal>;
  confirmSale: Result<SaleAnswer, Refusal>;
  /** `challenge`: the text of the QR code the phone scans (`CQ1:`). */
  openChallenge: Result<{ readonly challenge: string; readonly amountMinor: number }, Refusal>;
  closeChallenge: Result<RecordAnswer, Refusal>;
  voidSale: Result<RecordAnswer & { readonly seq: number; readonly card: PassengerCard }, Refusal>;
  handOver: Result<RecordAnswer, Refusal>;
  printReceipt: Result<RecordAnswer, Refusal>;
  previewReceipt: Result<{ readonly slip: Slip }, Refusal>;
  copyFrames: Result<{ readonly frames: readonly string[] }, Refusal>;
  resolvePrint: Result<RecordAnswer, Refusal>;
  closeFlight: Result<RecordAnswer & { readonly gate: GateState }, Refusal>;
  listVolumes: Result<{ readonly volumes: readonly Volume[] }, Refusal>;
  exportBatch: Result<ExportAnswer & { readonly gate: GateState }, Refusal>;
  sendNow: Result<{ readonly settlement: SettlementState }, Refusal>;
  importResults: Result<ImportAnswer, Refusal>;
  listSerialPorts: Result<{ readonly ports: readonly SerialPortInfo[] }, Refusal>;
  saveSettings: Result<{ readonly settings: Settings }, Refusal>;
};

/** What main says unasked. */
export type Pushes = {
  /** Lines recorded outside a call (slips printed, faults); may overlap what an answer already brought. */
  lines: readonly LedgerLine[];
  devices: DeviceStates;
  settlement: SettlementState;
  /** Text from the serial scanner; the renderer makes a scan of it like any other. */
  scannerText: string;
};

export type PushName = keyof Pushes;

/** What the preload puts on `window.till`. */
export type TillBridge = {
  readonly call: <Name extends CallName>(name: Name, request: Request<Name>) => Promise<Answers[Name]>;
  /** Returns the function that stops listening. */
  readonly on: <Name extends PushName>(name: Name, listen: (value: Pushes[Name]) => void) => () => void;
};
