// Ground's judgement of a batch, in the order of settlement.md 6.4. docs/formats/settlement-batch.md has the table of
// what is wrong and which status it brings.
import * as v from 'valibot';
import { peekJsonJws, verifyJsonJws } from '../crypto/compact-jws.ts';
import type { Crypto, EcPrivateJwk } from '../crypto/crypto.ts';
import { isEventType, type JournalEvent, type LegTotals } from '../journal/event.ts';
import { readEvent, type RawEvent } from '../journal/line.ts';
import { fail, ok, type Result } from '../result.ts';
import { readDeviceCertificate, type DeviceCertificate } from '../trust/device-certificate.ts';
import type { TrustList } from '../trust/trust-list.ts';
import { batchIdOf } from './batch-id.ts';
import { batchManifestSchema, legsInRange, type BatchManifest } from './batch-manifest.ts';
import { openEnvelope, type BoundedGunzip } from './envelope.ts';
import { findBillFaults, type SetAsideBill } from './find-bill-faults.ts';
import { readBatchBody } from './read-batch-body.ts';
import { legTotals, passengerTotals, type PassengerTotals } from './totals.ts';
import { findClosingTotalsFault, findTotalsFault } from './verify-totals.ts';
import { verifyChain, type HeldLines } from './verify-chain.ts';

export type BatchStatus =
  'ACCEPTED' | 'PARTIAL' | 'DAMAGED' | 'UNKNOWN_DEVICE' | 'FORGED' | 'GAP' | 'FORK' | 'TOTALS';

/** What ground holds of a terminal and epoch: its lines, and the events in them, for references back. */
export type HeldJournal = HeldLines & { readonly events: readonly JournalEvent[] };

export type BatchVerdict = {
  readonly status: BatchStatus;
  /** What is wrong and where, in words for a person; null when ACCEPTED. */
  readonly why: string | null;
  /** First line ground misses; only with GAP. */
  readonly resendFrom: number | null;
  /** Null until its signature has verified. */
  readonly manifest: BatchManifest | null;
  /** The events below are there once chain and signatures have verified; line hashes by seq likewise. */
  readonly lines: readonly string[];
  readonly events: readonly JournalEvent[];
  /** Recomputed from the events, never copied from the manifest. */
  readonly totals: readonly LegTotals[];
  readonly passengers: readonly PassengerTotals[];
  readonly setAside: readonly SetAsideBill[];
  readonly unchecked: readonly string[];
};

export type BatchJudge = {
  readonly trust: TrustList;
  /** Whether this terminal and epoch was ever provisioned; left out where only the certificate decides. */
  readonly isKnownDevice?: (dev: string, epoch: number) => boolean;
  /** What earlier batches of the terminal left; left out to judge a file on its own. */
  readonly heldOf?: (dev: string, epoch: number) => HeldJournal;
  readonly crypto: Crypto;
};

// The manifest is parsed before anything vouches for it; a thousand legs fit.
const MOST_MANIFEST_CHARS = 1024 * 1024;

type Fault = Pick<BatchVerdict, 'status' | 'why' | 'resendFrom'>;

/** Judges the bytes of a `.cpb` file. Takes any bytes and never throws. `privateKeys` by key id. */
export async function verifyBatch(
  bytes: Uint8Array,
  privateKeys: ReadonlyMap<string, EcPrivateJwk>,
  { gunzip, ...judge }: BatchJudge & { readonly gunzip: BoundedGunzip },
): Promise<BatchVerdict> {
  const body = await openEnvelope(bytes, privateKeys, { gunzip });
  return body.ok ? verifyBatchBody(body.value, judge) : refuse(fault('DAMAGED', body.error.why));
}

/** Judges a decrypted and inflated body. Takes any bytes and never throws. */
export function verifyBatchBody(body: Uint8Array, judge: BatchJudge): BatchVerdict {
  const { crypto, heldOf } = judge;
  const split = readBatchBody(body, crypto);
  if (!split.ok) return refuse(fault('DAMAGED', split.error));
  const { manifestLine, lines } = split.value;
  const opened = readManifest(manifestLine, judge);
  if (!opened.ok) return refuse(opened.error);
  const { manifest, certificate } = opened.value;
  const held = heldOf?.(manifest.dev, manifest.ep) ?? null;
  const chain = verifyChain(lines, manifest, certificate.jwk, { held, crypto });
  if (!chain.ok) return { ...refuse(chain.error), manifest };
  return judgeContents({ manifest, lines, raw: chain.value, held, judge });
}

function fault(status: BatchStatus, why: string): Fault {
  return { status, why, resendFrom: null };
}

function refuse({ status, why, resendFrom }: Fault): BatchVerdict {
  const nothing = { lines: [], events: [], totals: [], passengers: [], setAside: [], unchecked: [] };
  return { status, why, resendFrom, manifest: null, ...nothing };
}

type OpenedManifest = { readonly manifest: BatchManifest; readonly certificate: DeviceCertificate };

