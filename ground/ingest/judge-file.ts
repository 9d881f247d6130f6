// What ground makes of a received file: the domain's verdict, with what only ground knows about the terminal.
import * as v from 'valibot';
import { peekJsonJws } from '../../domain/crypto/compact-jws.ts';
import { decodeUtf8 } from '../../domain/encoding/utf8.ts';
import { batchManifestSchema, type BatchManifest } from '../../domain/settlement/batch-manifest.ts';
import { openEnvelope } from '../../domain/settlement/envelope.ts';
import {
  verifyBatchBody,
  type BatchStatus,
  type BatchVerdict,
} from '../../domain/settlement/verify-batch.ts';
import { deviceCertificateSchema, deviceName } from '../../domain/trust/device-certificate.ts';
import type { TrustList } from '../../domain/trust/trust-list.ts';
import { decryptionKeys } from '../airlines/keys.ts';
import { trustOf } from '../airlines/trust-lists.ts';
import { storableText } from '../database/storable-text.ts';
import type { Ground } from '../ground.ts';
import { gunzip } from '../gzip.ts';
import { reason } from '../web/reasons.ts';
import { eventRowOf, type EventRow } from './event-row.ts';
import { readHeld, type Held } from './journal-rows.ts';
import { findUncopied, type SetAside } from './lost-terminal.ts';

export type Judgement = {
  readonly status: BatchStatus;
  readonly why: string | null;
  readonly resendFrom: number | null;
  /** Null until its signature has verified. */
  readonly manifest: BatchManifest | null;
  readonly verdict: BatchVerdict;
  /** Of accepted batches: all lines, also those of types this version does not know. */
  readonly rows: readonly EventRow[];
  /** Bills for a person. */
  readonly setAside: readonly SetAside[];
  readonly held: Held | null;
  /** The terminal was reported lost or its certificate taken back. */
  readonly isLost: boolean;
};

/** How the reason begins of a file that is refused for nothing else. */
export const QUARANTINE_WHY = 'in quarantine';

type Device = {
  readonly x: string;
  readonly lostAtMs: number | null;
  readonly quarantineWhy: string | null;
};

/** Takes any bytes. Rejects only when the database is away or the airline has no trust list. */
export async function judgeFile(ground: Ground, airline: string, bytes: Uint8Array): Promise<Judgement> {
  const body = await openEnvelope(bytes, await decryptionKeys(ground, airline), { gunzip });
  const trust = await trustOf(ground, airline);
  if (!body.ok) return refusal(nothing('DAMAGED', body.error.why), null);
  const claim = readClaim(body.value);
  const device = claim === null ? null : await findDevice(ground, airline, claim);
  const held = claim === null ? null : await readHeldFor(ground, airline, claim);
  const verdict = withStorableLegs(
    verifyBatchBody(body.value, {
      trust: device?.lostAtMs == null ? trust : withoutRevocation(trust, claim),
      crypto: ground.crypto,
      isKnownDevice: () => device !== null && device.x === claim?.x,
      ...(held === null ? {} : { heldOf: () => held.journal }),
    }),
  );
  if (verdict.status !== 'ACCEPTED' && verdict.status !== 'PARTIAL') {
    return device?.lostAtMs == null || verdict.status === 'DAMAGED'
      ? refusal(verdict, held)
      : refusal(
          unknownDevice(verdict, reason('lost-and-wrong', { detail: verdict.why ?? '' }).text),
          held,
          true,
        );
  }
  if (device !== null && device.quarantineWhy !== null) {
    return refusal(unknownDevice(verdict, `${QUARANTINE_WHY}: ${device.quarantineWhy}`), held);
  }
  const rows = verdict.lines.flatMap(
    (line) => eventRowOf(line, { airline, source: 'batch', crypto: ground.crypto }) ?? [],
  );
  const accepted = { ...describe(verdict), verdict, rows, held, isLost: false };
  return device?.lostAtMs == null ? accepted : judgeLost(accepted, device.lostAtMs);
}

