// Every table of ground, as TypeScript sees it. The SQL beside it (`migrations/`) is the truth; both change together.
// Times end in `_ms` (epoch milliseconds) or `_s` (epoch seconds), amounts in `_minor`; all are whole numbers.
import type { Generated, JSONColumnType } from 'kysely';
import type { EcPublicJwk } from '../../domain/crypto/crypto.ts';

type Json<T extends object> = JSONColumnType<T>;

export type AirlineTable = {
  /** Two or three letters or digits, as in the trust list: `9C`. */
  readonly airline: string;
  name_zh: string;
  name_en: string;
  utc_offset_minutes: number;
  /** Newest version handed out of each list; only ever higher. */
  trust_version: number;
  deny_version: number;
};

export type KeyPurpose = 'root' | 'issuer' | 'ops' | 'device-ca' | 'ground' | 'enc';

export type IssuerScope = {
  readonly iss: string;
  readonly wallets: readonly number[];
  readonly carriers: readonly string[];
  /** Largest cumulative limit by ISO 4217 number, minor units. */
  readonly maxCum: Readonly<Record<string, number>>;
};

export type SigningKeyTable = {
  airline: string;
  kid: string;
  purpose: KeyPurpose;
  /** Only for issuers of our own. */
  wallet: number | null;
  /** Only for issuers: what the key may sign (trust.md 3.2). */
  scope: Json<IssuerScope> | null;
  public_jwk: Json<EcPublicJwk>;
  /** Sealed with the master key; null where the key lives elsewhere (an HSM, a root kept offline). */
  private_sealed: Uint8Array | null;
  nbf_s: number;
  exp_s: number;
  revoked_at_ms: number | null;
};

export type TrustListTable = { airline: string; version: number; jws: string; issued_at_ms: number };

export type MerchantTable = {
  airline: string;
  wallet: number;
  /** As the wallet shows it to the passenger, and as it stands on slips. */
  name: string;
  /** What the adapter needs that is no secret: addresses, ids, limits. */
  config: Json<Record<string, unknown>>;
  /** Keys and secrets of the adapter: sealed JSON. */
  secret_sealed: Uint8Array;
};

export type CatalogueTable = {
  airline: string;
  version: number;
  catalogue: Json<Record<string, unknown>>;
  promotions: Json<Record<string, unknown>>;
  saved_at_ms: number;
  saved_by: string;
};

/** A regular of an airline (Friend Membership). Known by a keyed hash of the wallet's user id, never by the id. */
export type MemberTable = {
  airline: string;
  wallet: number;
  account_hash: string;
  /** Only of before labels were sealed, until the next start. */
  label: string | null;
  /** What the airline calls this person, sealed; null once the membership has ended. */
  label_sealed: Uint8Array | null;
  tier: number;
  added_at_ms: number;
  added_by: string;
  removed_at_ms: number | null;
};

export type CrewTable = {
  airline: string;
  crew_id: string;
  name: string;
  role: 'attendant' | 'purser' | 'technician';
  pin: Json<Record<string, unknown>> | null;
};

export type RosterEntry = {
  readonly dev: string;
  readonly zone: { readonly fromRow: number; readonly toRow: number };
};

export type FlightStatus = 'planned' | 'closed' | 'cancelled' | 'settled';

export type FlightTable = {
  /** `9C8835-20261122-SHA-CTU` */
  leg: string;
  airline: string;
  std_s: number;
  sta_s: number;
  aircraft: string;
  cabin: Json<Record<string, unknown>>;
  loading: Json<Record<string, unknown>>;
  crew: Json<readonly string[]>;
  roster: Json<readonly RosterEntry[]>;
  cities: Json<Record<string, { readonly zh: string; readonly en: string }>>;
  limits: Json<Record<string, unknown>>;
  catalogue_version: number;
  enrolment_until_s: number;
  status: FlightStatus;
  is_demo: boolean;
  /** Nothing of it that names a passenger is left. */
  purged_at_ms: number | null;
};

