import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signerFromJwk } from '../../../domain/crypto/node-crypto.ts';
import { encodeBase64url, decodeBase64url } from '../../../domain/encoding/base64url.ts';
import { decodeUtf8, encodeUtf8 } from '../../../domain/encoding/utf8.ts';
import { composeLine, lineHeader, readLine } from '../../../domain/journal/line.ts';
import * as nodeCrypto from 'node:crypto';
import { newPrivateJwk } from '../../support/keys.ts';
import { crypto } from '../../domain/settlement/journal-scene.ts';
import { framesOf, lastLine, sellTo, showAll, signIn } from './support/phone-scene.ts';

describe('taking a copy from the till', () => {
  it('keeps a genuine copy, whatever the order of its frames', async () => {
    const scene = await signIn();
    const frames = framesOf(sellTo(scene, { lines: 4 }), scene.ground);
    expect(frames.length).toBeGreaterThan(1);
    const [first = '', ...others] = frames;
    expect(await scene.phone.takeFrame(first)).toEqual({ kind: 'gathering', seen: 1, count: frames.length });
    expect(await scene.phone.takeFrame(first)).toEqual({ kind: 'gathering', seen: 1, count: frames.length });
    expect(await showAll(scene.phone, others.toReversed())).toMatchObject({
      kind: 'kept',
      purchase: { kind: 'sale', totalMinor: 4800, isByWallet: true },
    });
    const copies = await scene.phone.copies();
    expect(copies.map((copy) => copy.line)).toEqual([lastLine(scene.ground)]);
  });

  it('keeps it once, however long the till goes on showing it', async () => {
    const scene = await signIn();
    const frames = framesOf(sellTo(scene), scene.ground);
    await showAll(scene.phone, frames);
    expect(await showAll(scene.phone, [...frames, ...frames])).toMatchObject({ kind: 'already-kept' });
    expect(await scene.phone.copies()).toHaveLength(1);
  });

  it('keeps a void beside its sale', async () => {
    const scene = await signIn();
    const sale = sellTo(scene);
    await showAll(scene.phone, framesOf(sale, scene.ground));
    const seq = readLine(sale)?.seq ?? 0;
    scene.ground.journal.add('VOID', {
      bill: 'T-0001.1.2',
      cti: scene.enrolled.cti,
      ref: seq,
      lines: [{ i: 0, q: 1 }],
      tot: -4800,
      ccy: 'CNY',
      reason: 'mistake',
      tender: 'wallet',
    });
    expect(await showAll(scene.phone, framesOf(lastLine(scene.ground), scene.ground))).toMatchObject({
      kind: 'kept',
      purchase: { kind: 'void', totalMinor: -4800, ofSeq: seq },
    });
  });

  it('keeps the copy of the longest sale', async () => {
    const scene = await signIn();
    const frames = framesOf(sellTo(scene, { lines: 40, totalMinor: 40_000 }), scene.ground);
    expect(await showAll(scene.phone, frames)).toMatchObject({ kind: 'kept' });
  });
});

