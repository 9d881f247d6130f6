import type { CalmWait } from '../settlement/calm-wait.ts';
import type { SettlementWords } from './settlement-words.ts';

const toTechnician = 'Everything is safe here. Hand this terminal to the technician.';
const keptHere = 'The batch is safe on this terminal.';

const counted = (count: number, one: string, many: string): string =>
  `${count.toString()} ${count === 1 ? one : many}`;

/** What the passenger can do about a bill the wallet could not collect (wallets.md). */
function mustActHow(wallet: number, code: string): string {
  if (code.endsWith('268560785'))
    return "The passenger's WeChat is in youth mode; it can pay once that is off.";
  switch (wallet) {
    case 1:
      return 'The passenger can pay in WeChat: Me → Wallet → Pay Score → Awaiting payment.';
    case 2:
      return 'The passenger can pay in Alipay, among the orders awaiting payment.';
    default:
      return 'The passenger can pay in the wallet, among the orders awaiting payment.';
  }
}

function inWords(wait: CalmWait): string {
  if (wait.kind === 'soon') return 'in a moment';
  return wait.kind === 'seconds'
    ? `in about ${wait.count.toString()} seconds`
    : `in about ${counted(wait.count, 'minute', 'minutes')}`;
}

export const enSettlement: SettlementWords = {
  title: 'Ground',
  standing: {
    sealed: 'Sealed',
    sent: 'Sent',
    acknowledged: 'Ground has it',
    collecting: 'Collecting',
    paid: 'Paid',
    lowered: 'Paid, lowered',
    'must-act': 'Passenger must act',
    'with-ground': 'With ground',
  },
  standingHow: {
    sealed: 'The batch is on this terminal and not with ground yet.',
    sent: 'The batch is on its way; ground has not answered yet.',
    acknowledged: 'Ground has it and will collect from the wallet.',
    collecting: 'The wallet is collecting. Nothing to do.',
    paid: 'The wallet has paid.',
    lowered: 'Ground lowered the amount; the rest is paid.',
    'with-ground': 'A person on the ground looks into this bill. Nothing to do on board.',
  },
  nothingToPay: 'Nothing to pay',
  nothingToPayHow: "There is no amount to pay; the wallet's order was released.",
  mustActHow,
  walletCode: "Wallet's code",
  charged: 'Collected',
  billCount: (count) => counted(count, 'bill', 'bills'),
  unsent: 'Not with ground',
  unsentChip: (count, amount) => `${count.toString()} unsent ${amount}`,
  batchUnsent: 'Batch unsent',
  batchRefused: 'Batch refused',
  noGround: { title: 'No upload set up here', body: 'Once sealed, hand the file to ground.' },
  notSealed: {
    title: 'Not sealed yet',
    body: 'Once closed and sealed, it is sent as soon as there is a network.',
  },
  nothingYet: {
    title: 'Nothing to send yet',
    body: 'Once closed and sealed, it is sent as soon as there is a network.',
  },
  allSettled: { title: 'Ground has everything', body: 'No result is awaited.' },
  sending: (percent) => `Sending ${percent.toString()}%`,
  sendingHow: 'If the network drops, it goes on from there by itself.',
  progress: 'Sent so far',
  waiting: 'Ground has it and is collecting',
  again: (wait) => `Trying again ${inWords(wait)}.`,
  askAgain: (wait) => `Asking again ${inWords(wait)}.`,
  sentences: (first, second) => [first, second].filter((text) => text !== '').join(' '),
  reach: {
    'no-network': { title: 'No network now', body: keptHere },
    'wrong-certificate': {
      title: 'This network does not lead to ground',
      body: 'Nothing was sent. Use another network.',
    },
    'clock-differs': {
      title: 'The clocks of ground and terminal differ',
      body: "Set the terminal's time to automatic, then send.",
    },
    'too-many-requests': { title: 'Ground is busy', body: keptHere },
    'out-of-order': { title: 'Ground is not working now', body: keptHere },
    'cut-off': { title: 'The network broke off', body: 'It goes on from where it stopped.' },
    'strange-answer': {
      title: 'The network asks for a sign-in',
      body: 'Sign in to this network, or use another one.',
    },
    'damaged-on-the-way': { title: 'Damaged on the way', body: 'It is sent again.' },
  },
  stop: {
    'batch-forged': { title: 'Refused: signature differs', body: toTechnician },
    'batch-totals': { title: 'Refused: amounts differ', body: toTechnician },
    'batch-fork': { title: 'Refused: two copies of the records', body: toTechnician },
    'batch-damaged': { title: 'Refused: the file is damaged', body: 'Export again, then send.' },
    'batch-gap': { title: 'Ground lacks an earlier batch', body: toTechnician },
    'batch-too-large': {
      title: 'Batch too large to send',
      body: 'Export to a storage card and hand it to ground.',
    },
    'device-unknown': { title: 'Ground does not know this terminal', body: toTechnician },
    'token-refused': {
      title: 'Ground did not accept this terminal',
      body: "Check the terminal's time. If it stays so, export to a storage card.",
    },
    'result-forged': {
      title: 'The result is not from ground',
      body: 'It was not used. Tell the technician.',
    },
    'result-beyond-head': {
      title: 'Ground has more than this terminal',
      body: 'Use another terminal and hand this one to the technician.',
    },
    'batch-not-readable': { title: 'The batch here cannot be read', body: 'Export again, then send.' },
    'result-not-kept': {
      title: 'The result was not kept',
      body: 'Storage cannot be written. Ground keeps the result; try later.',
    },
  },
  sendNow: 'Send now',
  askNow: 'Ask now',
  asking: 'Calling ground',
  importResults: 'Import results',
  importHow: 'Without a network, ground can put the results on a storage card.',
  importNow: 'Import',
  importing: 'Importing and checking',
  imported: (taken, known) =>
    known === 0
      ? `${counted(taken, 'result', 'results')} imported.`
      : `${counted(taken, 'result', 'results')} imported, ${known.toString()} known before.`,
  news: (paid, mustAct) =>
    [
      ...(paid > 0 ? [counted(paid, 'bill paid', 'bills paid')] : []),
      ...(mustAct > 0 ? [counted(mustAct, 'passenger must act', 'passengers must act')] : []),
    ].join(', '),
  unusedTitle: 'Any terminal never used?',
  unusedHow: 'Mark it, and ground does not wait for it.',
  unused: 'Never used',
  used: 'Used',
  rows: (from, to) => `Rows ${from.toString()}–${to.toString()}`,
};
