import { findItem, type Catalogue } from '../catalogue/catalogue.ts';
import { formatMinor } from '../currency.ts';
import { readLegId } from '../flight.ts';
import { formatEpochDay, formatLocalMinute } from '../instant.ts';
import type { JournalEvent } from '../journal/event.ts';
import { CHARGE } from '../limits.ts';
import { cleanText } from '../text/clean-text.ts';
import { walletName, type WalletNumber } from '../wallet.ts';
import { splitIncludedVat } from './included-vat.ts';
import {
  chargeFooter,
  HEADINGS,
  joined,
  LABELS,
  voidFooter,
  voidReasonWords,
  type BilingualText,
} from './slip-words.ts';
import type { Slip, SlipElement } from './slip.ts';

/** All a slip needs, from signed data only: journal events, the flight pack and the device certificate. */
export type SlipInput = {
  /** The event the slip is for. */
  readonly event: JournalEvent<'SALE' | 'VOID'>;
  /** The sale itself, or the one the void refers to. */
  readonly sale: JournalEvent<'SALE'>;
  readonly isCopy: boolean;
  readonly isDemo: boolean;
  readonly airlineName: BilingualText;
  /** As the wallet will name it on its own statement. */
  readonly merchantName: string;
  readonly flightNo: string;
  readonly cities: { readonly from: BilingualText; readonly to: BilingualText };
  readonly utcOffsetMinutes: number;
  readonly staMs: number;
  readonly seat: string;
  /** Masked by the issuer; empty when the cabin code carries none. */
  readonly maskedName: string;
  readonly wallet: WalletNumber;
  readonly orderNumber: string;
  readonly crewName: string;
  /** Names to print; an item it no longer has goes by the wallet's text of the line. */
  readonly catalogue: Catalogue;
  /** English names of the promotions by id (Chinese ones are in the sale). */
  readonly promotionNamesEn: Readonly<Record<string, string>>;
  readonly receiptCode: string;
};

type SoldLine = {
  readonly sku: string;
  readonly q: number;
  readonly p: number;
  readonly tax: number;
  readonly n: string;
};

const RULE: SlipElement = { kind: 'rule' };
const GAP: SlipElement = { kind: 'gap' };

type TextLook = Partial<Pick<Extract<SlipElement, { kind: 'text' }>, 'align' | 'size' | 'isBold'>>;

function text(words: string, look: TextLook = {}): SlipElement {
  return { kind: 'text', text: cleanText(words), align: 'left', size: 'normal', isBold: false, ...look };
}

type Pair = Extract<SlipElement, { kind: 'pair' }>;

function pair(left: string, right: string, look: Partial<Pair> = {}): Pair {
  const words = { left: cleanText(left), right: cleanText(right) };
  return { kind: 'pair', ...words, isAmount: false, isBold: false, size: 'normal', ...look };
}

function amount(name: string, minor: number, currency: string, look: Partial<Pair> = {}): Pair {
  return pair(name, formatMinor(minor, currency), { isAmount: true, ...look });
}

/** The slip of a sale or a void, Chinese and English, for any paper width. Pure; every text has passed the print gate. */
export function composeSlip(input: SlipInput): Slip {
  const { event, isCopy } = input;
  return {
    kind: event.ty === 'SALE' ? 'sale' : 'void',
    seq: event.seq,
    isCopy,
    elements: [
      ...composeHeading(input),
      RULE,
      ...composeItems(input),
      RULE,
      ...composeTotals(input),
      RULE,
      ...composeReferences(input),
      ...composeFooter(input),
      { kind: 'qr', text: input.receiptCode },
      text(`${LABELS.check} ${event.dev} #${event.seq.toString()}`, { align: 'center' }),
    ],
  };
}

function composeHeading(input: SlipInput): readonly SlipElement[] {
  const { event, airlineName, cities, seat, maskedName } = input;
  const mark = (words: string): SlipElement => text(words, { align: 'center', size: 'double', isBold: true });
  const isWallet = event.b.tender === 'wallet';
  const day = readLegId(event.leg)?.departureDay;
  const date =
    day === undefined
      ? formatLocalMinute(input.staMs, input.utcOffsetMinutes).slice(0, 10)
      : formatEpochDay(day).replace(/^(....)(..)(..)$/, '$1-$2-$3');
  return [
    text(airlineName.zh, { align: 'center', size: 'double', isBold: true }),
    text(airlineName.en, { align: 'center' }),
    text(HEADINGS.title, { align: 'center' }),
    ...(event.ty === 'VOID' ? [mark(HEADINGS.void)] : []),
    ...(input.isCopy ? [mark(HEADINGS.copy)] : []),
    ...(input.isDemo ? [text(HEADINGS.demo, { align: 'center', isBold: true })] : []),
    ...(event.tr === true ? [text(HEADINGS.practice, { align: 'center', isBold: true })] : []),
    RULE,
    pair(input.flightNo, date),
    pair(`${cities.from.zh}→${cities.to.zh}`, `${cities.from.en}→${cities.to.en}`),
    pair(`${LABELS.seat} ${seat}`, maskedName),
    ...(isWallet ? [pair(LABELS.wallet, joined(walletName(input.wallet)))] : []),
  ];
}

