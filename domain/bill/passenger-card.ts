import type { PresentationMode } from '../cabin-code/cabin-code.ts';
import type { WalletNumber } from '../wallet.ts';

/** What the crew sees of the passenger in front of them. Amounts in minor units of `currency`. */
export type PassengerCard = {
  readonly bill: string;
  readonly cti: string;
  readonly seat: string;
  // Masked by the issuer, or empty when the code carries none.
  readonly name: string;
  readonly wallet: WalletNumber;
  readonly tier: number;
  readonly mode: PresentationMode;
  readonly currency: string;
  /** What may still be charged on this flight. */
  readonly allowanceLeftMinor: number;
  readonly perSaleMinor: number;
  readonly salesLeft: number;
  readonly spentMinor: number;
  /** A static code: the crew must compare seat and sequence with the boarding pass before the first sale. */
  readonly seatCheck: 'not-needed' | 'needed' | 'done';
  readonly sequence: number;
};
