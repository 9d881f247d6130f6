import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeBase32 } from '../../domain/encoding/base32.ts';
import { decodeBase45, encodeBase45 } from '../../domain/encoding/base45.ts';
import { decodeBase64url, encodeBase64url } from '../../domain/encoding/base64url.ts';
import { decodeHex, encodeHex } from '../../domain/encoding/hex.ts';
import { decodeUtf8, encodeUtf8 } from '../../domain/encoding/utf8.ts';

const bytes = fc.uint8Array({ maxLength: 300 });

describe('encodings', () => {
  it('give back the bytes they took', () => {
    fc.assert(
      fc.property(bytes, (value) => {
        expect(decodeBase45(encodeBase45(value))).toEqual(value);
        expect(decodeBase64url(encodeBase64url(value))).toEqual(value);
        expect(decodeHex(encodeHex(value))).toEqual(value);
      }),
    );
  });

  it('agree with Node on base64url', () => {
    fc.assert(
      fc.property(bytes, (value) => {
        expect(encodeBase64url(value)).toBe(Buffer.from(value).toString('base64url'));
      }),
    );
  });

  it('know the examples of RFC 9285 and RFC 4648', () => {
    expect(encodeBase45(encodeUtf8('Hello!!'))).toBe('%69 VD92EX0');
    expect(encodeBase45(encodeUtf8('base-45'))).toBe('UJCLQE7W581');
    expect(decodeUtf8(decodeBase45('QED8WEX0') ?? new Uint8Array(0))).toBe('ietf!');
    expect(encodeBase32(encodeUtf8('foobar'))).toBe('mzxw6ytboi');
  });

  it.each(['A', 'GGGG', '::::', 'ab', 'AÄ', ':::', 'GGW', '00A0'])('refuse %j as base45', (text) => {
    expect(decodeBase45(text)).toBeNull();
  });

  it.each(['A', 'AA=', 'A+', 'A/', 'AB', 'a b'])('refuse %j as base64url', (text) => {
    expect(decodeBase64url(text)).toBeNull();
  });

  it('refuse malformed UTF-8 and odd hexadecimal', () => {
    expect(decodeUtf8(Uint8Array.of(0xc3, 0x28))).toBeNull();
    expect(decodeHex('abc')).toBeNull();
    expect(decodeHex('0g')).toBeNull();
  });
});
