import * as nodeCrypto from 'node:crypto';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Answers } from '../../../bridge/contract.ts';
import { signJsonJws } from '../../../domain/crypto/compact-jws.ts';
import type { EcPrivateJwk, EcPublicJwk } from '../../../domain/crypto/crypto.ts';
import { signerFromJwk } from '../../../domain/crypto/node-crypto.ts';
import type { ResultFile } from '../../../domain/settlement/result-file.ts';
import { sealResult } from '../../../domain/settlement/sealed-result.ts';
import { crypto, newSigner } from '../../support/keys.ts';
import { pickPassenger, showCode } from '../../support/demo-passengers.ts';
import { openMainTill, scanCode, startFresh, type MainTill } from '../../support/main-till.ts';
import { openStubGround, type StubGround } from '../../support/stub-ground.ts';
import { beginJournal, openFlownTill, QUICK_PACE, resultsIn, sealFlight } from './sealed-flight.ts';

type Flown = {
  readonly till: MainTill;
  readonly ground: StubGround;
  readonly batchId: string;
  readonly bill: string;
};

/** Sealed, and with no network: what comes back comes in files. */
async function flown(): Promise<Flown> {
  const { till, ground } = await openFlownTill(undefined, false);
  return { till, ground, ...(await sealFlight(till)) };
}

function put({ till }: Flown, name: string, text: string): void {
  writeFileSync(join(till.dir, 'batch', name), text);
}

function resultFor({ till, ground, batchId, bill }: Flown, change: Partial<ResultFile> = {}): ResultFile {
  const bills = [{ bill, status: 'CHARGED' as const, amt: 800, ref: '4200', code: '' }];
  return ground.resultOf(batchId, { ackSeq: till.events().length - 1, bills, ...change });
}

function importFrom({ till }: Flown): Promise<Answers['importResults']> {
  return Promise.resolve(till.call.importResults({ volume: 'outbox' }));
}

/** To the key in this terminal's certificate, or to another. */
function sealed({ till }: Flown, jws: string, key?: EcPublicJwk): Promise<string> {
  const path = join(till.dir, 'keys', 'device-T-0001.jwk.json');
  return sealResult(jws, key ?? (JSON.parse(readFileSync(path, 'utf8')) as EcPublicJwk), crypto);
}

describe('a result that was encrypted to this terminal', () => {
  it('is opened and taken, and is the same result as the bare one', async () => {
    const flight = await flown();
    const jws = flight.ground.sign(resultFor(flight));
    put(flight, 'CPR-T-0001-1-ABCD2345.cpr', await sealed(flight, jws));
    const first = await importFrom(flight);
    expect(first).toMatchObject({ ok: true, value: { taken: 1, known: 0, refused: [] } });
    expect(first.ok && first.value.settlement.bills[flight.bill]?.status).toBe('paid');
    put(flight, 'bare.cpr', jws);
    expect(await importFrom(flight)).toMatchObject({ ok: true, value: { taken: 0, known: 2 } });
    expect(resultsIn(flight.till)).toBe(1);
    const again = await flight.till.reopen({ uplinkPace: QUICK_PACE });
    expect((await startFresh(again)).settlement.bills[flight.bill]?.status).toBe('paid');
  });

  it('is passed over where it is for another terminal', async () => {
    const flight = await flown();
    const theirs = await sealed(flight, flight.ground.sign(resultFor(flight)), newSigner().publicJwk);
    put(flight, 'theirs.cpr', theirs);
    expect(await importFrom(flight)).toMatchObject({
      ok: false,
      error: { problem: { kind: 'result-not-ours' } },
    });
    put(flight, 'ours.cpr', await sealed(flight, flight.ground.sign(resultFor(flight))));
    expect(await importFrom(flight)).toMatchObject({ ok: true, value: { taken: 1, refused: [] } });
  });

  it.each<[string, string, (flight: Flown, jws: string) => string | Promise<string>]>([
    [
      'was altered on the way',
      'result-unreadable',
      async (flight, jws) => {
        const parts = (await sealed(flight, jws)).split('.');
        const [tag = ''] = parts.slice(-1);
        return [...parts.slice(0, -1), (tag.startsWith('A') ? 'B' : 'A') + tag.slice(1)].join('.');
      },
    ],
    ['was cut short', 'result-unreadable', async (flight, jws) => (await sealed(flight, jws)).slice(0, -30)],
    [
      'holds what ground has not signed',
      'result-forged',
      (flight) => sealed(flight, flight.ground.sign(resultFor(flight), newSigner())),
    ],
    [
      'holds a text ground signed as something else',
      'result-forged',
      ({ till, ...flight }) => {
        const key = JSON.parse(
          readFileSync(join(till.dir, 'keys', 'ground.jwk.json'), 'utf8'),
        ) as EcPrivateJwk;
        const signer = signerFromJwk(nodeCrypto, key);
        return sealed(
          { till, ...flight },
          signJsonJws('cpb+jws', resultFor({ till, ...flight }), signer, crypto),
        );
      },
    ],
    [
      'holds another sealed one',
      'result-unreadable',
      async (flight, jws) => sealed(flight, await sealed(flight, jws)),
    ],
  ])('and %s is refused', async (_what, kind, make) => {
    const flight = await flown();
    put(flight, 'x.cpr', await make(flight, flight.ground.sign(resultFor(flight))));
    expect(await importFrom(flight)).toMatchObject({ ok: false, error: { problem: { kind } } });
    expect(resultsIn(flight.till)).toBe(0);
  });
});