/** The lines the slip is about: those of the sale, or the voided quantities of it. */
function linesOf({ event, sale }: SlipInput): readonly SoldLine[] {
  if (event.ty === 'SALE') return event.b.lines;
  return event.b.lines.flatMap(({ i, q }) => {
    const line = sale.b.lines[i];
    return line === undefined ? [] : [{ ...line, q }];
  });
}

function composeItems(input: SlipInput): readonly SlipElement[] {
  const { event, catalogue } = input;
  const { ccy } = event.b;
  const sign = event.ty === 'SALE' ? 1 : -1;
  return linesOf(input).flatMap(({ sku, q, p, n }) => {
    const item = findItem(catalogue, sku);
    const second = [
      ...(item === null || item.en === item.zh ? [] : [item.en]),
      ...(q === 1 ? [] : [`@${formatMinor(p, ccy)}`]),
    ].join(' ');
    return [
      amount(`${q.toString()} x ${item?.zh ?? n}`, sign * q * p, ccy),
      // With an empty amount: an English name, too, stays out of the amounts' column.
      ...(second === '' ? [] : [pair(second, '', { isAmount: true })]),
    ];
  });
}

function composeTotals(input: SlipInput): readonly SlipElement[] {
  const { event } = input;
  const lines = linesOf(input);
  const { tot, ccy, tender } = event.b;
  const shares = splitIncludedVat(
    lines.map((line) => ({ rate: line.tax, amountMinor: line.q * line.p })),
    tot,
  );
  return [
    ...composeDiscounts(input, lines),
    amount(LABELS.total, tot, ccy, { isBold: true, size: 'double' }),
    ...shares.map(({ rate, chargedMinor, vatMinor }) => {
      const share = shares.length > 1 ? ` (${formatMinor(chargedMinor, ccy)})` : '';
      return amount(`${LABELS.vat} ${formatRate(rate)}${share}`, vatMinor, ccy);
    }),
    ...(tender === 'wallet' ? [] : [text(LABELS[tender], { isBold: true })]),
  ];
}

function composeDiscounts(
  { event, promotionNamesEn }: SlipInput,
  lines: readonly SoldLine[],
): readonly SlipElement[] {
  if (event.ty === 'SALE') {
    return event.b.disc.map(({ id, n, amt }) => {
      const en = promotionNamesEn[id];
      return amount(en === undefined ? n : joined({ zh: n, en }), -amt, event.b.ccy);
    });
  }
  const grossMinor = lines.reduce((sum, line) => sum + line.q * line.p, 0);
  const keptBackMinor = grossMinor + event.b.tot;
  return keptBackMinor === 0 ? [] : [amount(LABELS.discount, keptBackMinor, event.b.ccy)];
}

/** `6%`, `9.5%` of hundredths of a percent. */
function formatRate(rate: number): string {
  const fraction = (rate % 100).toString().padStart(2, '0').replace(/0+$/, '');
  return `${Math.floor(rate / 100).toString()}${fraction === '' ? '' : `.${fraction}`}%`;
}

function composeReferences(input: SlipInput): readonly SlipElement[] {
  const { event, utcOffsetMinutes } = input;
  const isSale = event.ty === 'SALE';
  const chargeMs = input.staMs + CHARGE.expectedAfterArrivalSeconds * 1000;
  return [
    pair(isSale ? LABELS.sold : LABELS.voided, formatLocalMinute(event.t, utcOffsetMinutes)),
    ...(isSale && event.b.tender === 'wallet'
      ? [
          pair(LABELS.charge, formatLocalMinute(chargeMs, utcOffsetMinutes)),
          pair(LABELS.merchant, input.merchantName),
        ]
      : []),
    ...(event.ty === 'VOID'
      ? [
          pair(LABELS.original, `#${event.b.ref.toString()}`),
          pair(LABELS.reason, voidReasonWords(event.b.reason)),
        ]
      : []),
    pair(LABELS.order, input.orderNumber),
    pair(LABELS.crew, input.crewName),
  ];
}

function composeFooter({ event, wallet }: SlipInput): readonly SlipElement[] {
  if (event.b.tender !== 'wallet') return [];
  const name = walletName(wallet);
  const { zh, en } = event.ty === 'SALE' ? chargeFooter(name) : voidFooter(name);
  return [GAP, text(zh), text(en)];
}