export type FlightPackTable = {
  leg: string;
  n: number;
  pack_id: string;
  /** Only of before packs were sealed, until the next start. */
  bytes: Uint8Array | null;
  /** The file, sealed: it lists passengers. Null once it was purged. */
  bytes_sealed: Uint8Array | null;
  issued_at_ms: number;
  trust_version: number;
  deny_version: number;
};

export type DeviceTable = {
  airline: string;
  dev: string;
  ep: number;
  certificate: string;
  jwk: Json<EcPublicJwk>;
  nbf_s: number;
  exp_s: number;
  revoked_at_ms: number | null;
  lost_at_ms: number | null;
  /** Two journals with one number: nothing more is taken from it until a person has looked. */
  quarantined_at_ms: number | null;
  quarantine_why: string | null;
  last_seen_ms: number | null;
  app_version: string | null;
  pack_id: string | null;
  unsent_count: number | null;
  unsent_minor: number | null;
};

export type PassengerStatus = 'waiting' | 'enrolled' | 'refused';

/** One enrolment: one passenger, one flight, one wallet. Personal data is sealed and purged. */
export type PassengerTable = {
  cti: string;
  airline: string;
  leg: string;
  wallet: number;
  order_number: string;
  seat: string;
  seq: number;
  tier: number;
  /** [cumulative, single sale, sales] in minor units: the credential's limits. */
  cum_minor: number;
  per_sale_minor: number;
  max_sales: number;
  static_minor: number;
  holder_jwk: Json<EcPublicJwk> | null;
  holder_class: number;
  /** The masked name, as on the card: `WA**\/J`. Purged with the rest. */
  name_sealed: Uint8Array | null;
  /** The wallet's user id. Purged with the rest. */
  account_sealed: Uint8Array | null;
  account_hash: string | null;
  /** The signed credential, sealed: it carries the masked name. */
  cred: Uint8Array | null;
  status: PassengerStatus;
  refused_why: string | null;
  /** SHA-256 of the secret by which the phone asks for its own enrolment. */
  token_hash: string;
  /** Ties the wallet's answer to this enrolment; used once. */
  wallet_state: string | null;
  language: 'zh-CN' | 'en';
  consent_version: number;
  consented_at_ms: number;
  enrolled_at_ms: number | null;
  purged_at_ms: number | null;
};

/** What an enrolled passenger ordered before the flight. */
export type PreorderTable = {
  airline: string;
  leg: string;
  cti: string;
  sku: string;
  quantity: number;
  added_at_ms: number;
};

export type DenyTable = {
  airline: string;
  cti: string;
  why: 'lost-phone' | 'unpaid' | 'fraud' | 'withdrawn';
  added_at_ms: number;
  added_by: string;
  removed_at_ms: number | null;
};

/** settlement.md 6.5. */
export type OrderState =
  | 'ENROLLED'
  | 'OPEN'
  | 'AGGREGATING'
  | 'READY'
  | 'COMPLETE_SENT'
  | 'USER_PAYING'
  | 'PAID'
  | 'LOWERED'
  | 'UNPAID_RETRY'
  | 'WRITTEN_OFF'
  | 'CANCELLED'
  | 'LATE_EXCESS'
  | 'MANUAL';

export type WalletOrderTable = {
  order_number: string;
  airline: string;
  leg: string;
  cti: string;
  wallet: number;
  state: OrderState;
  state_since_ms: number;
  /** The order as it was first sent, byte for byte: a repeat sends the same. */
  sent_body: string | null;
  total_minor: number | null;
  /** What the wallet says it took. */
  paid_minor: number | null;
  transaction_id: string | null;
  /** The wallet's own error code, for words of our own; `order-rule` or `set-aside` where it is our own reason. */
  code: string | null;
  created_at_ms: number;
  /** What the journals come to, last counted. */
  net_minor: Generated<number>;
  /** Nobody else talks to the wallet about this order before. */
  lease_until_ms: number | null;
  /** Calls in a row that brought nothing. */
  tries: Generated<number>;
};

