/** Puts the bytes of one GB18030 character together as they arrive. */

export type Gb18030Step =
  | { readonly kind: 'need-more' }
  | { readonly kind: 'ascii'; readonly byte: number }
  | { readonly kind: 'character'; readonly text: string; readonly byteLength: 2 | 4 }
  /** `retry` are bytes that did not belong to the bad character and start over. */
  | { readonly kind: 'bad'; readonly bytes: readonly number[]; readonly retry: readonly number[] };

type Gb18030Assembler = {
  readonly push: (byte: number) => Gb18030Step;
  /** Gives up a half-received character; answers its bytes, empty when there was none. */
  readonly abandon: () => readonly number[];
};

const isLeadByte = (byte: number): boolean => byte >= 0x81 && byte <= 0xfe;
const isDigitByte = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;
const isTrailByte = (byte: number): boolean => byte >= 0x40 && byte <= 0xfe && byte !== 0x7f;

/** Private-use characters have no agreed glyph: on paper they are a blank box or worse. */
function hasAgreedGlyph(text: string): boolean {
  return !/[\uE000-\uF8FF\uFFFD]/u.test(text);
}

export function createGb18030Assembler(): Gb18030Assembler {
  const decoder = new TextDecoder('gb18030');
  let held: number[] = [];

  function complete(byteLength: 2 | 4): Gb18030Step {
    const bytes = held;
    held = [];
    const text = decoder.decode(Uint8Array.from(bytes));
    if (!hasAgreedGlyph(text) || Array.from(text).length !== 1) return { kind: 'bad', bytes, retry: [] };
    return { kind: 'character', text, byteLength };
  }

  function reject(byte: number): Gb18030Step {
    const [lead = byte, ...rest] = held;
    held = [];
    return { kind: 'bad', bytes: [lead], retry: [...rest, byte] };
  }

  function pushFirst(byte: number): Gb18030Step {
    if (byte < 0x80) return { kind: 'ascii', byte };
    if (!isLeadByte(byte)) return { kind: 'bad', bytes: [byte], retry: [] };
    held = [byte];
    return { kind: 'need-more' };
  }

  function pushNext(byte: number): Gb18030Step {
    const isPairPlace = held.length === 1;
    if (isPairPlace && isTrailByte(byte)) {
      held.push(byte);
      return complete(2);
    }
    const isExpected = held.length === 2 ? isLeadByte(byte) : isDigitByte(byte);
    if (!isExpected) return reject(byte);
    held.push(byte);
    return held.length === 4 ? complete(4) : { kind: 'need-more' };
  }

  return {
    push: (byte) => (held.length === 0 ? pushFirst(byte) : pushNext(byte)),
    abandon() {
      const bytes = held;
      held = [];
      return bytes;
    },
  };
}
