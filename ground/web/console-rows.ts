// What the console's routes answer. Times are epoch milliseconds, amounts whole minor units of the airline's currency.
import type { BatchStatusWord, DifferenceTable, FlightStatus } from '../database/tables.ts';
import type { DenyTable, FollowUpKind, LegTerminalTable, OrderState } from '../database/tables.ts';
import type { ActName, Page } from './console-api.ts';
import type { RiskDay, RiskView } from './console-risk.ts';
import type { BillStatus } from '../../domain/settlement/result-file.ts';

export type FlightRow = {
  readonly leg: string;
  readonly stdMs: number;
  readonly staMs: number;
  readonly aircraft: string;
  readonly status: FlightStatus;
  readonly isDemo: boolean;
  readonly terminals: number;
  /** Of the roster, those nothing more is expected from. */
  readonly terminalsDone: number;
  readonly passengers: number;
  /** Nothing charged yet. */
  readonly ordersOpen: number;
  readonly ordersCollecting: number;
  readonly ordersPaid: number;
  readonly billedMinor: number;
  readonly paidMinor: number;
  readonly followUps: number;
};

export type Overview = {
  readonly atMs: number;
  readonly utcOffsetMinutes: number;
  /** Departures of the airline's today, at most 60. */
  readonly flights: readonly FlightRow[];
  /** Terminals that said they hold unsent sales, the largest amounts first, at most 12. */
  readonly unsent: readonly TerminalRow[];
  readonly unsentTerminals: number;
  readonly unsentMinor: number;
  readonly followUps: readonly { readonly kind: FollowUpKind; readonly n: number }[];
  readonly setAside: number;
  readonly openDifferences: number;
  readonly money: {
    /** Today's flights: wallet sales out of the terminals' own lines. */
    readonly soldMinor: number;
    /** All orders the wallets are collecting. */
    readonly collectingMinor: number;
    readonly collectingOrders: number;
    /** Today's flights: what the wallets took. */
    readonly paidMinor: number;
    /** Orders that wait for a person. */
    readonly manualOrders: number;
  };
  /** The last 14 days by day of departure, oldest first. */
  readonly days: readonly {
    readonly day: string;
    readonly billedMinor: number;
    readonly paidMinor: number;
  }[];
};

export type LegTerminalRow = {
  readonly dev: string;
  readonly fromRow: number | null;
  readonly toRow: number | null;
  readonly status: LegTerminalTable['status'];
  readonly atMs: number;
  readonly cause: string;
  readonly lastSeenMs: number | null;
  readonly unsentCount: number | null;
};

export type SumRow = { readonly n: number; readonly minor: number };

export type FlightDetail = {
  readonly flight: FlightRow;
  readonly cities: Readonly<Record<string, { readonly zh: string; readonly en: string }>>;
  readonly enrolmentUntilMs: number;
  readonly terminals: readonly LegTerminalRow[];
  readonly passengers: { readonly enrolled: number; readonly waiting: number; readonly refused: number };
  readonly orders: readonly ({ readonly state: OrderState } & SumRow)[];
  readonly totals: {
    readonly sales: SumRow;
    readonly voids: SumRow;
    readonly refunds: SumRow;
    readonly discounts: SumRow;
    readonly cash: SumRow;
    readonly elsewhere: SumRow;
  };
  readonly packs: readonly {
    readonly n: number;
    readonly packId: string;
    readonly issuedAtMs: number;
    readonly sizeBytes: number;
    readonly trustVersion: number;
    readonly denyVersion: number;
  }[];
  readonly batches: readonly BatchRow[];
  readonly followUps: readonly FollowUpRow[];
};

/** What of one journal of a terminal came back on one flight without it; as `ingest/recovery-report.ts` makes it. */
export type RecoveryReport = {
  readonly ep: number;
  readonly deliveredTo: number;
  readonly recovered: {
    readonly lines: number;
    readonly bills: number;
    readonly passengers: number;
    readonly netMinor: number;
    readonly bySource: Readonly<Partial<Record<LineRow['source'], number>>>;
  };
  readonly missing: readonly { readonly from: number; readonly to: number }[];
  readonly lastKnownSeq: number;
};