/** Money given back after payment; by a person, through the wallet. */
export type RefundTable = {
  refund_number: string;
  airline: string;
  order_number: string;
  amount_minor: number;
  state: 'asked' | 'done' | 'refused';
  refund_id: string | null;
  code: string | null;
  why: string;
  asked_by: string;
  asked_at_ms: number;
  done_at_ms: number | null;
};

export type WalletNoticeTable = {
  airline: string;
  wallet: number;
  notice_id: string;
  order_number: string;
  at_ms: number;
};

export type OrderTransitionTable = {
  id: Generated<number>;
  order_number: string;
  at_ms: number;
  from_state: OrderState | null;
  to_state: OrderState;
  cause: string;
  detail: Json<Record<string, unknown>> | null;
};

export type BatchStatusWord =
  /** Stored, not judged yet: for moments only. */
  | 'RECEIVED'
  | 'ACCEPTED'
  | 'PARTIAL'
  | 'DUPLICATE'
  | 'DAMAGED'
  | 'GAP'
  | 'FORK'
  | 'FORGED'
  | 'TOTALS'
  | 'UNKNOWN_DEVICE';

/** Every file ever received, also the refused ones. */
export type BatchTable = {
  id: Generated<number>;
  airline: string;
  /** SHA-256 of the file, lower-case hex. */
  file_sha256: string;
  bytes: Uint8Array;
  /** Null when the file could not be opened. */
  batch_id: string | null;
  dev: string | null;
  ep: number | null;
  from_seq: number | null;
  to_seq: number | null;
  legs: Json<readonly string[]>;
  net_minor: number | null;
  status: BatchStatusWord;
  why: string | null;
  resend_from: number | null;
  source: 'upload' | 'folder' | 'command';
  received_at_ms: number;
  /** Its bytes were deleted with the personal data in them. */
  purged_at_ms: number | null;
};

export type ResultFileTable = { airline: string; batch_id: string; n: number; jws: string; at_ms: number };

/** Partitioned by airline and by the leg's month (yyyymm). One row per journal line, whatever brought it. */
export type EventTable = {
  airline: string;
  month: number;
  dev: string;
  ep: number;
  seq: number;
  /** base64url SHA-256 of the line. */
  hash: string;
  /** Verbatim, with its signature; null where it names a passenger. */
  line: string | null;
  /** The line of a type that names passengers, sealed; null once it was purged. */
  line_sealed: Uint8Array | null;
  leg: string;
  ty: string;
  bill: string | null;
  cti: string | null;
  crew: string;
  t_ms: number;
  tot_minor: number | null;
  tender: 'wallet' | 'cash' | 'elsewhere' | null;
  /** How the passenger was recognised: the mode of a CRED_SEEN, the `how` of a LOOKUP. */
  how: string | null;
  is_practice: boolean;
  source: 'batch' | 'phone' | 'paper' | 'peer';
};

/** The unbroken beginning of a terminal's journal that ground holds. */
export type JournalHeadTable = {
  airline: string;
  dev: string;
  ep: number;
  head_seq: number;
  head_hash: string;
};

/** Where each terminal of a flight's roster stands. */
export type LegTerminalTable = {
  leg: string;
  dev: string;
  status: 'expected' | 'closed' | 'unused' | 'lost' | 'released';
  at_ms: number;
  cause: string;
};

/** A bill that verification set aside: it waits for a person, the others go on. */
export type SetAsideTable = {
  airline: string;
  leg: string;
  dev: string;
  ep: number;
  seq: number;
  bill: string | null;
  cti: string | null;
  why: string;
  at_ms: number;
  /** Whether the whole bill waits, or only this line of it. */
  scope: Generated<'bill' | 'line'>;
  /** Null: it still waits. */
  decision: 'accepted' | 'dropped' | null;
  decided_at_ms: number | null;
  decided_by: string | null;
};

