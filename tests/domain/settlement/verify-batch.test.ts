import * as nodeCrypto from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signJsonJws } from '../../../domain/crypto/compact-jws.ts';
import { signerFromJwk } from '../../../domain/crypto/node-crypto.ts';
import { decodeUtf8, encodeUtf8 } from '../../../domain/encoding/utf8.ts';
import { composeLine, lineHash, lineHeader, readLine } from '../../../domain/journal/line.ts';
import type { BatchManifest } from '../../../domain/settlement/batch-manifest.ts';
import { sealBody } from '../../../domain/settlement/compose-batch.ts';
import { verifyBatch, verifyBatchBody, type HeldJournal } from '../../../domain/settlement/verify-batch.ts';
import { newPrivateJwk, signDeviceCertificate } from '../../../ground/demo/demo-keys.ts';
import { gunzip } from '../../../ground/gzip.ts';
import {
  composeSceneBatch,
  createScene,
  crypto,
  flyOrdinaryFlight,
  openBill,
  openFlight,
  personAt,
  saleBody,
  SCENE_MS,
  startJournal,
} from './journal-scene.ts';

const scene = createScene();
const journal = flyOrdinaryFlight(scene);
const { lines } = journal;
const batch = composeSceneBatch(scene, lines);
const leg = scene.flight.legId;

const judge = (body: Uint8Array) => verifyBatchBody(body, scene.judge);
const bodyLines = (body: Uint8Array): string[] => (decodeUtf8(body) ?? '').split('\n').slice(0, -2);
const manifestLine = bodyLines(batch.body)[0] ?? '';

/** A body with other journal lines under the manifest that was signed for the real ones, and an END line that fits. */
const withLines = (changed: readonly string[]): Uint8Array => sealBody([manifestLine, ...changed], crypto);
/** A body whose manifest the terminal itself signed with changed fields. */
const withManifest = (change: Partial<BatchManifest>, signer = scene.signer): Uint8Array =>
  sealBody([signJsonJws('cpb+jws', { ...batch.manifest, ...change }, signer, crypto), ...lines], crypto);
const without = (index: number): string[] => lines.filter((_, i) => i !== index);
/** Line `index` signed again by the terminal with another time: two truths at one seq. */
const otherTruth = (index: number): string => {
  const event = readLine(lines[index] ?? '');
  if (event === null) throw new Error('no line there');
  return composeLine({ ...event, t: event.t + 1 }, lineHeader(scene.signer.publicJwk, crypto), scene.signer);
};

describe('a batch as the terminal sealed it', () => {
  it('is accepted with the totals of its lines', () => {
    const verdict = judge(batch.body);
    expect(verdict).toMatchObject({
      status: 'ACCEPTED',
      why: null,
      resendFrom: null,
      setAside: [],
      unchecked: [],
    });
    expect(verdict.totals).toEqual([
      {
        leg,
        ccy: 'CNY',
        sales: { n: 3, amt: 4750 + 2400 + 3800 },
        voids: { n: 1, amt: -2400 },
        refunds: { n: 0, amt: 0 },
        discounts: { n: 0, amt: 0 },
        net: 8550,
        credentials: 2,
      },
    ]);
  });

  it('tells what each passenger owes, practice and cash left out', () => {
    const [anna, ben, ...others] = judge(batch.body).passengers;
    expect(anna).toMatchObject({ seat: '12C', wallet: 1, sales: 1, voids: 0, netMinor: 4750 });
    expect(ben).toMatchObject({ seat: '7C', wallet: 2, sales: 2, voids: 1, netMinor: 3800 });
    expect(others).toEqual([]);
  });

  it('is still accepted years after its certificate expired', () => {
    const years = 3 * 365 * 86_400;
    const trust = { ...scene.trust, expires: scene.trust.expires + years };
    expect(verifyBatchBody(batch.body, { trust, crypto }).status).toBe('ACCEPTED');
  });

  it('keeps events of types this ground does not know', () => {
    const journalOfNewerTill = startJournal(scene);
    openFlight(scene, journalOfNewerTill);
    journalOfNewerTill.add('DUTY_OFF', {}, { change: { ty: 'TELEPORT' } as never });
    expect(judge(composeSceneBatch(scene, journalOfNewerTill.lines).body).status).toBe('ACCEPTED');
  });
});

