// A terminal of a flight without its app: genuine signed journal lines, and the batches and copies made of them.
import * as nodeCrypto from 'node:crypto';
import type { EcPrivateJwk } from '../../domain/crypto/crypto.ts';
import { signerFromJwk } from '../../domain/crypto/node-crypto.ts';
import type { EventBody, EventType, JournalEvent } from '../../domain/journal/event.ts';
import { composeLine, genesisHash, lineHash, lineHeader, readLine } from '../../domain/journal/line.ts';
import { composeBatchBody } from '../../domain/settlement/compose-batch.ts';
import { sealEnvelope } from '../../domain/settlement/envelope.ts';
import { legTotals } from '../../domain/settlement/totals.ts';
import type { TrustList } from '../../domain/trust/trust-list.ts';
import { gzip } from '../../ground/gzip.ts';
import { crypto } from './keys.ts';

export type Customer = {
  readonly cti: string;
  readonly seat: string;
  readonly orderNumber: string;
  readonly wallet: number;
};

export type CabinTerminalOptions = {
  readonly dev: string;
  readonly key: EcPrivateJwk;
  readonly certificate: string;
  readonly airline: string;
  readonly leg: string;
  readonly std: number;
  readonly sta: number;
  readonly trust: TrustList;
};

export type CabinTerminal = {
  readonly dev: string;
  readonly lines: readonly string[];
  /** Sells `count` of one item for `priceMinor` each; answers the sale's seq. */
  readonly sell: (customer: Customer, priceMinor: number, count?: number) => number;
  /** Takes a sale back as a whole. */
  readonly takeBack: (seq: number) => number;
  readonly practise: (customer: Customer, priceMinor: number) => number;
  /** A sale nobody was scanned or looked up for. */
  readonly sellUnproved: (customer: Customer, priceMinor: number) => number;
  readonly close: (unused?: readonly string[]) => void;
  /** The bytes of a `.cpb` file over all lines so far, from the first. */
  readonly seal: () => Promise<Uint8Array>;
  /** The line a passenger's phone takes from the screen. */
  readonly lineOf: (seq: number) => string;
  readonly netMinor: () => number;
};

type Drafts = {
  readonly add: <T extends EventType>(ty: T, b: EventBody<T>, isPractice?: boolean) => number;
  readonly events: () => JournalEvent[];
  readonly lines: readonly string[];
};

export function createCabinTerminal(options: CabinTerminalOptions): CabinTerminal {
  const { dev, certificate, leg, std, sta, trust } = options;
  const journal = startJournal(options);
  const bills = new Map<string, { readonly id: string; readonly auth: number }>();
  journal.add('JOURNAL_OPEN', { cert: certificate, appVer: '0.1.0' });
  const pack = { packId: `${leg}-1`, leg, n: 1, trustVer: trust.version, denyVer: 0, hash: 'h', std, sta };
  journal.add('PACK_LOAD', pack);
  const billFor = (customer: Customer, isPractice = false, isProved = true) => {
    const { cti, seat, wallet, orderNumber } = customer;
    const name = `${cti} ${isPractice.toString()} ${isProved.toString()}`;
    const known = bills.get(name);
    if (known !== undefined) return known;
    const how = 'boarding-pass' as const;
    const auth = isProved ? journal.add('LOOKUP', { cti, seat, how, who: 'C0123' }, isPractice) : 1;
    const open = { cti, wallet, seat, name: '', tier: 0, auth, order: orderNumber, ccy: 'CNY' };
    const bill = { id: `${dev}.1.${journal.add('BILL_OPEN', open, isPractice).toString()}`, auth };
    bills.set(name, bill);
    return bill;
  };
  const sell = (customer: Customer, p: number, q: number, isPractice: boolean, isProved = true): number => {
    const { id, auth } = billFor(customer, isPractice, isProved);
    const sale = {
      bill: id,
      cti: customer.cti,
      auth,
      basket: nodeCrypto.randomUUID(),
      lines: [{ sku: `S-${p.toString()}`, q, p, tax: 1300, n: `item ${p.toString()}` }],
      disc: [],
      tot: p * q,
      ccy: 'CNY',
      tender: 'wallet' as const,
    };
    return journal.add('SALE', sale, isPractice);
  };
  return {
    dev,
    lines: journal.lines,
    sell: (customer, priceMinor, count = 1) => sell(customer, priceMinor, count, false),
    practise: (customer, priceMinor) => sell(customer, priceMinor, 1, true),
    sellUnproved: (customer, priceMinor) => sell(customer, priceMinor, 1, false, false),
    takeBack: (seq) => journal.add('VOID', voidOf(journal, seq)),
    close: (unused = []) => {
      const totals = legTotals(journal.events()).filter((total) => total.leg === leg);
      journal.add('FLIGHT_CLOSE', { totals, counts: {}, unused: [...unused] });
    },
    seal: () => sealLines(options, journal.lines),
    lineOf: (seq) => journal.lines[seq - 1] ?? '',
    netMinor: () =>
      legTotals(journal.events())
        .filter((total) => total.leg === leg)
        .reduce((sum, { net }) => sum + net, 0),
  };
}

function startJournal({ dev, key, certificate, leg, std }: CabinTerminalOptions): Drafts {
  const signer = signerFromJwk(nodeCrypto, key);
  const header = lineHeader(signer.publicJwk, crypto);
  const lines: string[] = [];
  const add: Drafts['add'] = (ty, b, isPractice = false) => {
    const seq = lines.length + 1;
    const last = lines.at(-1);
    const event = {
      v: 1,
      dev,
      ep: 1,
      seq,
      prev: last === undefined ? genesisHash(dev, 1, certificate, crypto) : lineHash(last, crypto),
      t: std * 1000 + seq * 1000,
      mt: seq * 1000,
      boot: 'cabin1',
      leg: ty === 'JOURNAL_OPEN' ? '' : leg,
      crew: 'C0123',
      ...(isPractice ? { tr: true as const } : {}),
      ty,
      b,
    };
    // The draft pairs a type with its body; the type system cannot follow that through the generic call.
    lines.push(composeLine(event as JournalEvent, header, signer));
    return seq;
  };
  return { lines, add, events: () => lines.flatMap((line) => readLine(line) ?? []) };
}

function voidOf(journal: Drafts, seq: number): EventBody<'VOID'> {
  const sale = journal.events()[seq - 1];
  if (sale?.ty !== 'SALE') throw new Error(`${seq.toString()} is no sale`);
  const { bill, cti, tot, ccy, tender, lines } = sale.b;
  return {
    bill,
    cti,
    ref: seq,
    lines: lines.map((line, i) => ({ i, q: line.q })),
    tot: -tot,
    ccy,
    reason: 'mistake',
    tender,
  };
}

async function sealLines(
  { key, airline, certificate, trust, sta }: CabinTerminalOptions,
  lines: readonly string[],
): Promise<Uint8Array> {
  const { body } = composeBatchBody({
    lines,
    airline,
    deviceCertificate: certificate,
    exportedAtMs: sta * 1000,
    appVersion: '0.1.0',
    signer: signerFromJwk(nodeCrypto, key),
    crypto,
  });
  const enc = trust.enc.at(-1);
  if (enc === undefined) throw new Error('the trust list names no key for batches');
  return await sealEnvelope(body, enc, { gzip });
}
