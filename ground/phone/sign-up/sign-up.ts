import type { EnrolmentRequest } from '../../web/phone-api.ts';

/** What the passenger fills in; the phone adds its key and the consent it showed. */
export type SignUp = Omit<EnrolmentRequest, 'holder' | 'consentVersion' | 'boardingPass'> & {
  /** Text of the scanned pass, which then decides over seat and sequence. */
  readonly boardingPass?: string | undefined;
};