describe('damage', () => {
  it('is named for content cut anywhere', () => {
    const statuses = new Set<string>();
    for (let size = 0; size < batch.body.length; size += 97)
      statuses.add(judge(batch.body.slice(0, size)).status);
    statuses.add(judge(batch.body.slice(0, -1)).status);
    expect([...statuses]).toEqual(['DAMAGED']);
  });

  it('is named for an END line with another hash, another count, or no final line feed', () => {
    const text = decodeUtf8(batch.body) ?? '';
    const end = text.lastIndexOf('END ');
    const hash = text.slice(-65, -1);
    const count = lines.length + 1;
    const changed = [
      `${text.slice(0, end)}END ${count.toString()} ${'0'.repeat(64)}\n`,
      `${text.slice(0, end)}END ${(count + 1).toString()} ${hash}\n`,
      `${text.slice(0, end)}END ${count.toString()} ${hash.toUpperCase()}\n`,
      text.trimEnd(),
      `${text}\n`,
      text.slice(0, end),
    ];
    expect(changed.map((one) => judge(encodeUtf8(one)).status)).toEqual(changed.map(() => 'DAMAGED'));
  });

  it('is named for a manifest that is none', () => {
    const bodies = ['', 'x', 'a.b.c', signJsonJws('cpb+jws', { v: 2 }, scene.signer, crypto)];
    expect(bodies.map((line) => judge(sealBody([line, ...lines], crypto)).status)).toEqual(
      bodies.map(() => 'DAMAGED'),
    );
  });

  it('is named for content made to exhaust the reader, before it is taken apart', () => {
    const feeds = new Uint8Array(60 * 1024 * 1024).fill(10);
    const feedsEnd = sealBody(
      Array.from({ length: 2000 }, () => ''),
      crypto,
    );
    const nested = `${Buffer.from('['.repeat(2_000_000)).toString('base64url')}.e30.e30`;
    const bodies = [feeds, feedsEnd, sealBody([nested], crypto)];
    expect(bodies.map((body) => judge(body).status)).toEqual(['DAMAGED', 'DAMAGED', 'DAMAGED']);
  });

  it('is named for a signed line that is no event', () => {
    const journalOfNonsense = startJournal(scene);
    openFlight(scene, journalOfNonsense);
    const good = composeSceneBatch(scene, journalOfNonsense.lines);
    const header = lineHeader(scene.signer.publicJwk, crypto);
    const nonsense = composeLine({ ty: 'DUTY_OFF', b: {} } as never, header, scene.signer);
    const body = sealBody(
      [bodyLines(good.body)[0] ?? '', nonsense, ...journalOfNonsense.lines.slice(1)],
      crypto,
    );
    expect(judge(body)).toMatchObject({ status: 'DAMAGED', why: 'line 1: no journal event' });
  });
});

describe('an unknown device', () => {
  const statusOf = (change: Partial<typeof scene.trust>) =>
    verifyBatchBody(batch.body, { trust: { ...scene.trust, ...change }, crypto });

  it('is one whose certificate no CA of the trust list signed', () => {
    expect(statusOf({ deviceCa: createScene().trust.deviceCa })).toMatchObject({
      status: 'UNKNOWN_DEVICE',
      why: 'certificate of T-0001: unknown-key',
    });
  });

  it('is one that was revoked, whenever it exported', () => {
    expect(statusOf({ revokedDevices: ['T-0001#1'] })).toMatchObject({
      status: 'UNKNOWN_DEVICE',
      why: 'certificate of T-0001: revoked',
    });
    expect(statusOf({ revokedDevices: ['T-0001#2'] }).status).toBe('ACCEPTED');
  });

  it('is one of another airline', () => {
    expect(statusOf({ airline: 'HO' })).toMatchObject({
      status: 'UNKNOWN_DEVICE',
      why: 'manifest: for the airline 9C, not HO',
    });
    expect(judge(withManifest({ airline: 'HO' })).status).toBe('UNKNOWN_DEVICE');
  });

  it('is one that exported outside its certificate’s dates', () => {
    const late = { exportedAt: SCENE_MS + 366 * 86_400_000 };
    expect(judge(withManifest(late))).toMatchObject({
      status: 'UNKNOWN_DEVICE',
      why: 'certificate of T-0001: not-valid-now',
    });
  });

  it('is one that shows another terminal’s certificate', () => {
    expect(judge(withManifest({ dev: 'T-0002' }))).toMatchObject({
      status: 'UNKNOWN_DEVICE',
      why: 'certificate: issued for T-0001#1, not for T-0002#1',
    });
  });

  it('is one that was never provisioned here', () => {
    const verdict = verifyBatchBody(batch.body, { ...scene.judge, isKnownDevice: () => false });
    expect(verdict.status).toBe('UNKNOWN_DEVICE');
  });
});