export type FollowUpKind =
  | 'set-aside'
  | 'late-events'
  | 'wallet-refused'
  | 'passenger-must-act'
  | 'fork'
  | 'forged'
  | 'totals'
  | 'duplicate-proof'
  | 'lost-terminal'
  | 'over-limit'
  | 'unknown-passenger'
  | 'head-behind-receipt';

export type FollowUpTable = {
  id: Generated<number>;
  airline: string;
  kind: FollowUpKind;
  leg: string | null;
  order_number: string | null;
  bill: string | null;
  dev: string | null;
  why: string;
  created_at_ms: number;
  resolved_at_ms: number | null;
  resolved_by: string | null;
  resolution: string | null;
};

/** Work to be done once, by whichever worker comes first. One open job per kind and key. */
export type JobTable = {
  id: Generated<number>;
  kind: string;
  key: string;
  payload: Json<Record<string, unknown>>;
  run_at_ms: number;
  attempts: Generated<number>;
  locked_until_ms: number | null;
  locked_by: string | null;
  last_error: string | null;
  created_at_ms: number;
  /** How often it was asked for, and the asking its worker has seen: see `ground/jobs`. */
  asked: Generated<number>;
  taken: Generated<number>;
};

/** A part of a file that is still on its way. */
export type UploadPartTable = {
  airline: string;
  dev: string;
  ep: number;
  batch_id: string;
  at_byte: number;
  total_bytes: number;
  bytes: Uint8Array;
  received_at_ms: number;
};

export type StatementRowTable = {
  airline: string;
  wallet: number;
  /** `2026-11-22`, the wallet's day. */
  day: string;
  transaction_id: string;
  order_number: string | null;
  kind: 'charge' | 'refund';
  amount_minor: number;
  imported_at_ms: number;
};

export type DifferenceTable = {
  id: Generated<number>;
  airline: string;
  wallet: number;
  day: string;
  kind: 'missing-at-wallet' | 'unknown-to-us' | 'amount' | 'no-order-number';
  order_number: string | null;
  transaction_id: string | null;
  ours_minor: number | null;
  theirs_minor: number | null;
  created_at_ms: number;
  resolved_at_ms: number | null;
};

export type ConsoleRole = 'finance' | 'operations' | 'viewer' | 'administrator';

export type ConsoleUserTable = {
  name: string;
  /** Null: all airlines. */
  airline: string | null;
  role: ConsoleRole;
  /** scrypt, as a crew PIN (trust.md 3.7). */
  password: Json<{ N: number; r: number; p: number; salt: string; hash: string }>;
  failed_attempts: number;
  locked_until_ms: number | null;
  disabled_at_ms: number | null;
};

export type ConsoleSessionTable = {
  token_hash: string;
  name: string;
  created_at_ms: number;
  expires_at_ms: number;
};

export type AuditTable = {
  id: Generated<number>;
  at_ms: number;
  /** A console user, `worker`, `command` or a terminal. */
  who: string;
  airline: string | null;
  what: string;
  detail: Json<Record<string, unknown>> | null;
};

export type Tables = {
  airline: AirlineTable;
  signing_key: SigningKeyTable;
  trust_list: TrustListTable;
  merchant: MerchantTable;
  catalogue: CatalogueTable;
  member: MemberTable;
  crew: CrewTable;
  flight: FlightTable;
  flight_pack: FlightPackTable;
  device: DeviceTable;
  passenger: PassengerTable;
  preorder: PreorderTable;
  deny: DenyTable;
  wallet_order: WalletOrderTable;
  order_transition: OrderTransitionTable;
  refund: RefundTable;
  wallet_notice: WalletNoticeTable;
  batch: BatchTable;
  result_file: ResultFileTable;
  event: EventTable;
  journal_head: JournalHeadTable;
  leg_terminal: LegTerminalTable;
  set_aside: SetAsideTable;
  follow_up: FollowUpTable;
  job: JobTable;
  upload_part: UploadPartTable;
  statement_row: StatementRowTable;
  difference: DifferenceTable;
  console_user: ConsoleUserTable;
  console_session: ConsoleSessionTable;
  audit: AuditTable;
};