function readManifest(
  line: string,
  { trust, isKnownDevice, crypto }: BatchJudge,
): Result<OpenedManifest, Fault> {
  if (line.length > MOST_MANIFEST_CHARS) return fail(fault('DAMAGED', 'manifest: too long'));
  const peeked = peekJsonJws(line);
  if (!peeked.ok) return fail(fault('DAMAGED', 'manifest: not a signed JSON document'));
  const shape = v.safeParse(batchManifestSchema, peeked.value);
  if (!shape.success) return fail(fault('DAMAGED', `manifest: ${describeIssue(shape.issues)}`));
  const claimed = shape.output;
  if (claimed.airline !== trust.airline) {
    return fail(
      fault('UNKNOWN_DEVICE', `manifest: for the airline ${claimed.airline}, not ${trust.airline}`),
    );
  }
  const certificate = readDeviceCertificate(
    claimed.devCert,
    trust,
    Math.floor(claimed.exportedAt / 1000),
    crypto,
  );
  if (!certificate.ok)
    return fail(fault('UNKNOWN_DEVICE', `certificate of ${claimed.dev}: ${certificate.error}`));
  const { dev, ep, jwk } = certificate.value;
  if (dev !== claimed.dev || ep !== claimed.ep) {
    const names = `${dev}#${ep.toString()}, not for ${claimed.dev}#${claimed.ep.toString()}`;
    return fail(fault('UNKNOWN_DEVICE', `certificate: issued for ${names}`));
  }
  if (isKnownDevice?.(dev, ep) === false) {
    return fail(fault('UNKNOWN_DEVICE', `${dev}#${ep.toString()} was never provisioned here`));
  }
  const verified = verifyJsonJws(line, 'cpb+jws', [jwk], crypto);
  if (!verified.ok) return fail(fault('FORGED', `manifest: ${verified.error}`));
  const contradiction = findContradiction(claimed, crypto);
  return contradiction === null
    ? ok({ manifest: claimed, certificate: certificate.value })
    : fail(fault('FORGED', `manifest: ${contradiction}`));
}

/** `legs.0.leg: …`: where the first thing wrong stands. */
function describeIssue(issues: readonly v.BaseIssue<unknown>[]): string {
  const [issue] = issues;
  return issue === undefined ? 'shape' : `${v.getDotPath(issue) ?? 'whole'}: ${issue.message}`.slice(0, 200);
}

/** A manifest at odds with itself was not made by a till of ours, whoever signed it. */
function findContradiction(manifest: BatchManifest, crypto: Crypto): string | null {
  const { from, to, count, batchId } = manifest;
  if (to < from || count !== to - from + 1) {
    return `count is ${count.toString()} for lines ${from.toString()} to ${to.toString()}`;
  }
  return batchId === batchIdOf(manifest, crypto) ? null : 'batchId is not that of its range and headHash';
}

type Contents = {
  readonly manifest: BatchManifest;
  readonly lines: readonly string[];
  readonly raw: readonly RawEvent[];
  readonly held: HeldJournal | null;
  readonly judge: BatchJudge;
};

function judgeContents({ manifest, lines, raw, held, judge }: Contents): BatchVerdict {
  const { from } = manifest;
  const events = raw.map(readEvent).filter((event): event is JournalEvent => event !== null);
  const earlier = (held?.events ?? []).filter((event) => event.seq < from);
  const isWhole = from === 1 || held !== null;
  const all = [...earlier, ...events];
  const verdict = {
    resendFrom: null,
    manifest,
    lines,
    events,
    totals: legTotals(events),
    passengers: passengerTotals(events),
    setAside: [],
    unchecked: [],
  };
  const wrong =
    findTotalsFault(manifest, verdict.totals, legsInRange(events)) ??
    (isWhole ? findClosingTotalsFault(all, from) : null);
  if (wrong !== null) return { ...verdict, status: 'TOTALS', why: wrong };
  const { trust, crypto } = judge;
  const found = findBillFaults(all, { from, isWhole, trust, crypto });
  const setAside = [...raw.flatMap(findUnreadable), ...found.setAside];
  const [first] = setAside;
  const status = first === undefined ? 'ACCEPTED' : 'PARTIAL';
  return { ...verdict, status, why: describeSetAside(setAside), setAside, unchecked: found.unchecked };
}

/** Types this ground does not know yet are passed over; a known type with a body of another shape is not. */
function findUnreadable(raw: RawEvent): SetAsideBill[] {
  if (!isEventType(raw.ty) || readEvent(raw) !== null || raw.tr === true) return [];
  const { bill, cti } = (typeof raw.b === 'object' && raw.b !== null ? raw.b : {}) as Record<string, unknown>;
  return [
    {
      bill: typeof bill === 'string' ? bill.slice(0, 60) : null,
      cti: typeof cti === 'string' ? cti.slice(0, 16) : null,
      seq: raw.seq,
      why: `${raw.ty} has a body of unknown shape`,
    },
  ];
}

function describeSetAside(setAside: readonly SetAsideBill[]): string | null {
  const [first] = setAside;
  if (first === undefined) return null;
  const more = setAside.length > 1 ? ` (and ${(setAside.length - 1).toString()} more)` : '';
  const name = first.bill === null ? '' : `bill ${first.bill}: `;
  return `seq ${first.seq.toString()}: ${name}${first.why}${more}`;
}
