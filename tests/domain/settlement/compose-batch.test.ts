import * as nodeCrypto from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { decodeUtf8 } from '../../../domain/encoding/utf8.ts';
import { lineHash, readLine } from '../../../domain/journal/line.ts';
import { batchFileName, batchIdOf } from '../../../domain/settlement/batch-id.ts';
import { composeSceneBatch, createScene, crypto, flyOrdinaryFlight, SCENE_MS } from './journal-scene.ts';

const scene = createScene();
const { lines } = flyOrdinaryFlight(scene);
const leg = scene.flight.legId;
const batch = composeSceneBatch(scene, lines);
const text = decodeUtf8(batch.body) ?? '';

/** RFC 4648 base32 the slow way, over bits as text. */
function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const groups = bits.match(/.{5}/g) ?? [];
  return groups.map((group) => 'abcdefghijklmnopqrstuvwxyz234567'.charAt(Number.parseInt(group, 2))).join('');
}

describe('the body of a batch', () => {
  it('is the manifest, the lines byte for byte, and END with count and hash of all before it', () => {
    const rows = text.split('\n');
    expect(rows.slice(1, -2)).toEqual([...lines]);
    const before = `${rows.slice(0, -2).join('\n')}\n`;
    const hash = nodeCrypto.createHash('sha256').update(before).digest('hex');
    expect(rows.slice(-2)).toEqual([`END ${(lines.length + 1).toString()} ${hash}`, '']);
  });

  it('has a manifest of exactly the agreed fields', () => {
    const [head = '', payload = ''] = text.split('\n', 1)[0]?.split('.') ?? [];
    const decode = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());
    expect(decode(head)).toEqual({ alg: 'ES256', kid: scene.keys.device.kid, typ: 'cpb+jws' });
    expect(decode(payload)).toEqual({
      v: 1,
      batchId: batch.batchId,
      airline: '9C',
      dev: 'T-0001',
      ep: 1,
      devCert: scene.certificate,
      from: 1,
      to: lines.length,
      prevHash: readLine(lines[0] ?? '')?.prev,
      headHash: lineHash(lines.at(-1) ?? '', crypto),
      count: lines.length,
      legs: [{ leg, closed: true, packId: `${leg}-1`, trustVer: 412, denyVer: 9001 }],
      totals: [expect.objectContaining({ leg, ccy: 'CNY', net: 8550, credentials: 2 })],
      exportedAt: SCENE_MS + 3_600_000,
      appVer: '0.1.0',
    });
  });

  it('of a part of the journal starts from the line before it and is not closed', () => {
    const packs = new Map([[leg, { packId: 'p', trustVer: 1, denyVer: 2 }]]);
    const { manifest } = composeSceneBatch(scene, lines.slice(4, 9), { earlierPacks: packs });
    expect(manifest).toMatchObject({
      from: 5,
      to: 9,
      count: 5,
      prevHash: lineHash(lines[3] ?? '', crypto),
      legs: [{ leg, closed: false, packId: 'p', trustVer: 1, denyVer: 2 }],
    });
  });
});

describe('the name of a batch', () => {
  it('depends on its content only', () => {
    const again = composeSceneBatch(scene, lines, {
      exportedAtMs: SCENE_MS + 9_000_000,
      appVersion: '9.9.9',
    });
    expect(again.batchId).toBe(batch.batchId);
    expect(again.fileName).toBe(batch.fileName);
    expect(composeSceneBatch(scene, lines.slice(0, -1)).batchId).not.toBe(batch.batchId);
  });

  it('is 26 characters of base32 over range and head', () => {
    const range = { dev: 'T-0042', ep: 3, from: 1001, to: 1287, headHash: 'h'.repeat(43) };
    const digest = nodeCrypto
      .createHash('sha256')
      .update(`CPB1|T-0042|3|1001|1287|${'h'.repeat(43)}`)
      .digest();
    const batchId = batchIdOf(range, crypto);
    expect(batchId).toBe(base32(digest).slice(0, 26));
    expect(batchFileName(range, batchId)).toBe(
      `CPB-T-0042-3-1001-1287-${batchId.slice(0, 8).toUpperCase()}.cpb`,
    );
  });

  it('has no character a file system minds', () => {
    expect(batch.fileName).toMatch(/^[A-Z0-9-]+\.cpb$/);
  });
});
