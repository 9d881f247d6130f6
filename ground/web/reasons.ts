// Why things are as they are, in the sentences ground writes next to them. Each is stored once, in plain English, so that
// a log, a CSV file and a database tool show it as well; the console finds the sentence again by its form and says it in
// its own language, also in rows written long ago. The list is closed: without words in every language nothing compiles.

export const REASONS = {
  // Steps of an order.
  enrolled: 'enrolled',
  'sale-gone': 'no sale of this passenger is left',
  'first-sale': 'first sale seen',
  'others-missing': 'a terminal of the flight is in, others are not',
  'all-in': 'all terminals are in',
  'counted-again': 'counted again',
  'all-undecided': 'all its bills wait for a decision',
  'rule-broken': 'a rule is broken: {detail}',
  'late-fault': 'lines that came late: {detail}',
  'late-less': 'lines that came late take some of it back',
  'late-more': 'lines that came late add to it',
  'taken-back': 'taken back by the terminals',
  'released-before-lines': 'released before its lines came',
  'reduced-to-cap': 'reduced to what the wallet takes',
  'no-show': 'did not fly: {why}',
  'written-off': 'written off: {why}',
  'sent-on': 'sent on: {why}',
  // What a wallet said.
  'wallet-collects': 'the wallet collects',
  'wallet-lowered': 'the wallet lowered it',
  'wallet-paid': 'the wallet calls it paid',
  'wallet-reports-paid': 'the wallet reports it paid',
  'wallet-answers': 'the wallet answers again',
  'must-act': 'the wallet cannot take the money; the passenger can pay in the wallet',
  'must-act-code': 'the wallet cannot take the money; the passenger can pay in the wallet ({code})',
  'nothing-bought': 'nothing was bought',
  'released-at-wallet': 'released at the wallet',
  'order-unknown-there': 'the wallet knows no such order',
  'never-confirmed': 'the wallet never confirmed the order',
  expired: 'the order expired at the wallet: a new one needs the passenger',
  'collects-unsent': 'the wallet collects an order that was never sent',
  'paid-unsent': 'the wallet calls an order paid that was never sent',
  'was-released': 'the order was released at the wallet',
  'not-released-by-us': 'the order was released at the wallet, not by us',
  'no-answer': '{step}: no-answer',
  'too-fast': '{step}: too-fast',
  'bad-signature': '{step}: bad-signature',
  'deducting-now': '{step}: the wallet is deducting just now',
  'not-in-this-state': '{step}: not in this state',
  refused: '{step} refused by the wallet: {code}',
  'tried-often': '{cause}, for the {n}th time; it is tried on',
  paid: 'paid',
  refunded: 'refunded {doneMinor}',
  accepted: 'accepted: {why}',
  dropped: 'dropped: {why}',
  // What a person is asked to look at.
  'over-limit': "an order of {netMinor} over the passenger's limit of {limitMinor}",
  'cap-loss': 'the wallet takes {totalMinor}; {lostMinor} of the order are not collected',
  'refund-late': 'paid {paidMinor}, of which late lines take back {lessMinor}: refund it',
  'more-than-sent': '{moreMinor} more than the order that went to the wallet with {totalMinor}',
  'other-net': 'the journals now come to {netMinor}, before {beforeMinor}',
  'other-paid': 'the wallet took {paidMinor} for an order of {totalMinor}',
  'after-release': '{netMinor} came in after the order had been released at the wallet',
  'no-merchant': 'the airline has no merchant at wallet {wallet}',
  'codes-without-order': 'sales for codes without an order: {codes}',
  'codes-without-order-more': 'sales for codes without an order: {codes} and {n} more',
  'codes-not-issued': 'codes never issued for this flight: {codes}',
  'codes-not-issued-more': 'codes never issued for this flight: {codes} and {n} more',
  'shared-proof': 'one proof of the phone was accepted by {dev} and by {other}',
  'lost-came': 'a batch of the lost terminal came; copies of passengers agree with it',
  'lost-agrees': 'the terminal was reported lost; copies of passengers agree',
  'lost-declared': 'declared lost: its sales come from copies, as far as there are any',
  'beyond-head': 'copies of lines {lines}, which its journal ends before',
  'beyond-head-more': 'copies of lines {lines} and {n} more, which its journal ends before',
  'copy-differs': "seq {n}: a passenger's copy has other content than the terminal delivered",
  // Where a terminal stands on a flight.
  roster: 'roster',
  'has-sold': 'it has sold',
  'own-close': 'its FLIGHT_CLOSE',
  'close-of': 'FLIGHT_CLOSE of {dev}',
  'day-after': '24 hours after the scheduled arrival',
  // Why a file is refused whose terminal is.
  'in-quarantine': 'in quarantine: {detail}',
  'lost-later': 'reported lost or revoked: has lines from after that',
  'lost-alone': 'reported lost or revoked: no copy of a passenger agrees',
  'lost-and-wrong': 'reported lost or revoked; {detail}',
  // Why a bill waits. From `opened-late` on in the words of domain's verification (find-bill-faults.ts), which are only
  // read here.
  'uncopied-line': '{line} of a lost terminal that no copy bears out',
  'no-code-issued': 'no code was issued to this passenger for this flight',
  'other-code-issued': 'the code is not the one that was issued to this passenger',
  'opened-late': 'opened after FLIGHT_CLOSE',
  'sale-unopened': 'sale on a bill that was never opened',
  'correction-unopened': '{line} on a bill that was never opened',
  'close-unopened': 'BILL_CLOSE of a bill that was never opened',
  'sale-other-passenger': 'sale for another passenger than the bill’s',
  'sale-other-flight': 'sale on a bill of another flight',
  'sale-after-close': 'sale after BILL_CLOSE',
  'sale-after-flight': 'sale after FLIGHT_CLOSE',
  'void-after-close': 'VOID after BILL_CLOSE',
  'no-such-sale': '{line} of seq {n}, which is no sale',
  'close-differs': 'BILL_CLOSE says {saidMinor}, the bill comes to {netMinor}',
  'sale-differs': 'sale of {saidMinor}, its lines less discounts come to {netMinor}',
  'correction-too-large': '{line} of {saidMinor}, the sale stands at {leftMinor}',
  'no-code-seen': 'auth {n} is no accepted CRED_SEEN or LOOKUP before it',
  'code-other-passenger': 'auth {n} is of another passenger',
  'code-other-flight': 'auth {n} is of another flight',
  'seat-unchecked': 'auth {n} is a static code and nobody compared the boarding pass',
  'code-refused': 'auth {n}: {detail}',
  'wallet-rule': 'wallet rule: {detail}',
  // Why a person cannot do it now.
  'no-merchant-here': 'no merchant at this wallet',
  'none-expected': 'no terminal is expected',
  'item-loaded': '{leg}: {sku} is loaded and not in this catalogue',
  'item-ordered': '{leg}: {sku} is pre-ordered and not in this catalogue',
  'not-quarantined': 'not in quarantine',
  'refund-open': 'a refund of {refundMinor} is open',
  'left-to-refund': '{leftMinor} are left',
} as const;

