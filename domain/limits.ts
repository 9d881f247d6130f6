// Every number the design marks as a placeholder, in one place (threats.md 9, cabin-code.md 2.5, risk.md 4).
// Amounts are fen; a signed pack may lower or raise the limits up to the ceilings below.

export const CABIN_CODE = {
  maxChars: 800,
  maxBytes: 520,
  proofPastSeconds: 90,
  proofFutureSeconds: 60,
  skewSeconds: 300,
  maxLifeSeconds: 48 * 3600,
} as const;

/** Limits of one presentation mode: cumulative and single-sale amounts, and how many sales. */
export type ModeLimits = {
  readonly cumMinor: number;
  readonly perSaleMinor: number;
  readonly maxSales: number;
};

export type FlightLimits = {
  readonly confirmed: ModeLimits;
  readonly hardwareKey: ModeLimits;
  readonly softwareKey: ModeLimits;
  readonly static: ModeLimits;
  readonly unlistedPerPassengerMinor: number;
  readonly unlistedPerTerminalMinor: number;
  readonly terminalCapMinor: number;
};

export const DEFAULT_FLIGHT_LIMITS: FlightLimits = {
  confirmed: { cumMinor: 50_000, perSaleMinor: 30_000, maxSales: 20 },
  hardwareKey: { cumMinor: 50_000, perSaleMinor: 30_000, maxSales: 20 },
  softwareKey: { cumMinor: 30_000, perSaleMinor: 20_000, maxSales: 10 },
  static: { cumMinor: 20_000, perSaleMinor: 10_000, maxSales: 5 },
  unlistedPerPassengerMinor: 20_000,
  unlistedPerTerminalMinor: 200_000,
  terminalCapMinor: 2_000_000,
};

/** What a signed pack can never raise a limit above. */
export const LIMIT_CEILING_MINOR = 10_000_000;

export const SALE = {
  maxLines: 40,
  maxQuantityPerItem: 99,
  /** How long after a scan the passenger counts as present for another sale. */
  presenceMs: 15 * 60_000,
} as const;

export const FLIGHT_PACK = {
  maxBytes: 64 * 1024 * 1024,
  maxFiles: 512,
  maxManifestBytes: 256 * 1024,
  validAfterArrivalSeconds: 24 * 3600,
} as const;

export const TRUST_LIST = { graceSeconds: 7 * 86_400 } as const;

export const CLOCK = {
  floorSlackSeconds: 300,
  ceilingAfterArrivalSeconds: 36 * 3600,
  /** The wall clock jumped when it differs by more than this from the time that has passed. */
  jumpMs: 5000,
  /** How often the two are compared. */
  compareEveryMs: 10_000,
} as const;

export const JOURNAL = {
  segmentBytes: 8 * 1024 * 1024,
  freeBytesForDuty: 256 * 1024 * 1024,
  freeBytesForSale: 32 * 1024 * 1024,
} as const;

export const BATCH = {
  maxBytes: 32 * 1024 * 1024,
  maxInflatedBytes: 64 * 1024 * 1024,
  maxRatio: 100,
} as const;

export const SCAN = { maxTextChars: 1024, repeatAfterMs: 2000 } as const;

/** Days after arrival within which the wallet is told the amount; printed on the slip. */
export const CHARGE = { expectedAfterArrivalSeconds: 2 * 3600 } as const;

/** A pack this old halves the limits, and later caps them (risk.md 4.1, modifiers). */
export const PACK_AGE = { agingMs: 24 * 3_600_000, oldMs: 72 * 3_600_000, oldCapMinor: 20_000 } as const;

/** How long a terminal's token to ground is good, either way: clocks differ. */
export const TERMINAL_TOKEN = { lifeSeconds: 600 } as const;

/** The passenger's own order on the phone (`CO1:`). */
export const ORDER_CODE = { maxLines: 20, maxChars: 700 } as const;

/** The passenger's own copy (`CB1:`): a frame of this many bytes is a QR code a phone reads at arm's length. */
export const COPY_CODE = { chunkBytes: 300, maxFrames: 40, maxChars: 700, maxLineBytes: 16_384 } as const;

/** How a terminal sends its batches to ground. */
export const UPLINK = {
  pace: {
    firstRetryMs: 1000,
    mostRetryMs: 300_000,
    /** Ground collects from the wallets for a while: how often it is asked, at first and in the end. */
    firstPollMs: 2000,
    mostPollMs: 300_000,
    /** Nothing moved on the line for so long: it is dead. */
    idleMs: 30_000,
    /** One call, however slowly it moves. */
    callMs: 600_000,
    /** How often the till looks whether it has come onto another network. */
    networkMs: 2000,
    /** How often ground is asked for a newer flight pack before the first bill. */
    packMs: 60_000,
    /** Nobody has touched the terminal for so long: a newer pack may be taken into use. */
    untouchedMs: 60_000,
  },
  /** The first part of a file; later ones double while the line holds. */
  firstPartBytes: 64 * 1024,
  mostPartBytes: 1024 * 1024,
  /** How often a batch that arrives damaged is sent again. */
  mostDamaged: 3,
  /** How many packs in a row that are of no use are fetched on one network. */
  mostRefusedPacks: 3,
  maxAnswerBytes: 8 * 1024 * 1024,
  maxRetryAfterMs: 3_600_000,
} as const;

/** Result files: how many of what size are read off a stick, and how long the terminal keeps its own at least. */
export const RESULT_FILES = {
  maxBytes: 8 * 1024 * 1024,
  maxFiles: 500,
  keepMs: 90 * 86_400_000,
} as const;