describe('a forgery', () => {
  const stranger = signerFromJwk(nodeCrypto, newPrivateJwk());

  it('is a manifest signed by another key', () => {
    expect(judge(withManifest({}, stranger))).toMatchObject({
      status: 'FORGED',
      why: 'manifest: unknown-key',
    });
  });

  it('is a manifest edited after signing', () => {
    const [head, , tail] = manifestLine.split('.');
    const edited = { ...batch.manifest, totals: [] };
    const line = `${head ?? ''}.${Buffer.from(JSON.stringify(edited)).toString('base64url')}.${tail ?? ''}`;
    expect(judge(sealBody([line, ...lines], crypto))).toMatchObject({
      status: 'FORGED',
      why: 'manifest: bad-signature',
    });
  });

  it('is a signed document of another kind in the manifest’s place', () => {
    const line = signJsonJws('cpr+jws', batch.manifest, scene.signer, crypto);
    expect(judge(sealBody([line, ...lines], crypto))).toMatchObject({
      status: 'FORGED',
      why: 'manifest: wrong-type',
    });
  });

  it('is a manifest at odds with itself', () => {
    expect(judge(withManifest({ count: batch.manifest.count + 1 })).status).toBe('FORGED');
    expect(judge(withManifest({ batchId: 'a'.repeat(26) })).status).toBe('FORGED');
    expect(judge(withManifest({ to: 1, from: 2 })).status).toBe('FORGED');
  });

  it('is every line with one character of its content changed', () => {
    for (const [i, line] of lines.entries()) {
      const at = line.indexOf('.') + 20;
      const edited = `${line.slice(0, at)}${line[at] === 'A' ? 'B' : 'A'}${line.slice(at + 1)}`;
      const verdict = judge(withLines(lines.map((one, j) => (j === i ? edited : one))));
      expect(verdict.status).toBe('FORGED');
      expect(verdict.why).toContain(`line ${(i + 1).toString()}`);
    }
  });

  it('is a line signed again by another key, whatever its header says', () => {
    const event = readLine(lines[3] ?? '');
    if (event === null) throw new Error('no line there');
    const own = composeLine(event, lineHeader(stranger.publicJwk, crypto), stranger);
    const borrowed = composeLine(event, lineHeader(scene.signer.publicJwk, crypto), stranger);
    for (const line of [own, borrowed]) {
      expect(judge(withLines(lines.map((one, i) => (i === 3 ? line : one)))).status).toBe('FORGED');
    }
  });

  it('is a line of another terminal signed with this key', () => {
    const other = startJournal(scene);
    other.add('DUTY_OFF', {}, { change: { dev: 'T-0002' } });
    const verdict = judge(withLines([other.lines[0] ?? '', ...lines.slice(1)]));
    expect(verdict).toMatchObject({ status: 'FORGED', why: 'line 1 (seq 1): belongs to T-0002#1' });
  });
});