/** threats.md 49: what a lost terminal delivers counts only where its passengers' copies bear it out. */
function judgeLost(accepted: Judgement, lostAtMs: number): Judgement {
  const { held, verdict, rows } = accepted;
  const known = held?.lines.filter(({ seq }) => seq >= (verdict.manifest?.from ?? 0)) ?? [];
  // Delivered in full before it was lost: nothing new in it.
  if (rows.every(({ seq }) => seq <= (held?.head.seq ?? 0))) return accepted;
  const copies = new Set(known.filter(({ source }) => source !== 'batch').map(({ seq }) => seq));
  const isLate = rows.some((row) => row.t_ms >= lostAtMs);
  if (isLate || copies.size === 0) {
    const refused = reason(isLate ? 'lost-later' : 'lost-alone').text;
    return refusal(unknownDevice(verdict, refused), held, true);
  }
  const uncopied = findUncopied(verdict.events, copies);
  const setAside = [...accepted.setAside, ...uncopied];
  const why = reason('lost-agrees').text;
  return { ...accepted, status: 'PARTIAL', why, setAside, isLost: true };
}

type Claim = Pick<BatchManifest, 'dev' | 'ep' | 'from' | 'to'> & {
  readonly legs: readonly string[];
  /** Of the key in its certificate; empty when it has none. */
  readonly x: string;
};

/** What the manifest says before anything vouches for it: which journal to read, and nothing else. */
function readClaim(body: Uint8Array): Claim | null {
  const text = decodeUtf8(body.subarray(0, Math.max(0, body.indexOf(10))));
  const peeked = text === null ? null : peekJsonJws(text);
  const manifest = peeked?.ok === true ? v.safeParse(batchManifestSchema, peeked.value) : null;
  if (manifest?.success !== true) return null;
  const { dev, ep, from, to, legs, devCert } = manifest.output;
  const certificate = peekJsonJws(devCert);
  const parsed = certificate.ok ? v.safeParse(deviceCertificateSchema, certificate.value) : null;
  const x = parsed?.success === true ? parsed.output.jwk.x : '';
  return { dev, ep, from, to, legs: legs.map(({ leg }) => storableText(leg)), x };
}

async function readHeldFor(ground: Ground, airline: string, claim: Claim): Promise<Held> {
  const { dev, ep, from, to, legs } = claim;
  return await readHeld(ground, { airline, dev, ep }, { from, to, legs });
}

async function findDevice({ db }: Ground, airline: string, { dev, ep }: Claim): Promise<Device | null> {
  const row = await db
    .selectFrom('device')
    .select(['jwk', 'lost_at_ms', 'revoked_at_ms', 'quarantined_at_ms', 'quarantine_why'])
    .where('airline', '=', airline)
    .where('dev', '=', dev)
    .where('ep', '=', ep)
    .executeTakeFirst();
  if (row === undefined) return null;
  return {
    x: row.jwk.x,
    lostAtMs: row.lost_at_ms ?? row.revoked_at_ms,
    quarantineWhy: row.quarantined_at_ms === null ? null : (row.quarantine_why ?? 'not said'),
  };
}

function withoutRevocation(trust: TrustList, claim: Claim | null): TrustList {
  const name = claim === null ? '' : deviceName(claim.dev, claim.ep);
  return { ...trust, revokedDevices: trust.revokedDevices.filter((revoked) => revoked !== name) };
}

function withStorableLegs(verdict: BatchVerdict): BatchVerdict {
  return { ...verdict, events: verdict.events.map((event) => ({ ...event, leg: storableText(event.leg) })) };
}

function describe({ status, why, resendFrom, manifest, setAside }: BatchVerdict) {
  const store = (text: string | null): string | null => (text === null ? null : storableText(text));
  return {
    status,
    why: store(why),
    resendFrom,
    manifest,
    setAside: setAside.map((one) => ({
      ...one,
      bill: store(one.bill),
      cti: store(one.cti),
      why: storableText(one.why),
    })),
  };
}

function unknownDevice(verdict: BatchVerdict, why: string): BatchVerdict {
  return { ...verdict, status: 'UNKNOWN_DEVICE', why, resendFrom: null };
}

function nothing(status: BatchStatus, why: string): BatchVerdict {
  const empty = { lines: [], events: [], totals: [], passengers: [], setAside: [], unchecked: [] };
  return { status, why, resendFrom: null, manifest: null, ...empty };
}

function refusal(verdict: BatchVerdict, held: Held | null, isLost = false): Judgement {
  return { ...describe(verdict), verdict, rows: [], setAside: [], held, isLost };
}
