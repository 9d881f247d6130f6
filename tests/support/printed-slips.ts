// Reads slips as a passenger, an auditor and a screen would: words, amounts, and the code that proves them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { formatMinor } from '../../domain/currency.ts';
import type { JournalEvent } from '../../domain/journal/event.ts';
import { readLine } from '../../domain/journal/line.ts';
import { isReceiptOfLine, readReceiptCode, type ReceiptCode } from '../../domain/receipt/receipt-code.ts';
import { publicJwkSchema } from '../../domain/trust/trust-list.ts';
import { crypto } from './keys.ts';
import { journalLines } from './till-files.ts';
import { qrSymbolsOf, qrTextOf } from './virtual-printer/decoded-doc.ts';
import { renderText } from './virtual-printer/render-text.ts';
import type { Slip } from './virtual-printer/split-slips.ts';

export type PrintedSlip = {
  readonly text: string;
  /** What the slip's code says; its signature is good and it is of a line of this till's journal. */
  readonly code: ReceiptCode;
  readonly isCopy: boolean;
  readonly isVoid: boolean;
};

/** Throws when the slip has no code, or one that does not verify or belongs to no line of the journal. */
export function readPrintedSlip(slip: Slip, dir: string): PrintedSlip {
  const text = renderText(slip.doc);
  const codeText = qrSymbolsOf(slip.doc).map(qrTextOf)[0];
  if (codeText === undefined) throw new Error(`a slip without a code:\n${text}`);
  const jwk = v.parse(
    publicJwkSchema,
    JSON.parse(readFileSync(join(dir, 'keys', 'device-T-0001.jwk.json'), 'utf8')),
  );
  const read = readReceiptCode(codeText, [{ dev: 'T-0001', jwk }], crypto);
  if (!read.ok) throw new Error(`the code of a slip does not verify: ${read.error}`);
  const line = journalLines(dir)[read.value.seq - 1];
  if (line === undefined || !isReceiptOfLine(read.value, line, crypto)) {
    throw new Error(`the code of slip ${read.value.seq.toString()} is of no line of the journal`);
  }
  return {
    text,
    code: read.value,
    isCopy: text.includes('COPY'),
    isVoid: readLine(line)?.ty === 'VOID',
  };
}

/** The number of each slip, as `#12` and `#12 COPY`; `torso` for a piece that was broken off. */
export function numbersOn(slips: readonly Slip[]): readonly string[] {
  return slips.map((slip) => {
    const text = renderText(slip.doc);
    const number = /Verify[^#]*(#\d+)/.exec(text)?.[1];
    return number === undefined ? 'torso' : number + (text.includes('COPY') ? ' COPY' : '');
  });
}

/** All amounts in reading order, minus signs as paper and screen both have them. */
export function amountsIn(text: string): readonly string[] {
  return text.replaceAll('−', '-').match(/-?￥[\d,]+\.\d\d/g) ?? [];
}

/** What a sale's slip must show: its lines, its discounts, its total. */
export function amountsOf({ b }: JournalEvent<'SALE'>): readonly string[] {
  const minors = [...b.lines.map(({ q, p }) => q * p), ...b.disc.map(({ amt }) => -amt), b.tot];
  return minors.map((minor) => formatMinor(minor, b.ccy).replace('−', '-'));
}