/** What came back of a lost terminal's sales through phones, paper and peers: one report for each of its journals. */
export type LostReport = { readonly dev: string; readonly journals: readonly RecoveryReport[] };

export type BatchRow = {
  readonly id: number;
  readonly batchId: string | null;
  readonly dev: string | null;
  readonly ep: number | null;
  readonly fromSeq: number | null;
  readonly toSeq: number | null;
  readonly legs: readonly string[];
  readonly netMinor: number | null;
  readonly status: BatchStatusWord;
  readonly why: string | null;
  readonly resendFrom: number | null;
  readonly source: 'upload' | 'folder' | 'command';
  readonly receivedAtMs: number;
  readonly sizeBytes: number;
};

export type BatchDetail = {
  readonly batch: BatchRow;
  readonly sha256: string;
  /** How many lines of each type ground holds of its range, and their amounts. */
  readonly types: readonly ({ readonly ty: string } & SumRow)[];
  readonly setAside: readonly SetAsideRow[];
  readonly result: {
    readonly n: number;
    readonly atMs: number;
    readonly ackSeq: number;
    readonly bills: readonly {
      readonly bill: string;
      readonly status: BillStatus;
      readonly minor: number;
      readonly transactionId: string;
      readonly code: string;
    }[];
  } | null;
};

export type LineRow = {
  readonly seq: number;
  readonly ty: string;
  readonly atMs: number;
  readonly leg: string;
  readonly crew: string;
  readonly bill: string | null;
  readonly cti: string | null;
  readonly minor: number | null;
  readonly tender: 'wallet' | 'cash' | 'elsewhere' | null;
  readonly isPractice: boolean;
  readonly source: 'batch' | 'phone' | 'paper' | 'peer';
};

export type OrderRow = {
  readonly orderNumber: string;
  readonly leg: string;
  readonly seat: string;
  readonly cti: string;
  readonly wallet: number;
  readonly state: OrderState;
  readonly stateSinceMs: number;
  readonly totalMinor: number | null;
  readonly paidMinor: number | null;
  readonly transactionId: string | null;
  readonly code: string | null;
  readonly createdAtMs: number;
};

export type SoldLine = {
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  readonly priceMinor: number;
};

/** One SALE, VOID, REFUND or DISCOUNT of an order, as the terminal signed it. */
export type OrderEvent = LineRow & {
  readonly dev: string;
  readonly ep: number;
  readonly lines: readonly SoldLine[];
  readonly discounts: readonly { readonly name: string; readonly minor: number }[];
  readonly reason: string | null;
  readonly setAsideWhy: string | null;
};

export type OrderDetail = {
  readonly order: OrderRow;
  readonly passenger: {
    readonly tier: number;
    readonly capMinor: number;
    readonly perSaleMinor: number;
    readonly enrolledAtMs: number | null;
    readonly isDenied: boolean;
    readonly isMember: boolean;
  } | null;
  readonly transitions: readonly {
    readonly id: number;
    readonly atMs: number;
    readonly from: OrderState | null;
    readonly to: OrderState;
    readonly cause: string;
  }[];
  readonly events: readonly OrderEvent[];
  readonly statement: readonly {
    readonly day: string;
    readonly transactionId: string;
    readonly kind: 'charge' | 'refund';
    readonly minor: number;
  }[];
  readonly followUps: readonly FollowUpRow[];
};

export type FollowUpRow = {
  readonly id: number;
  readonly kind: FollowUpKind;
  readonly leg: string | null;
  readonly orderNumber: string | null;
  readonly bill: string | null;
  readonly dev: string | null;
  readonly why: string;
  readonly createdAtMs: number;
  readonly resolvedAtMs: number | null;
  readonly resolvedBy: string | null;
  readonly resolution: string | null;
};

