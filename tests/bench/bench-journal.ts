// A journal as long as a test wants it: what a till that has sold that much would have written, signed with its key.
import * as nodeCrypto from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { billOf } from '../../domain/bill/bill.ts';
import { orderNumber } from '../../domain/bill/order-number.ts';
import { cryptoFromNode } from '../../domain/crypto/node-crypto.ts';
import type { JournalEvent } from '../../domain/journal/event.ts';
import { composeLine, genesisHash, lineHash, lineHeader } from '../../domain/journal/line.ts';
import { JOURNAL } from '../../domain/limits.ts';
import type { EventDraft } from '../../domain/till/till-state.ts';
import { segmentName } from '../../electron/journal/journal-files.ts';
import { journalFolder } from '../../electron/journal/journal.ts';
import { readDemoTerminal, type Terminal } from '../../electron/provisioning/terminal.ts';
import { demoPassengers, ordinaryPassenger, showCode } from '../support/demo-passengers.ts';

const crypto = cryptoFromNode(nodeCrypto);

const SALES_PER_BILL = 2;
/** Small, so that ten thousand of them leave room below the terminal's cap. */
const PRICE_MINOR = 100;

type Writer = {
  readonly record: (draft: EventDraft) => JournalEvent;
  readonly lines: readonly string[];
};

/** `sales` on the demo's flight, each of `items` different items. */
export type Sold = { readonly sales: number; readonly items: number };

/**
 * Writes the journal of a till that has sold that much, two sales on each passenger's bill, all of them printed. More
 * passengers than an aircraft holds: everything a till keeps per bill is as large as it can get.
 */
export async function writeJournal(demoDir: string, { sales, items }: Sold): Promise<void> {
  const nowMs = Date.now();
  const terminal = await readDemoTerminal(demoDir, nowMs, crypto);
  if (!terminal.ok) throw new Error(terminal.error.kind);
  const writer = createWriter(terminal.value, nowMs);
  writeOpening(writer, terminal.value);
  const code = showCode(ordinaryPassenger(await demoPassengers(demoDir)), Math.floor(nowMs / 1000));
  for (let sold = 0; sold < sales; sold += SALES_PER_BILL) {
    const bill = { first: sold, sales: Math.min(SALES_PER_BILL, sales - sold), items };
    writeBill(writer, terminal.value, bill, code);
  }
  writeSegments(join(demoDir, 'till'), terminal.value, writer.lines);
}

function createWriter({ dev, epoch, certificate, signer, pack }: Terminal, nowMs: number): Writer {
  const header = lineHeader(signer.publicJwk, crypto);
  const crew = pack.crew.find(({ role }) => role === 'purser')?.id ?? '';
  const lines: string[] = [];
  let prev = genesisHash(dev, epoch, certificate, crypto);
  return {
    lines,
    record: (draft) => {
      const seq = lines.length + 1;
      const stamp = { t: nowMs, mt: seq, boot: 'bench', leg: pack.manifest.leg, crew };
      const event: JournalEvent = { v: 1, dev, ep: epoch, seq, prev, ...stamp, ...draft };
      const line = composeLine(event, header, signer);
      prev = lineHash(line, crypto);
      lines.push(line);
      return event;
    },
  };
}

function writeOpening({ record }: Writer, { certificate, pack }: Terminal): void {
  const { manifest, manifestHash, trust, deny } = pack;
  const { packId, leg, n, std, sta } = manifest;
  const versions = { trustVer: trust.version, denyVer: deny.version };
  record({ ty: 'JOURNAL_OPEN', b: { cert: certificate, appVer: 'bench' } });
  record({ ty: 'PACK_LOAD', b: { packId, leg, n, ...versions, hash: manifestHash, std, sta } });
  record({ ty: 'DUTY_ON', b: { role: 'purser' } });
}

/** One passenger: seen, bill opened, and as many sales as wanted, each with its slip. */
function writeBill(
  { record }: Writer,
  { pack }: Terminal,
  { first, sales, items }: Sold & { readonly first: number },
  qr: string,
): void {
  const cti = `be${first.toString(16).padStart(14, '0')}`;
  const seat = `${(1 + (first % 32)).toString()}A`;
  const seen = record({ ty: 'CRED_SEEN', b: { qr, cti, mode: 'dynamic', ts: 1 + first } });
  const auth = seen.seq;
  const order = orderNumber(pack.leg, cti);
  const opened = record({
    ty: 'BILL_OPEN',
    b: { cti, wallet: 1, seat, name: 'WA**/J', tier: 0, auth, order, ccy: pack.catalogue.currency },
  });
  const bill = billOf(opened) ?? '';
  const lines = pack.catalogue.items
    .slice(0, items)
    .map(({ sku, tax, walletText }) => ({ sku, q: 1, p: PRICE_MINOR, tax, n: walletText }));
  for (let i = 0; i < sales; i++) {
    const basket = `bench-${(first + i).toString().padStart(8, '0')}`;
    const sum = { tot: PRICE_MINOR * lines.length, ccy: pack.catalogue.currency, tender: 'wallet' as const };
    const sale = record({ ty: 'SALE', b: { bill, cti, auth, basket, lines, disc: [], ...sum } });
    record({ ty: 'RECEIPT', b: { bill, seq: sale.seq, copy: false } });
  }
}

/** In segments of the size at which the till itself begins the next one. */
function writeSegments(dataDir: string, { dev, epoch }: Terminal, lines: readonly string[]): void {
  const dir = journalFolder(dataDir);
  mkdirSync(dir, { recursive: true });
  let firstSeq = 1;
  let held: string[] = [];
  let bytes = 0;
  const close = (): void => {
    writeFileSync(join(dir, segmentName(dev, epoch, firstSeq)), `${held.join('\n')}\n`, 'latin1');
    firstSeq += held.length;
    held = [];
    bytes = 0;
  };
  for (const line of lines) {
    held.push(line);
    bytes += line.length + 1;
    if (bytes >= JOURNAL.segmentBytes) close();
  }
  if (held.length > 0) close();
}
