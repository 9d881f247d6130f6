import * as nodeCrypto from 'node:crypto';
import { decode, encode } from 'cborg';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cryptoFromNode } from '../../../domain/crypto/node-crypto.ts';
import { decodeBase45, encodeBase45 } from '../../../domain/encoding/base45.ts';
import {
  composeReceiptCode,
  isReceiptOfLine,
  readReceiptCode,
} from '../../../domain/receipt/receipt-code.ts';
import { newSigner } from '../../support/keys.ts';
import { BEER_VOID, THREE_ITEM_SALE } from '../../fixtures/receipts/slip-samples.ts';

const crypto = cryptoFromNode(nodeCrypto);

function newDevice(dev: string) {
  const signer = newSigner();
  return { signer, listed: { dev, jwk: signer.publicJwk } };
}

const device = newDevice('T-0042');
const line = 'eyJhbGciOiJFUzI1NiJ9.eyJ2IjoxfQ.c2lnbmF0dXJl';
const saleCode = composeReceiptCode({ event: THREE_ITEM_SALE, line }, device.signer, crypto);

function fieldsOf(code: string): unknown[] {
  return decode(decodeBase45(code.slice(4)) ?? new Uint8Array()) as unknown[];
}

describe('a receipt code', () => {
  it('holds the nine fields of the format, signed over the first eight', () => {
    const fields = fieldsOf(saleCode);
    const sha256 = (text: string) => nodeCrypto.createHash('sha256').update(text, 'ascii').digest();
    expect(fields.slice(0, 8)).toEqual([
      1,
      Uint8Array.from(sha256('T-0042').subarray(0, 4)),
      1287,
      Math.floor(THREE_ITEM_SALE.t / 1000),
      17_860,
      'CNY',
      Uint8Array.from(sha256(line).subarray(0, 8)),
      Uint8Array.of(0, 0, 0, 0, 0, 0, 0x05, 0x00),
    ]);
    const signed = encode([
      'Signature1',
      Uint8Array.of(0xa1, 0x01, 0x26),
      new TextEncoder().encode('CP1-RCPT'),
      encode(fields.slice(0, 8)),
    ]);
    const { kty, crv, x, y } = device.signer.publicJwk;
    const key = nodeCrypto.createPublicKey({ key: { kty, crv, x, y }, format: 'jwk' });
    const signature = fields[8] as Uint8Array;
    expect(nodeCrypto.verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, signature)).toBe(true);
  });

  it('fits a version 7-M symbol of the alphanumeric set', () => {
    expect(saleCode).toMatch(/^CR1:[0-9A-Z $%*+\-./:]+$/);
    expect(saleCode.length).toBeLessThanOrEqual(178);
  });

  it('is read and checked against the device list', () => {
    const read = readReceiptCode(saleCode, [newDevice('T-0042').listed, device.listed], crypto);
    expect(read).toMatchObject({
      ok: true,
      value: { dev: 'T-0042', seq: 1287, totalMinor: 17_860, currency: 'CNY', billOpenSeq: 1280 },
    });
  });

  it('belongs to its own journal line and to no other', () => {
    const read = readReceiptCode(saleCode, [device.listed], crypto);
    if (!read.ok) throw new Error(read.error);
    expect(isReceiptOfLine(read.value, line, crypto)).toBe(true);
    expect(isReceiptOfLine(read.value, `${line}A`, crypto)).toBe(false);
  });

  it('has a negative total for a void', () => {
    const code = composeReceiptCode({ event: BEER_VOID, line }, device.signer, crypto);
    expect(readReceiptCode(code, [device.listed], crypto)).toMatchObject({ value: { totalMinor: -3325 } });
  });

  it('is refused when no device of the list made it', () => {
    expect(readReceiptCode(saleCode, [newDevice('T-0043').listed], crypto)).toEqual({
      ok: false,
      error: 'unknown-device',
    });
    expect(readReceiptCode(saleCode, [newDevice('T-0042').listed], crypto)).toEqual({
      ok: false,
      error: 'bad-signature',
    });
  });

  it('is refused with any field changed', () => {
    const changed = (index: number, value: unknown): string => {
      const fields = fieldsOf(saleCode);
      fields[index] = value;
      return `CR1:${encodeBase45(encode(fields))}`;
    };
    const forged = [changed(2, 1288), changed(3, 1), changed(4, 100), changed(5, 'JPY')];
    forged.push(changed(6, new Uint8Array(8)), changed(7, new Uint8Array(8)), changed(8, new Uint8Array(64)));
    for (const code of forged) {
      expect(readReceiptCode(code, [device.listed], crypto)).toEqual({ ok: false, error: 'bad-signature' });
    }
    const misshapen = [changed(0, 2), changed(1, new Uint8Array(5)), changed(2, -1), changed(4, 1.5)];
    misshapen.push(changed(5, 'cny'), changed(7, Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255)));
    misshapen.push(changed(9, 1));
    for (const code of misshapen) {
      expect(readReceiptCode(code, [device.listed], crypto)).toEqual({ ok: false, error: 'malformed' });
    }
  });

  it('never throws on any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.uint8Array({ maxLength: 120 }).map(encodeBase45)), (text) => {
        expect(readReceiptCode(text, [device.listed], crypto).ok).toBe(false);
        expect(readReceiptCode(`CR1:${text}`, [device.listed], crypto).ok).toBe(false);
      }),
    );
  });
});