describe('what is not a copy of mine', () => {
  it('refuses a line signed by a key that is no terminal of the flight', async () => {
    const scene = await signIn();
    const genuine = readLine(sellTo(scene));
    if (genuine === null) throw new Error('a sale is a line');
    const forger = signerFromJwk(nodeCrypto, newPrivateJwk());
    const forged = composeLine(genuine, lineHeader(forger.publicJwk, crypto), forger);
    const byItself = framesOf(forged, scene.ground, { as: forger.publicJwk });
    expect(await showAll(scene.phone, byItself)).toEqual({ kind: 'refused', why: 'unknown-terminal' });
    // The same under a real terminal's name.
    expect(await showAll(scene.phone, framesOf(forged, scene.ground))).toEqual({
      kind: 'refused',
      why: 'not-genuine',
    });
    expect(await scene.phone.copies()).toEqual([]);
  });

  it("refuses another passenger's copy", async () => {
    const mine = await signIn();
    const neighbour = await signIn(mine.ground, { seat: '12A' });
    const frames = framesOf(sellTo(neighbour), mine.ground);
    expect(await showAll(mine.phone, frames)).toEqual({ kind: 'refused', why: 'not-mine' });
    expect(await showAll(neighbour.phone, frames)).toMatchObject({ kind: 'kept' });
  });

  it('refuses frames of two copies under one name, and takes the whole one afterwards', async () => {
    const scene = await signIn();
    const one = framesOf(sellTo(scene, { lines: 4 }), scene.ground);
    const id = Uint8Array.of(1, 2, 3, 4);
    const posing = framesOf(sellTo(scene, { lines: 4, totalMinor: 400 }), scene.ground, { id });
    const alsoPosing = framesOf(sellTo(scene, { lines: 4, totalMinor: 800 }), scene.ground, { id });
    const mixed = posing.map((frame, i) => (i === 0 ? frame : (alsoPosing[i] ?? frame)));
    expect(await showAll(scene.phone, mixed)).toEqual({ kind: 'refused', why: 'damaged' });
    expect(await showAll(scene.phone, one)).toMatchObject({ kind: 'kept' });
  });

  it('begins anew when the till shows another copy half-way', async () => {
    const scene = await signIn();
    const one = framesOf(sellTo(scene, { lines: 4 }), scene.ground);
    const other = framesOf(sellTo(scene, { lines: 4, totalMinor: 8000 }), scene.ground);
    await scene.phone.takeFrame(one[0] ?? '');
    expect(await showAll(scene.phone, other)).toMatchObject({ kind: 'kept', purchase: { totalMinor: 8000 } });
    expect(await showAll(scene.phone, one)).toMatchObject({ kind: 'kept', purchase: { totalMinor: 4800 } });
  });

  it('refuses a line that was altered, at whatever character', async () => {
    const scene = await signIn();
    const line = sellTo(scene);
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: line.length - 1 }),
        fc.constantFrom(...'AQgw_-09'),
        async (at, other) => {
          fc.pre(line[at] !== other);
          const altered = line.slice(0, at) + other + line.slice(at + 1);
          const outcome = await showAll(scene.phone, framesOf(altered, scene.ground));
          expect(outcome.kind).toBe('refused');
        },
      ),
      { numRuns: 150 },
    );
    expect(await scene.phone.copies()).toEqual([]);
  });

  it('refuses a higher amount under the signature of the lower one', async () => {
    const scene = await signIn();
    const [head = '', body = '', signature = ''] = sellTo(scene).split('.');
    const text = decodeUtf8(decodeBase64url(body) ?? new Uint8Array()) ?? '';
    const dearer = encodeBase64url(encodeUtf8(text.replace('"tot":4800', '"tot":9900')));
    expect(await showAll(scene.phone, framesOf(`${head}.${dearer}.${signature}`, scene.ground))).toEqual({
      kind: 'refused',
      why: 'not-genuine',
    });
  });

  it('refuses practice, another flight and what is no purchase', async () => {
    const scene = await signIn();
    const practice = framesOf(sellTo(scene, { isPractice: true }), scene.ground);
    expect(await showAll(scene.phone, practice)).toEqual({ kind: 'refused', why: 'practice' });
    const back = framesOf(sellTo(scene, { leg: '9C8836-20261123-CTU-SHA' }), scene.ground);
    expect(await showAll(scene.phone, back)).toEqual({ kind: 'refused', why: 'other-flight' });
    scene.ground.journal.add('DUTY_OFF', {});
    const duty = framesOf(lastLine(scene.ground), scene.ground);
    expect(await showAll(scene.phone, duty)).toEqual({ kind: 'refused', why: 'not-a-purchase' });
  });

  it('ignores codes that are no copies and takes no harm from any text', async () => {
    const scene = await signIn();
    expect(await scene.phone.takeFrame('CO1:ABC')).toEqual({ kind: 'not-a-frame', why: 'not-a-copy' });
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 400 }), async (text) => {
        expect((await scene.phone.takeFrame(`CB1:${text}`)).kind).not.toBe('kept');
      }),
      { numRuns: 300 },
    );
  });
});

describe('handing copies in', () => {
  it('sends each once, and again after a failure, without a second one at ground', async () => {
    const scene = await signIn();
    const line = sellTo(scene);
    await showAll(scene.phone, framesOf(line, scene.ground));
    scene.ground.network = 'off';
    expect(await scene.phone.uploadCopies()).toEqual({ ok: false, error: { kind: 'no-network' } });
    scene.ground.network = 'busy';
    expect(await scene.phone.uploadCopies()).toEqual({ ok: false, error: { kind: 'busy' } });
    scene.ground.network = 'on';
    expect(await scene.phone.uploadCopies()).toEqual({ ok: true, value: 1 });
    expect(await scene.phone.uploadCopies()).toEqual({ ok: true, value: 0 });
    expect((await scene.phone.copies()).map((copy) => copy.sent)).toEqual(['kept']);
    expect([...scene.ground.guests.values()].map((guest) => guest.lines)).toEqual([[line]]);
  });
});
