// Words for what the till and a passenger's phone show each other.
import type { Words } from './problem-words.ts';

export type PhoneWords = {
  readonly copy: string;
  readonly copyTitle: string;
  readonly copyHow: string;
  readonly copyCode: string;
  readonly closeCopy: string;
  readonly copyOfSale: string;
  readonly copyOfVoid: string;
  readonly confirmOnPhone: string;
  readonly asking: string;
  readonly ask: Words;
  readonly askCode: string;
  readonly askPlain: string;
  readonly waitForAnswer: string;
  readonly stopAsking: string;
  readonly orderTaken: (pieces: number) => string;
  readonly orderTakenAlready: string;
  readonly orderUnknown: (names: string) => string;
  readonly orderHint: string;
  readonly emptyBasket: string;
};
