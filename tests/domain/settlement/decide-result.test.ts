import * as nodeCrypto from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Signer } from '../../../domain/crypto/crypto.ts';
import { signerFromJwk } from '../../../domain/crypto/node-crypto.ts';
import { decideResult, deniedByResults, resultHash } from '../../../domain/settlement/decide-result.ts';
import { signResultFile, type ResultFile } from '../../../domain/settlement/result-file.ts';
import { DEMO_TERMINAL } from '../../../ground/demo/demo-keys.ts';
import { newSigner } from '../../support/keys.ts';
import { createScene, crypto, SCENE_MS } from './journal-scene.ts';

const scene = createScene();
const ground = signerFromJwk(nodeCrypto, scene.keys.ground);
const { dev, epoch } = DEMO_TERMINAL;
const BATCH = 'b'.repeat(26);
const taker = { dev, epoch, trust: scene.trust, crypto };
const state = {
  headSeq: 30,
  exports: new Map([[BATCH, { batchId: BATCH, leg: 'L', from: 1, to: 20, isGivenAway: false }]]),
  results: new Map<string, { batchId: string; ackSeq: number }>(),
};

function signed(change: Partial<ResultFile> = {}, by: Signer = ground): string {
  const result: ResultFile = {
    ...{ v: 1, batchId: BATCH, dev, ep: epoch, status: 'ACCEPTED', ackSeq: 20, resendFrom: null },
    ...{ at: SCENE_MS, bills: [], deny: { version: 0, add: [] }, trustVersion: 1 },
    ...change,
  };
  return signResultFile(result, by, crypto);
}

function problemOf(text: string): string {
  const decided = decideResult(state, text, taker);
  return decided.ok ? 'none' : decided.error.kind;
}

describe('a result file', () => {
  it('of ground about a batch exported here is recorded', () => {
    const text = signed();
    const hash = resultHash(text, crypto);
    expect(decideResult(state, text, taker)).toMatchObject({
      ok: true,
      value: { hash, draft: { ty: 'RESULT', b: { batchId: BATCH, ackSeq: 20, hash } } },
    });
  });

  it('taken before records nothing, also when it was signed anew', () => {
    const known = new Map([[resultHash(signed(), crypto), { batchId: BATCH, ackSeq: 20 }]]);
    const again = signed();
    expect(again).not.toBe(signed());
    expect(decideResult({ ...state, results: known }, again, taker)).toMatchObject({
      ok: true,
      value: { draft: null },
    });
  });

  it.each([
    ['signed by anybody else', signed({}, newSigner()), 'result-forged'],
    ['of another terminal', signed({ dev: 'T-0099' }), 'result-not-ours'],
    ['of another epoch of this terminal', signed({ ep: epoch + 1 }), 'result-not-ours'],
    ['about a batch never exported here', signed({ batchId: 'c'.repeat(26) }), 'result-unknown-batch'],
    ['that holds more than this journal', signed({ ackSeq: 31 }), 'result-beyond-head'],
    ['made when its key was not valid', signed({ at: 1000 }), 'result-forged'],
    ['that was cut short', signed().slice(0, 60), 'result-unreadable'],
    ['that is no result file', 'hello', 'result-unreadable'],
    ['of a shape nobody knows', signed({ v: 2 as 1 }), 'result-unreadable'],
  ])('%s is refused', (_how, text, kind) => {
    expect(problemOf(text)).toBe(kind);
  });

  it('whose content was changed is refused', () => {
    const [head = '', , tail = ''] = signed().split('.');
    const [, other = ''] = signed({ ackSeq: 19 }).split('.');
    expect(problemOf(`${head}.${other}.${tail}`)).toBe('result-forged');
  });
});

describe('a passenger denied by a result', () => {
  const [ana, ben] = ['00000000000000aa', '00000000000000bb'];
  const results = new Map([
    ['1', { deny: { version: 5, add: [ana] } } as unknown as ResultFile],
    ['2', { deny: { version: 7, add: [ben] } } as unknown as ResultFile],
  ]);

  it('stays denied until a newer result or a pack brings a list without them', () => {
    expect([...deniedByResults(new Map([...results].slice(0, 1)), 4)]).toEqual([ana]);
    expect([...deniedByResults(results, 4)]).toEqual([ben]);
    expect([...deniedByResults(results, 6)]).toEqual([ben]);
    expect([...deniedByResults(results, 7)]).toEqual([]);
  });
});
