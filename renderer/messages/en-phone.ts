import type { PhoneWords } from './phone-words.ts';

const counted = (count: number, one: string, many: string): string =>
  `${count.toString()} ${count === 1 ? one : many}`;

export const enPhone: PhoneWords = {
  copy: 'Copy for the passenger',
  copyTitle: "The passenger's copy",
  copyHow: "In the phone's cabin page, tap “Scan copy” and hold it over this code for a moment.",
  copyCode: "Code of the passenger's copy",
  closeCopy: 'Close the copy',
  copyOfSale: 'The sale',
  copyOfVoid: 'The void',
  confirmOnPhone: 'Confirm on phone',
  asking: 'Passenger confirms the amount',
  ask: {
    title: 'Scan this code with the phone and confirm',
    body: 'The phone then shows a new code. Hold that one to the camera.',
  },
  askCode: 'Code that asks for the amount',
  askPlain: 'That is the ordinary cabin code. Scan this code with the phone and confirm first.',
  waitForAnswer: 'Waiting for the answer',
  stopAsking: 'Stop asking, back to basket',
  orderTaken: (pieces) => `The passenger's order is in the basket (${counted(pieces, 'item', 'items')})`,
  orderTakenAlready: 'This order is in the basket already; nothing was added.',
  orderUnknown: (names) => `Not sold on this flight: ${names}`,
  orderHint: 'An order chosen on the phone can be scanned as well.',
  emptyBasket: "Tap items, or scan the passenger's order.",
};