describe('a gap', () => {
  it('names the first missing line, wherever it was cut out', () => {
    for (let i = 0; i < lines.length; i++) {
      expect(judge(withLines(without(i)))).toMatchObject({ status: 'GAP', resendFrom: i + 1 });
    }
  });

  it('is seen when the tail is missing', () => {
    expect(judge(withLines(lines.slice(0, -3)))).toMatchObject({
      status: 'GAP',
      resendFrom: lines.length - 2,
      why: `lines ${(lines.length - 2).toString()} to ${lines.length.toString()} are missing`,
    });
    expect(judge(withLines([]))).toMatchObject({ status: 'GAP', resendFrom: 1 });
  });

  it('is what a line twice and two lines exchanged come to', () => {
    const twice = [...lines.slice(0, 5), lines[4] ?? '', ...lines.slice(5)];
    expect(judge(withLines(twice))).toMatchObject({ status: 'GAP', resendFrom: 6 });
    const exchanged = [...lines.slice(0, 4), lines[5] ?? '', lines[4] ?? '', ...lines.slice(6)];
    expect(judge(withLines(exchanged))).toMatchObject({ status: 'GAP', resendFrom: 5 });
  });
});

describe('a fork', () => {
  it('is one seq with two contents', () => {
    const both = [...lines.slice(0, 5), otherTruth(4), ...lines.slice(5)];
    expect(judge(withLines(both))).toMatchObject({
      status: 'FORK',
      why: 'seq 5 stands twice with different content',
    });
  });

  it('is a line that does not follow the one before it', () => {
    const replaced = lines.map((line, i) => (i === 4 ? otherTruth(4) : line));
    expect(judge(withLines(replaced))).toMatchObject({
      status: 'FORK',
      why: 'seq 6: does not follow the line before it',
    });
  });

  it('is a last line other than the manifest’s', () => {
    const replaced = [...lines.slice(0, -1), otherTruth(lines.length - 1)];
    expect(judge(withLines(replaced)).status).toBe('FORK');
  });

  it('is a journal that began with another certificate', () => {
    const certificate = signDeviceCertificate(scene.keys, Math.floor(SCENE_MS / 1000));
    expect(certificate).not.toBe(scene.certificate);
    expect(judge(withManifest({ devCert: certificate }))).toMatchObject({
      status: 'FORK',
      why: 'seq 1: is not the first line of a journal with this certificate',
    });
  });

  it('is more lines than the manifest covers', () => {
    const short = composeSceneBatch(scene, lines.slice(0, -1));
    const body = sealBody([bodyLines(short.body)[0] ?? '', ...lines], crypto);
    expect(judge(body).status).toBe('FORK');
  });
});

describe('totals', () => {
  const [total] = batch.manifest.totals;
  if (total === undefined) throw new Error('the flight has totals');

  it.each([
    ['sales.amt', { ...total, sales: { n: 3, amt: total.sales.amt + 1 }, net: total.net + 1 }],
    ['voids.n', { ...total, voids: { ...total.voids, n: 2 } }],
    ['net', { ...total, net: total.net - 100 }],
    ['credentials', { ...total, credentials: 3 }],
  ])('that state another %s than the lines are refused by name', (field, stated) => {
    const verdict = judge(withManifest({ totals: [stated] }));
    expect(verdict.status).toBe('TOTALS');
    expect(verdict.why).toContain(`totals of ${leg} CNY: ${field} is`);
    expect(verdict.totals).toEqual([total]);
  });

  it('may be neither missing, nor extra, nor twice', () => {
    for (const totals of [[], [total, total], [total, { ...total, leg: 'X' }]]) {
      expect(judge(withManifest({ totals })).status).toBe('TOTALS');
    }
  });

  it('go with the legs the lines have and whether they were closed', () => {
    const open = batch.manifest.legs.map((one) => ({ ...one, closed: false }));
    expect(judge(withManifest({ legs: open })).status).toBe('TOTALS');
    expect(judge(withManifest({ legs: [] })).status).toBe('TOTALS');
  });

  it('of FLIGHT_CLOSE are counted again too', () => {
    const other = startJournal(scene);
    openFlight(scene, other);
    const bill = openBill(scene, other, personAt(scene, '12C'));
    other.add('SALE', saleBody(bill));
    other.add('FLIGHT_CLOSE', { totals: [{ ...total, credentials: 1 }], counts: {}, unused: [] });
    const verdict = judge(composeSceneBatch(scene, other.lines).body);
    expect(verdict.status).toBe('TOTALS');
    expect(verdict.why).toContain('FLIGHT_CLOSE (seq 6)');
  });
});

