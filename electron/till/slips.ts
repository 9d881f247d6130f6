// From a seq to the slip that belongs to it, out of signed data only: journal lines, pack and device key.
import { billOf } from '../../domain/bill/bill.ts';
import type { JournalEvent } from '../../domain/journal/event.ts';
import { readLine } from '../../domain/journal/line.ts';
import { flightNumber } from '../../domain/flight.ts';
import { composeReceiptCode } from '../../domain/receipt/receipt-code.ts';
import { composeSlip } from '../../domain/receipt/compose-slip.ts';
import type { Slip } from '../../domain/receipt/slip.ts';
import { walletName } from '../../domain/wallet.ts';
import type { Crypto } from '../../domain/crypto/crypto.ts';
import type { Terminal } from '../provisioning/terminal.ts';
import type { Recorder } from './recorder.ts';

/** The slip of a SALE or VOID; null when the seq is neither. */
export function composeSlipOf(
  seq: number,
  isCopy: boolean,
  recorder: Recorder,
  terminal: Terminal,
  crypto: Crypto,
): Slip | null {
  const line = readBack(recorder, seq);
  const event = line === null ? null : readLine(line);
  if (line === null || event === null || (event.ty !== 'SALE' && event.ty !== 'VOID')) return null;
  const sale = event.ty === 'SALE' ? event : readSale(recorder, event.b.ref);
  const bill = recorder.state.bills.get(billOf(event) ?? '');
  if (sale === null || bill === undefined) return null;
  const { pack } = terminal;
  const { manifest } = pack;
  const city = (code: string): { zh: string; en: string } => manifest.cities[code] ?? { zh: code, en: code };
  return composeSlip({
    event,
    sale,
    isCopy,
    isDemo: terminal.isDemo,
    airlineName: manifest.airlineName,
    merchantName:
      manifest.merchants[bill.wallet.toString()] ??
      `${manifest.airlineName.zh}·${walletName(bill.wallet).zh}`,
    flightNo: flightNumber(pack.leg),
    cities: { from: city(pack.leg.origin), to: city(pack.leg.destination) },
    utcOffsetMinutes: manifest.utcOffsetMinutes,
    staMs: manifest.sta * 1000,
    seat: bill.seat,
    maskedName: bill.name,
    wallet: bill.wallet,
    orderNumber: bill.order,
    crewName: pack.crew.find((member) => member.id === event.crew)?.name ?? event.crew,
    catalogue: pack.catalogue,
    promotionNamesEn: Object.fromEntries(pack.promotions.map((promotion) => [promotion.id, promotion.en])),
    receiptCode: composeReceiptCode({ event, line }, terminal.signer, crypto),
  });
}

function readSale(recorder: Recorder, seq: number): JournalEvent<'SALE'> | null {
  const line = readBack(recorder, seq);
  const event = line === null ? null : readLine(line);
  return event?.ty === 'SALE' ? event : null;
}

function readBack(recorder: Recorder, seq: number): string | null {
  return recorder.journal.read(seq, seq)[0] ?? null;
}
