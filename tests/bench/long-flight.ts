// A flight with many sales behind it, recorded by the till's own journal without waiting for the disk after each.
import * as nodeCrypto from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';
import type { EventDraft } from '../../domain/till/till-state.ts';
import { journalFolder, openJournal } from '../../electron/journal/journal.ts';
import { readDemoTerminal, type Terminal } from '../../electron/provisioning/terminal.ts';
import { createSerialPorts } from '../../electron/serial/serial-ports.ts';
import { createTill, type Till } from '../../electron/till/till.ts';
import { demoPassengers, showCode } from '../support/demo-passengers.ts';
import { crypto } from '../support/keys.ts';

const PASSENGERS = 8;

/** Main's till on the folder, open for duty, with so many sales (and their slips) recorded. */
export async function openLongTill(dir: string, terminal: Terminal, sales: number): Promise<Till> {
  const first = openTill(dir);
  const bills = await openBills(first, dir);
  await first.stop();
  recordSales(dir, terminal, bills, sales);
  const till = openTill(dir);
  const answer = await till.handlers.start({ ledger: null });
  if (answer.kind !== 'ready') throw new Error(JSON.stringify(answer));
  return till;
}

function openTill(dir: string): Till {
  const dataDir = join(dir, 'till');
  fs.mkdirSync(dataDir, { recursive: true });
  return createTill(
    {
      dataDir,
      appVersion: '0.1.0',
      clock: { nowMs: () => Date.now(), monotonicMs: () => performance.now() },
      crypto,
      files: fs,
      boot: nodeCrypto.randomBytes(4).toString('hex'),
      readTerminal: () => readDemoTerminal(dir, Date.now(), crypto),
      mountRoots: [],
      freeBytes: () => Number.MAX_SAFE_INTEGER,
      push: () => undefined,
      log: () => undefined,
      afterRecord: () => undefined,
    },
    createSerialPorts(),
  );
}

type OpenBill = { readonly bill: string; readonly cti: string };

async function openBills(till: Till, dir: string): Promise<readonly OpenBill[]> {
  await till.handlers.start({ ledger: null });
  const people = (await demoPassengers(dir)).filter(
    (one) => one.listed && !one.denied && one.holder !== null,
  );
  const bills: OpenBill[] = [];
  // From the end of the cabin: those in front stay free for the sales that are measured.
  for (const person of people.slice(-PASSENGERS)) {
    const text = showCode(person, Math.floor(Date.now() / 1000));
    const answer = await till.handlers.scan({ text });
    if (!answer.ok) throw new Error(answer.error.problem.kind);
    bills.push({ bill: answer.value.card.bill, cti: answer.value.card.cti });
  }
  return bills;
}

/** Sales given away for nothing, so that no limit is reached; each with its slip printed. */
function recordSales(dir: string, terminal: Terminal, bills: readonly OpenBill[], count: number): void {
  const { dev, epoch, certificate, signer, pack } = terminal;
  const [item] = pack.catalogue.items;
  if (item === undefined) throw new Error('the demo sells nothing');
  const opened = openJournal({
    dir: journalFolder(join(dir, 'till')),
    dev,
    epoch,
    certificate,
    signer,
    crypto,
    files: { ...fs, fdatasyncSync: () => undefined },
    clock: { nowMs: () => Date.now(), monotonicMs: () => performance.now() },
    boot: 'bench',
  });
  if (!opened.ok) throw new Error(opened.error.kind);
  const { journal } = opened.value;
  const stamp = { leg: pack.manifest.leg, crew: pack.crew[0]?.id ?? '' };
  for (let i = 0; i < count; i++) {
    const { bill, cti } = bills[i % bills.length] ?? { bill: '', cti: '' };
    const sale: EventDraft<'SALE'> = {
      ty: 'SALE',
      b: {
        bill,
        cti,
        auth: 1,
        basket: `bench-${i.toString().padStart(6, '0')}`,
        lines: [{ sku: item.sku, q: 1, p: item.priceMinor, tax: item.tax, n: item.walletText }],
        disc: [{ id: 'given', n: 'given', amt: item.priceMinor }],
        tot: 0,
        ccy: pack.catalogue.currency,
        tender: 'wallet',
      },
    };
    const seq = journal.head().seq + 1;
    journal.record([sale, { ty: 'RECEIPT', b: { bill, seq, copy: false } }], stamp);
  }
  journal.close();
}