describe('a later batch of the same terminal', () => {
  const cut = 11;
  const early = lines.slice(0, cut);
  const late = composeSceneBatch(scene, lines.slice(cut));
  const earlyHashes = new Map(early.map((line, i) => [i + 1, lineHash(line, crypto)]));
  const held: HeldJournal = {
    ackSeq: cut,
    hashAt: (seq) => earlyHashes.get(seq) ?? null,
    events: early.flatMap((line) => readLine(line) ?? []),
  };
  const judgeAfter = (body: Uint8Array, kept: HeldJournal) =>
    verifyBatchBody(body, { ...scene.judge, heldOf: () => kept });

  it('is accepted after the one before it', () => {
    expect(judgeAfter(late.body, held)).toMatchObject({ status: 'ACCEPTED', unchecked: [] });
  });

  it('is a gap when the one before it never arrived', () => {
    const nothing: HeldJournal = { ackSeq: 0, hashAt: () => null, events: [] };
    expect(judgeAfter(late.body, nothing)).toMatchObject({ status: 'GAP', resendFrom: 1 });
  });

  it('is a fork when another line was delivered before it, or an overlap differs', () => {
    const lied = { ...held, hashAt: (seq: number) => (seq === cut ? 'x'.repeat(43) : null) };
    expect(judgeAfter(late.body, lied).status).toBe('FORK');
    const overlapping = composeSceneBatch(scene, lines);
    expect(judgeAfter(overlapping.body, held).status).toBe('ACCEPTED');
    const other = { ...held, hashAt: (seq: number) => (seq === 3 ? 'x'.repeat(43) : held.hashAt(seq)) };
    expect(judgeAfter(overlapping.body, other).status).toBe('FORK');
  });

  it('judged on its own says what it could not check', () => {
    const alone = judge(late.body);
    expect(alone.status).toBe('ACCEPTED');
    expect(alone.unchecked.length).toBeGreaterThan(0);
    expect(judge(withManifestOf(late.body, { prevHash: 'x'.repeat(43) })).status).toBe('FORK');
  });

  function withManifestOf(body: Uint8Array, change: Partial<BatchManifest>): Uint8Array {
    const [, ...rest] = bodyLines(body);
    return sealBody(
      [signJsonJws('cpb+jws', { ...late.manifest, ...change }, scene.signer, crypto), ...rest],
      crypto,
    );
  }
});

describe('any bytes', () => {
  const privateKeys = new Map([[scene.keys.enc.kid, scene.keys.enc]]);

  it('get a verdict, never an exception', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        expect((await verifyBatch(bytes, privateKeys, { ...scene.judge, gunzip })).status).toBe('DAMAGED');
        expect(judge(bytes).status).toBe('DAMAGED');
      }),
    );
  });

  it('under a good END line get a verdict too', () => {
    const line = fc.oneof(fc.string(), fc.constantFrom(...lines, manifestLine), fc.base64String());
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (some) => {
        expect(judge(sealBody(some, crypto)).status).not.toBe('ACCEPTED');
        expect(judge(sealBody([manifestLine, ...some], crypto)).status).not.toBe('ACCEPTED');
      }),
    );
  });

  it('of JSON in the manifest’s place get a verdict too', () => {
    const field = fc.constantFrom(...Object.keys(batch.manifest));
    fc.assert(
      fc.property(field, fc.jsonValue(), (name, value) => {
        fc.pre(JSON.stringify(value) !== JSON.stringify(batch.manifest[name as keyof BatchManifest]));
        const statuses = ['ACCEPTED', 'DAMAGED', 'UNKNOWN_DEVICE', 'FORGED', 'FORK', 'GAP', 'TOTALS'];
        expect(statuses).toContain(judge(withManifest({ [name]: value })).status);
      }),
    );
  });
});