describe('an import', () => {
  it('takes what concerns this terminal, once', async () => {
    const flight = await flown();
    put(flight, 'ours.cpr', flight.ground.sign(resultFor(flight)));
    put(flight, 'theirs.cpr', flight.ground.sign(resultFor(flight, { dev: 'T-0099' })));
    const first = await importFrom(flight);
    expect(first).toMatchObject({ ok: true, value: { taken: 1, known: 0, refused: [] } });
    expect(first.ok && first.value.settlement.bills[flight.bill]?.status).toBe('paid');
    expect(first.ok && first.value.settlement.unsent).toEqual({ count: 0, minor: 0 });
    const second = await importFrom(flight);
    expect(second).toMatchObject({ ok: true, value: { taken: 0, known: 1, lines: [] } });
    expect(resultsIn(flight.till)).toBe(1);
  });

  it('of a forged file beside a good one takes the good one and names the other', async () => {
    const flight = await flown();
    put(flight, 'a.cpr', flight.ground.sign(resultFor(flight), newSigner()));
    put(flight, 'b.cpr', flight.ground.sign(resultFor(flight)));
    put(flight, 'c.cpr', 'no result at all');
    expect(await importFrom(flight)).toMatchObject({
      ok: true,
      value: {
        taken: 1,
        refused: [
          { fileName: 'a.cpr', problem: { kind: 'result-forged' } },
          { fileName: 'c.cpr', problem: { kind: 'result-unreadable' } },
        ],
      },
    });
  });

  it.each([
    ['nothing', {}, 'results-not-found'],
    ['only files of other terminals', { dev: 'T-0099' }, 'result-not-ours'],
    ['only an unknown batch', { batchId: 'c'.repeat(26) }, 'result-unknown-batch'],
    ['only one beyond this journal', { ackSeq: 1_000_000 }, 'result-beyond-head'],
  ])('that finds %s says so and changes nothing', async (what, change, kind) => {
    const flight = await flown();
    if (what !== 'nothing') put(flight, 'x.cpr', flight.ground.sign(resultFor(flight, change)));
    expect(await importFrom(flight)).toMatchObject({ ok: false, error: { problem: { kind } } });
    expect(resultsIn(flight.till)).toBe(0);
  });

  it('follows no link and opens no folder', async () => {
    const flight = await flown();
    writeFileSync(join(flight.till.dir, 'elsewhere'), flight.ground.sign(resultFor(flight)));
    symlinkSync(join(flight.till.dir, 'elsewhere'), join(flight.till.dir, 'batch', 'link.cpr'));
    mkdirSync(join(flight.till.dir, 'batch', 'folder.cpr'));
    expect(await importFrom(flight)).toMatchObject({
      ok: false,
      error: { problem: { kind: 'result-unreadable' } },
    });
  });

  it('from a volume that is not there is refused', async () => {
    const flight = await flown();
    expect(await flight.till.call.importResults({ volume: 'volume-000000000000' })).toMatchObject({
      ok: false,
      error: { problem: { kind: 'volume-unknown' } },
    });
  });

  it('that could not be kept on the disk is not recorded', async () => {
    const flight = await flown();
    put(flight, 'ours.cpr', flight.ground.sign(resultFor(flight)));
    writeFileSync(join(flight.till.dir, 'till', 'results'), 'a file where the folder should be');
    expect(await importFrom(flight)).toMatchObject({
      ok: false,
      error: { problem: { kind: 'result-not-kept' } },
    });
    expect(resultsIn(flight.till)).toBe(0);
  });
});