export type ReasonKind = keyof typeof REASONS;

type NamesIn<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never;
type FactsOf<Kind extends ReasonKind> = Readonly<Record<NamesIn<(typeof REASONS)[Kind]>, string | number>>;

/** `why` and `cause` are people's words or another reason, amounts (`…Minor`) are minor units. */
export type Reason<Kind extends ReasonKind = ReasonKind> = { readonly kind: Kind; readonly text: string };

/** The sentence as it is stored. */
export function reason<Kind extends ReasonKind>(
  kind: Kind,
  ...[facts]: keyof FactsOf<Kind> extends never ? [] : [FactsOf<Kind>]
): Reason<Kind> {
  const values: Readonly<Record<string, string | number>> = facts ?? {};
  return { kind, text: REASONS[kind].replace(PLACE, (_, name: string) => values[name]?.toString() ?? '') };
}

export type ReadReason = { readonly kind: ReasonKind; readonly facts: Readonly<Record<string, string>> };

/** The reason a stored sentence gives; null for one of domain's verification, of a person, or of another version. */
export function readReason(text: string): ReadReason | null {
  for (const { kind, form } of FORMS) {
    const match = form.exec(text);
    if (match !== null) return { kind, facts: { ...match.groups } };
  }
  return null;
}

const PLACE = /\{(\w+)\}/g;

/** Numbers are digits, codes one word; the rest is any text. */
function patternOf(name: string): string {
  if (name === 'n' || name === 'wallet' || name.endsWith('Minor')) return `(?<${name}>-?\\d+)`;
  return name === 'step' ||
    name === 'line' ||
    name === 'other' ||
    name === 'dev' ||
    name === 'sku' ||
    name === 'leg'
    ? `(?<${name}>[\\w-]+)`
    : `(?<${name}>[^]+?)`;
}

type Form = { readonly kind: ReasonKind; readonly form: RegExp; readonly weight: number };

/** The one with the most words of its own first: what is more exact is not taken for what is less so. */
const FORMS: readonly Form[] = (Object.keys(REASONS) as ReasonKind[])
  .map((kind): Form => {
    const parts = REASONS[kind].split(PLACE);
    const source = parts.map((part, i) => (i % 2 === 1 ? patternOf(part) : part.replace(/[().]/g, '\\$&')));
    const weight = parts.filter((_, i) => i % 2 === 0).join('').length;
    return { kind, form: new RegExp(`^${source.join('')}$`), weight };
  })
  .sort((a, b) => b.weight - a.weight);
