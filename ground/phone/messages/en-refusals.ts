import type { Words } from './words.ts';

export const enRefusals: Words['refused']['refusals'] = {
  'flight-unknown': {
    title: 'This flight was not found',
    how: 'Compare the flight number and the date with your boarding pass, then choose again.',
    way: 'choose-flight',
  },
  'enrolment-closed': {
    title: 'Sign-up for this flight is closed',
    how: 'It is open until shortly before departure. On board you can still pay in cash or another way.',
    way: 'choose-flight',
  },
  'flight-cancelled': {
    title: 'This flight is cancelled',
    how: 'Nothing was charged. Once you are rebooked, sign up for your new flight.',
    way: 'choose-flight',
  },
  'wallet-not-offered': {
    title: 'The airline does not take this wallet',
    how: 'Choose another wallet.',
    way: 'choose-wallet',
  },
  'seat-unknown': {
    title: 'There is no such seat on board',
    how: 'Enter the seat as on your boarding pass, for example 12C.',
    way: 'change-details',
  },
  'seat-taken': {
    title: 'Somebody has signed up with this seat',
    how: 'Check the seat. If it is right, sign up by scanning your boarding pass, or ask at the gate.',
    way: 'change-details',
  },
  'boarding-pass-unreadable': {
    title: 'The boarding pass could not be read',
    how: 'Scan its code again in good light, or enter seat and name yourself.',
    way: 'change-details',
  },
  'boarding-pass-of-another-flight': {
    title: 'This boarding pass is for another flight',
    how: 'Choose the flight on the pass, or scan the pass of this flight.',
    way: 'choose-flight',
  },
  'name-unreadable': {
    title: 'The name cannot be used',
    how: 'Enter it in Latin letters as on your boarding pass, for example WANG/JUN.',
    way: 'change-details',
  },
  'wallet-not-accepted': {
    title: 'The wallet said no',
    how: 'It does not tell us why, and we never see your score. You can try another wallet; on board you can also pay in cash or another way.',
    way: 'choose-wallet',
  },
  'wallet-overdue-orders': {
    title: 'There are overdue orders in your wallet',
    how: 'Pay them in the wallet first, then come back and try again.',
    way: 'try-again',
  },
  'wallet-too-many-open-orders': {
    title: 'Too many open orders in your wallet',
    how: 'Wait until another pay-later order has ended, or choose another wallet.',
    way: 'choose-wallet',
  },
  'wallet-youth-mode': {
    title: 'The wallet is in youth mode',
    how: 'Pay-later is not available there. An adult travelling with you can sign up.',
    way: 'choose-wallet',
  },
  'wallet-not-permitted': {
    title: 'You did not give permission',
    how: 'Without it nothing is ever charged. If it was a slip of the finger, try again.',
    way: 'try-again',
  },
  'wallet-unreachable': {
    title: 'The wallet does not answer',
    how: 'Nothing was set up and nothing was charged. Try again in a little while.',
    way: 'try-again',
  },
};