describe('a result whose record was cut off by the end of the program', () => {
  it('is recorded at the next start, and never twice', async () => {
    const flight = await flown();
    const dir = join(flight.till.dir, 'till', 'results');
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, 'left-behind.cpr'), flight.ground.sign(resultFor(flight)));
    const forged = flight.ground.sign(resultFor(flight, { trustVersion: 99 }), newSigner());
    writeFileSync(join(dir, 'forged.cpr'), forged);
    const again = await flight.till.reopen({ uplinkPace: QUICK_PACE });
    expect((await startFresh(again)).settlement.bills[flight.bill]?.status).toBe('paid');
    expect(resultsIn(again)).toBe(1);
    const third = await again.reopen({ uplinkPace: QUICK_PACE });
    await startFresh(third);
    expect(resultsIn(third)).toBe(1);
  });
});

/** A till that has exported one batch, and one of its passengers who may buy. */
async function openWithDenials() {
  const till = await openMainTill({ uplinkPace: QUICK_PACE });
  const ground = await openStubGround(till.dir);
  onTestFinished(ground.close);
  const exported = 'd'.repeat(26);
  await beginJournal(till, [{ ty: 'EXPORT', b: { batchId: exported, from: 1, to: 1, sink: 'outbox' } }]);
  mkdirSync(join(till.dir, 'batch'));
  await startFresh(till);
  const person = pickPassenger(till.people, (one) => one.holder !== null && one.listed && !one.denied);
  const code = (): string => {
    till.clock.nowMs += 2000;
    return showCode(person, Math.floor(till.clock.nowMs / 1000));
  };
  const takeList = async (version: number, add: readonly string[]): Promise<void> => {
    const result = ground.resultOf(exported, { at: till.clock.nowMs, deny: { version, add: [...add] } });
    writeFileSync(join(till.dir, 'batch', `deny-${version.toString()}.cpr`), ground.sign(result));
    expect((await till.call.importResults({ volume: 'outbox' })).ok).toBe(true);
  };
  return { till, person, code, takeList };
}

describe('a passenger ground has denied by a result', () => {
  const refused = { ok: false, error: { problem: { kind: 'code-denied' } } };

  it('is refused at once, and after a restart', async () => {
    const { till, person, code, takeList } = await openWithDenials();
    expect((await scanCode(till, code())).ok).toBe(true);
    await takeList(1_000_000, [person.cti]);
    expect(await scanCode(till, code())).toMatchObject(refused);
    const again = await till.reopen({ uplinkPace: QUICK_PACE });
    await startFresh(again);
    expect(await scanCode(again, code())).toMatchObject(refused);
  });

  it('who has paid since is sold to again, whichever of the two results came first', async () => {
    const { till, person, code, takeList } = await openWithDenials();
    await takeList(1_000_000, [person.cti]);
    expect(await scanCode(till, code())).toMatchObject(refused);
    await takeList(1_000_002, []);
    expect((await scanCode(till, code())).ok).toBe(true);
    // On another stick, late.
    await takeList(1_000_001, [person.cti]);
    expect((await scanCode(till, code())).ok).toBe(true);
    const again = await till.reopen({ uplinkPace: QUICK_PACE });
    await startFresh(again);
    expect((await scanCode(again, code())).ok).toBe(true);
  });
});
