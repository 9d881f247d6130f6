import { formatMinor } from '../../domain/currency.ts';
import { flightNumber } from '../../domain/flight.ts';
import { formatLocalMinute } from '../../domain/instant.ts';
import type { ProblemWordsTable } from './problem-words.ts';

const newCode = 'Ask the passenger to close and open the cabin code, then scan again.';
const toGround = 'This terminal cannot sell. Use another terminal and tell the technician.';

/** A long list is cut: the words stay readable at a glance. */
function listed(names: readonly string[], comma: string): string {
  return names.slice(0, 2).join(comma) + (names.length > 2 ? '…' : '');
}

/** What each problem is called in English, and what to do. */
export const enProblems: ProblemWordsTable = {
  'code-format': () => ({
    title: 'Not a cabin code',
    body: 'Ask the passenger to open the cabin code in the wallet, then scan again.',
  }),
  'code-is-payment-code': () => ({
    title: 'This is a payment code',
    body: 'It does not work on board and nothing was charged. Ask for the cabin code.',
  }),
  'code-is-boarding-pass': () => ({
    title: 'This is a boarding pass',
    body: 'Ask for the cabin code in the wallet, not the boarding pass.',
  }),
  'code-size': () => ({
    title: 'Code is too long',
    body: 'It is not a cabin code of ours. Ask for the cabin code in the wallet, then scan again.',
  }),
  'code-cbor': () => ({
    title: 'Code could not be read whole',
    body: 'Ask the passenger to wipe the screen, close and open the cabin code, then scan again.',
  }),
  'code-alg': () => ({
    title: 'Code is signed in a foreign way',
    body: 'This airline does not sign like that. Ask for the cabin code in the wallet.',
  }),
  'code-unknown-issuer': () => ({
    title: 'Issuer of the code is unknown',
    body: "Ask for this airline's cabin code, then scan again.",
  }),
  'code-bad-signature': () => ({
    title: 'Code was altered',
    body: 'Its signature does not match. Ask for the cabin code in the wallet, not a picture of it.',
  }),
  'code-schema': () => ({
    title: 'Details of the code are wrong',
    body: 'Ask to close and open the cabin code. If it stays so, note the seat for the technician.',
  }),
  'code-version': () => ({
    title: 'Code is too new',
    body: 'This terminal does not know its version. Scan it with an updated terminal.',
  }),
  'code-issuer-scope': () => ({
    title: 'Code promises more than it may',
    body: 'It cannot be charged. Ask for the cabin code of this flight and note the seat for the technician.',
  }),
  'code-issuer-key-time': () => ({
    title: 'Code was issued on a wrong date',
    body: 'Its key was not in use that day. Note the seat for the technician.',
  }),
  'code-lifetime': () => ({
    title: 'Code is valid for too long',
    body: 'A real cabin code is for one flight only. Ask for the cabin code of this flight.',
  }),
  'code-not-yet': ({ fromMs }, { utcOffsetMinutes }) => ({
    title: 'Code not valid yet',
    body: `Valid from ${formatLocalMinute(fromMs, utcOffsetMinutes)}. Ask for today's cabin code.`,
  }),
  'code-expired': ({ untilMs }, { utcOffsetMinutes }) => ({
    title: 'Code has expired',
    body: `It ended ${formatLocalMinute(untilMs, utcOffsetMinutes)}. Ask for today's cabin code.`,
  }),
  'code-gate': () => ({
    title: 'Not signed up for the bill',
    body: 'This code cannot be charged. The passenger can see the sign-up in the phone.',
  }),
  'code-wrong-flight': ({ flight }, { cities }) => {
    const city = (code: string): string => cities[code]?.en ?? code;
    return {
      title: 'Code of another flight',
      body: `This code is for ${flightNumber(flight)} ${city(flight.origin)} → ${city(flight.destination)}. Ask for today's cabin code.`,
    };
  },
  'code-denied': () => ({
    title: 'Code cannot be charged',
    body: 'The wallet has stopped this code. The passenger can ask the wallet why.',
  }),
  'code-proof': () => ({ title: "Not from the passenger's phone", body: newCode }),
  'code-proof-old': () => ({ title: 'Code is too old', body: `It may be a screenshot. ${newCode}` }),
  'code-proof-future': () => ({
    title: "The phone's clock is wrong",
    body: 'Ask the passenger to set the time to automatic and open the cabin code again.',
  }),
  'code-replay': () => ({ title: 'Code was just used', body: newCode }),
  'code-static-forbidden': () => ({
    title: 'Live code needed',
    body: 'Screenshots and paper do not work. Ask for the cabin code on the phone.',
  }),
  'code-static-elsewhere': () => ({
    title: "Scan it at that row's terminal",
    body: 'Screenshots and paper count only at the terminal of those rows. Or ask for the code on the phone.',
  }),
  'order-code-bad': () => ({
    title: 'The order could not be read',
    body: 'Ask the passenger to show the order on the phone again, or choose the items here.',
  }),
  'basket-empty': () => ({ title: 'No items yet', body: 'Choose items first.' }),
  'basket-too-long': ({ most }) => ({
    title: 'Too many items',
    body: `One sale takes at most ${most.toString()} kinds. Make two sales.`,
  }),
  'bad-quantity': ({ sku }, { itemName }) => ({
    title: 'Check the quantity',
    body: `Check the quantity of “${itemName(sku)}”; at most 99.`,
  }),
  'unknown-item': ({ sku }, { itemName }) => ({
    title: 'No such item',
    body: `“${itemName(sku)}” is not sold on this flight. Take it out of the basket.`,
  }),
  'basket-changed': () => ({
    title: 'Already charged',
    body: 'The basket changed afterwards. Look at the bill, then put the rest in a new basket.',
  }),
  'bill-unknown': () => ({ title: 'Bill not found', body: 'Scan the passenger again. The basket is kept.' }),
  'scan-again': () => ({
    title: 'Scan once more',
    body: 'The last scan was too long ago, or its amount is used. Ask for the cabin code again; the basket is kept.',
  }),
  'seat-check-needed': () => ({
    title: 'Check the seat first',
    body: 'Compare seat and number with the boarding pass, then charge.',
  }),
  'over-allowance': ({ leftMinor, currency }) => ({
    title: 'Over the allowance',
    body: `${formatMinor(leftMinor, currency)} is left on this flight. Take items out.`,
  }),
  'over-per-sale': ({ limitMinor, currency }) => ({
    title: 'Over the limit of one sale',
    body: `One sale takes at most ${formatMinor(limitMinor, currency)}. Take items out or make two sales.`,
  }),
  'too-many-sales': ({ most }) => ({
    title: 'No sales left',
    body: `This passenger may have ${most.toString()} sales on this flight. No more can be charged.`,
  }),
  'over-terminal-cap': ({ leftMinor, currency }) => ({
    title: 'Terminal limit reached',
    body: `This terminal may charge ${formatMinor(leftMinor, currency)} more. Take items out or use another terminal.`,
  }),
  'over-unlisted-cap': ({ leftMinor, currency }) => ({
    title: 'Over the limit off the list',
    body: `The passenger is not on the list; ${formatMinor(leftMinor, currency)} may be charged. Take items out.`,
  }),
  'amount-not-confirmed': ({ confirmedMinor, currency }) => ({
    title: 'Another amount was confirmed',
    body: `The passenger confirmed ${formatMinor(confirmedMinor, currency)}. Put the basket back or ask for the amount again.`,
  }),
  'wallet-rule': ({ rule }) => ({
    title: 'The wallet refuses this sale',
    body:
      rule === 'too-many-payments' || rule === 'too-many-discounts'
        ? "This passenger's bill has no lines left. Merge items and try again."
        : `Try another item and give the technician the code “${rule}”.`,
  }),
  'sale-unknown': () => ({ title: 'Sale not found', body: 'Look it up in the bills.' }),
  'sale-already-void': () => ({
    title: 'Already void',
    body: 'Nothing more to do. The passenger is not charged for it.',
  }),
  'sale-handed-over': () => ({
    title: 'Handed over, cannot be voided',
    body: 'Ground refunds it after landing. Note the seat and the reason.',
  }),
  'flight-closed': () => ({
    title: 'The flight is closed',
    body: 'No more sales. Seal and export under “Flight”.',
  }),
  'basket-open': ({ seats }) => ({
    title: 'Baskets not charged yet',
    body: `${seats.join(', ')}. Charge or clear them, then close.`,
  }),
  'slips-not-printed': ({ count }) => ({
    title: count === 1 ? '1 slip is not printed' : `${count.toString()} slips are not printed`,
    body: 'Print them first. If the printer is dead, close anyway: the bills are not affected.',
  }),
  'flight-not-closed': () => ({
    title: 'The flight is still open',
    body: 'Close the flight first, then seal and export.',
  }),
  'unused-unknown': ({ dev }) => ({
    title: 'Not a terminal of this flight',
    body: `${dev} cannot be marked as unused. Take it out and close again.`,
  }),
  'volume-unknown': () => ({
    title: 'Storage not found',
    body: 'Check that the card is in, then choose again.',
  }),
  'export-failed': ({ why }) => ({ title: 'Not exported', body: enExportBody[why] }),
  'results-not-found': () => ({
    title: 'No result files there',
    body: 'This storage has none for this terminal. Choose another, or wait for the network.',
  }),
  'result-unreadable': () => ({
    title: 'The result file cannot be read',
    body: 'It is damaged or was cut short. Ask ground for it again; every bill is safe here.',
  }),
  'result-forged': () => ({
    title: 'The result file is not from ground',
    body: 'Its signature does not match and nothing was changed. Hand the file to the technician.',
  }),
  'result-not-ours': () => ({
    title: 'For another terminal',
    body: 'Take this result file to the terminal it names. Nothing was changed here.',
  }),
  'result-unknown-batch': () => ({
    title: 'For a batch not exported here',
    body: 'This terminal does not know the batch. Nothing was changed; tell ground finance.',
  }),
  'result-beyond-head': () => ({
    title: 'Ground has more than this terminal',
    body: 'Records are missing here. Sell with another terminal and hand this one to the technician.',
  }),
  'result-not-kept': () => ({
    title: 'The result was not kept',
    body: 'This storage cannot be written. Try again later; ground keeps the result.',
  }),
  'journal-full': () => ({
    title: 'Storage full, not charged',
    body: 'Export under “Flight” or use another terminal. Everything recorded is safe.',
  }),
  'journal-read-only': () => ({
    title: 'Storage is read-only, not charged',
    body: 'Try once more, or use another terminal. Everything recorded is safe.',
  }),
  'journal-failed': () => ({
    title: 'Not charged',
    body: 'The sale was not written, and nothing more will be. Restart the terminal or use another one. Everything recorded is safe.',
  }),
  'disk-nearly-full': () => ({
    title: 'Storage nearly full',
    body: 'No more sales here. Export under “Flight” or use another terminal.',
  }),
  'sign-unavailable': () => ({
    title: 'Cannot sign, not charged',
    body: 'Try once more, or use another terminal and tell the technician.',
  }),
  'clock-bad': ({ nowMs }, { utcOffsetMinutes }) => ({
    title: "The terminal's clock is wrong",
    body: `It says ${formatLocalMinute(nowMs, utcOffsetMinutes)}. Correct the time and try again.`,
  }),
  'printer-not-set': () => ({
    title: 'No printer chosen',
    body: 'Choose one under “Devices”. The bills are not affected.',
  }),
  'settings-not-saved': () => ({
    title: 'Settings not saved',
    body: 'Try again. The settings of before still hold.',
  }),
  'bad-request': () => ({ title: 'That did not work', body: 'Nothing was charged. Try again.' }),
  'too-fast': () => ({ title: 'Too fast', body: 'Nothing was charged. Wait a second and try again.' }),
  'not-provisioned': () => ({ title: 'Terminal not set up', body: toGround }),
  'certificate-bad': ({ why }) => ({
    title: "The terminal's certificate is not usable",
    body: `${toGround} (${why})`,
  }),
  'trust-list-bad': ({ why }) => ({ title: 'The trust list is not usable', body: `${toGround} (${why})` }),
  'pack-missing': () => ({
    title: 'No flight pack',
    body: 'Load the flight pack of this flight, then try again.',
  }),
  'pack-bad': ({ file, why }) => ({
    title: 'The flight pack is not usable',
    body: `Load the flight pack again, then try again. (${file}: ${why})`,
  }),
  'pack-expired': ({ untilMs, nowMs }, { utcOffsetMinutes }) => ({
    title: 'The flight pack has expired',
    body: `It ended ${formatLocalMinute(untilMs, utcOffsetMinutes)}, and this terminal's clock says ${formatLocalMinute(nowMs, utcOffsetMinutes)}. Load today's flight pack or set the clock right, then try again.`,
  }),
  'pack-older-than-journal': () => ({
    title: 'The flight pack is too old',
    body: 'This terminal has used a newer one. Load the newest flight pack, then try again.',
  }),
  'journal-fork': ({ seq }) => ({
    title: 'The two copies differ',
    body: `They differ from record ${seq.toString()} on. Selling has stopped and both are kept. Use another terminal and hand this one to the technician.`,
  }),
  'journal-damaged': ({ seq }) => ({
    title: 'One record is damaged',
    body: `It is record ${seq.toString()}. Selling has stopped and nothing was deleted. Use another terminal and hand this one to the technician.`,
  }),
  'journal-from-the-future': () => ({
    title: 'Written by a newer version',
    body: 'This app is too old and has changed nothing. Use another terminal and ask the technician for the update.',
  }),
  'data-folder-not-writable': () => ({
    title: 'Storage cannot be written',
    body: 'This terminal cannot keep sales now. Use another one and hand this one to the technician.',
  }),
  'order-not-sold': ({ skus }) => ({
    title: 'Nothing of the order is sold here',
    body: `This flight has no ${listed(skus, ', ')}. Ask for another order, or choose the items here.`,
  }),
  'scan-cut-short': () => ({
    title: 'Code not read to its end',
    body: 'The scanner broke off. Scan once more.',
  }),
  'call-failed': () => ({
    title: 'The till did not answer',
    body: 'Try again, or restart the terminal. Everything recorded is safe.',
  }),
  'ledger-unavailable': () => ({
    title: 'The bills cannot be shown',
    body: "Everything recorded is safe in the terminal's journal. Try again.",
  }),
};

const enExportBody = {
  'disk-full': 'This storage is full. Choose another.',
  'read-only': 'This storage cannot be written. Choose another.',
  'not-readable-back': 'What was written did not read back and was discarded. Choose another.',
  'no-key': "Ground's key is missing. Tell the technician; everything is safe on this terminal.",
  other: 'Try again or choose another storage. Everything is safe on this terminal.',
} as const;