export type SetAsideRow = {
  readonly dev: string;
  readonly ep: number;
  readonly seq: number;
  readonly leg: string;
  readonly bill: string | null;
  readonly cti: string | null;
  readonly why: string;
  readonly minor: number | null;
  readonly atMs: number;
};

export type DifferenceRow = {
  readonly id: number;
  readonly wallet: number;
  readonly day: string;
  readonly kind: DifferenceTable['kind'];
  readonly orderNumber: string | null;
  readonly transactionId: string | null;
  readonly oursMinor: number | null;
  readonly theirsMinor: number | null;
  readonly createdAtMs: number;
  readonly resolvedAtMs: number | null;
};

export type MemberRow = {
  readonly wallet: number;
  readonly accountHash: string;
  readonly label: string;
  readonly tier: number;
  readonly addedAtMs: number;
  readonly addedBy: string;
};

export type DenyRow = {
  readonly cti: string;
  readonly why: DenyTable['why'];
  readonly addedAtMs: number;
  readonly addedBy: string;
  readonly orderNumber: string | null;
  readonly leg: string | null;
  readonly seat: string | null;
};

export type TerminalRow = {
  readonly dev: string;
  readonly ep: number;
  readonly lastSeenMs: number | null;
  readonly appVersion: string | null;
  readonly packId: string | null;
  readonly unsentCount: number | null;
  readonly unsentMinor: number | null;
  readonly certificateUntilMs: number;
  readonly headSeq: number | null;
  readonly revokedAtMs: number | null;
  readonly lostAtMs: number | null;
  readonly quarantinedAtMs: number | null;
  readonly quarantineWhy: string | null;
};

export type CatalogueView = {
  readonly version: number;
  readonly savedAtMs: number;
  readonly savedBy: string;
  readonly currency: string;
  readonly items: readonly {
    readonly sku: string;
    readonly zh: string;
    readonly en: string;
    readonly category: { readonly zh: string; readonly en: string };
    readonly priceMinor: number;
  }[];
  readonly deals: readonly {
    readonly id: string;
    readonly zh: string;
    readonly en: string;
    readonly tiers: readonly number[];
    readonly offBasisPoints: number;
  }[];
};

export type AuditRow = {
  readonly id: number;
  readonly atMs: number;
  readonly who: string;
  readonly what: string;
  readonly detail: Readonly<Record<string, unknown>> | null;
};

/** What an act answers. */
export type Done = { readonly done: true };
export type BatchTaken = Done & { readonly status: BatchStatusWord; readonly id: number | null };
/** `flights`: how many sell it from now on. */
export type CatalogueTaken = Done & { readonly version: number; readonly flights: number };
export type StatementTaken = Done & { readonly rows: number; readonly differences: number };

type Lists = {
  flights: FlightRow;
  batches: BatchRow;
  'batch-lines': LineRow;
  orders: OrderRow;
  'follow-ups': FollowUpRow;
  'set-aside': SetAsideRow;
  differences: DifferenceRow;
  members: MemberRow;
  'deny-list': DenyRow;
  fleet: TerminalRow;
  audit: AuditRow;
};
export type RowOf<Name extends keyof Lists> = Lists[Name];

export type Answers = { [Name in keyof Lists]: Page<Lists[Name]> } & {
  overview: Overview;
  flight: FlightDetail;
  'lost-report': LostReport;
  batch: BatchDetail;
  order: OrderDetail;
  risk: RiskView;
  'risk-day': RiskDay;
  /** `newest` is null before the first one. */
  catalogue: { readonly newest: CatalogueView | null };
} & Record<
    Exclude<ActName, 'save-catalogue' | 'upload-batch' | 'import-statement' | 'fetch-statement'>,
    Done
  > & {
    'save-catalogue': CatalogueTaken;
    'upload-batch': BatchTaken;
    'import-statement': StatementTaken;
    'fetch-statement': StatementTaken;
  };
