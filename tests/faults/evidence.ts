// What a flight left behind, read from outside: the journal's files, the sealed batch, the paper.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JournalEvent } from '../../domain/journal/event.ts';
import { readLine } from '../../domain/journal/line.ts';
import { readReceiptCode, type ListedDevice } from '../../domain/receipt/receipt-code.ts';
import { verifyBatch, type BatchVerdict } from '../../domain/settlement/verify-batch.ts';
import { gunzip } from '../../ground/gzip.ts';
import { readKeyFolder } from '../../ground/key-folder.ts';
import type { EcPrivateJwk } from '../../domain/crypto/crypto.ts';
import { crypto } from '../support/keys.ts';
import { journalSegments } from '../support/till-files.ts';
import { qrSymbolsOf, qrTextOf, type DecodedDoc } from '../support/virtual-printer/decoded-doc.ts';
import { renderText } from '../support/virtual-printer/render-text.ts';
import type { VirtualPrinter } from '../support/virtual-printer/virtual-printer.ts';

/** Whole lines only: what stands behind the last line end was being written when somebody pulled the plug. */
export function wholeEvents(dir: string): readonly JournalEvent[] {
  return journalSegments(dir)
    .flatMap((path) => readFileSync(path, 'latin1').split('\n').slice(0, -1))
    .map(readLine)
    .filter((event) => event !== null);
}

export function salesOf(events: readonly JournalEvent[]): readonly JournalEvent<'SALE'>[] {
  return events.filter((event): event is JournalEvent<'SALE'> => event.ty === 'SALE');
}

/** What the journal breaks of the promises the window made; empty when it keeps them all. */
export function brokenByJournal(dir: string, shownSeqs: ReadonlySet<number>): readonly string[] {
  const events = wholeEvents(dir);
  const sales = salesOf(events);
  const wrong: string[] = [];
  events.forEach((event, i) => {
    if (event.seq !== i + 1) wrong.push(`line ${(i + 1).toString()} has the number ${event.seq.toString()}`);
  });
  for (const seq of shownSeqs) {
    const times = sales.filter((sale) => sale.seq === seq).length;
    if (times !== 1) wrong.push(`sale ${seq.toString()} was shown and is recorded ${times.toString()} times`);
  }
  const baskets = sales.map((sale) => sale.b.basket);
  for (const basket of new Set(baskets)) {
    const times = baskets.filter((other) => other === basket).length;
    if (times > 1) wrong.push(`basket ${basket} was charged ${times.toString()} times`);
  }
  return wrong;
}

/** Ground's judgement of every batch in the outbox; a copy cut short must never carry a batch's name. */
export async function judgeOutbox(dir: string): Promise<readonly BatchVerdict[]> {
  const keys = await readKeyFolder(dir);
  if (!keys.ok) throw new Error(keys.error);
  const { trust, decryption } = keys.value;
  const outbox = join(dir, 'batch');
  const names = listNames(outbox).filter((name) => name.endsWith('.cpb'));
  return Promise.all(
    names.map((name) =>
      verifyBatch(new Uint8Array(readFileSync(join(outbox, name))), decryption, { trust, crypto, gunzip }),
    ),
  );
}

function listNames(dir: string): readonly string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}

export type PaperOfSale = { readonly originals: number; readonly copies: number };

/** Which slips came out of the printer, by the number of the sale their code names. */
export function paperBySale(printer: VirtualPrinter, dir: string): ReadonlyMap<number, PaperOfSale> {
  const devices = listDevices(dir);
  const found = new Map<number, PaperOfSale>();
  for (const doc of [...printer.slips().map((slip) => slip.doc), printer.uncut()]) {
    const seqs = seqsOn(doc, devices);
    if (seqs.length > 1) throw new Error(`the slips ${seqs.join(', ')} hang together`);
    const [seq] = seqs;
    if (seq === undefined) continue;
    const { originals, copies } = found.get(seq) ?? { originals: 0, copies: 0 };
    const isCopy = renderText(doc).includes('COPY');
    found.set(seq, isCopy ? { originals, copies: copies + 1 } : { originals: originals + 1, copies });
  }
  return found;
}

function seqsOn(doc: DecodedDoc, devices: readonly ListedDevice[]): readonly number[] {
  const codes = qrSymbolsOf(doc)
    .map(qrTextOf)
    .filter((text) => text.startsWith('CR1:'));
  return codes.map((code) => {
    const read = readReceiptCode(code, devices, crypto);
    if (!read.ok) throw new Error(`a slip's code does not verify: ${read.error}`);
    return read.value.seq;
  });
}

function listDevices(dir: string): readonly ListedDevice[] {
  const path = join(dir, 'keys', 'device-T-0001.jwk.json');
  const { kty, crv, x, y } = JSON.parse(readFileSync(path, 'utf8')) as EcPrivateJwk;
  return [{ dev: 'T-0001', jwk: { kty, crv, x, y } }];
}
