/** `CP1:`, `CO1:` and the till's other codes. */
const OWN_CODE = /^[A-Z]{2}\d:/;
/** Product barcodes (EAN-8, EAN-13), and wallets' payment codes, which get words of their own. */
const DIGITS = /^\d{8,24}$/;
/** A boarding pass (IATA BCBP) begins with its format and the number of legs. */
const BOARDING_PASS = /^M[1-4][A-Z]/;

/** Whether a scanner's text begins like something the till has an answer for; the rest is noise (hardening.md 7.4). */
export function isKnownScanText(text: string): boolean {
  return OWN_CODE.test(text) || DIGITS.test(text) || BOARDING_PASS.test(text);
}
