// The simulators' test people: registered ones, and any account whose name says what it is:
// `p-<score>-<n>` with further words, as in `p-720-17`, `p-540-1`, `p-700-2-never`, `p-700-3-tries2`, `p-700-4-youth`.
import * as v from 'valibot';

const paysSchema = v.variant('how', [
  v.object({ how: v.literal('at-once') }),
  v.object({ how: v.literal('after-tries'), tries: v.pipe(v.number(), v.integer(), v.minValue(1)) }),
  v.object({ how: v.literal('never') }),
  /** By themselves in the wallet, `ms` after completion; deductions fail until then. */
  v.object({ how: v.literal('late'), ms: v.pipe(v.number(), v.integer(), v.minValue(0)) }),
  /** Never in the wallet: the merchant has to say so. */
  v.object({ how: v.literal('elsewhere') }),
]);

export const personSchema = v.object({
  account: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,64}$/)),
  /** Known to the wallet alone: it stands in no answer, notice, book or page. */
  score: v.pipe(v.number(), v.integer(), v.minValue(300), v.maxValue(950)),
  /** Orders open at other merchants. */
  otherOpenOrders: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
  hasOverdue: v.optional(v.boolean(), false),
  isYouth: v.optional(v.boolean(), false),
  hasPermitted: v.optional(v.boolean(), true),
  pays: v.optional(paysSchema, { how: 'at-once' }),
});
export type PersonFacts = v.InferInput<typeof personSchema>;
export type Person = v.InferOutput<typeof personSchema>;

/** The score must be above this (product.md). */
const SCORE_NOT_ENOUGH = 550;
const MOST_OPEN_ORDERS = 3;
const LATE_MS = 8000;
const NAMED_ACCOUNT = /^p-([0-9]{3})-([A-Za-z0-9_]+)((?:-[a-z]+[0-9]*)*)$/;

export type People = {
  readonly find: (account: string) => Person | null;
  readonly add: (facts: PersonFacts) => Person;
  readonly setPermitted: (account: string, hasPermitted: boolean) => void;
};

export function createPeople(): People {
  const people = new Map<string, Person>();
  const add = (facts: PersonFacts): Person => {
    const person = v.parse(personSchema, facts);
    people.set(person.account, person);
    return person;
  };
  const find = (account: string): Person | null => {
    const known = people.get(account);
    if (known !== undefined) return known;
    const facts = readNamedAccount(account);
    return facts === null ? null : add(facts);
  };
  return {
    find,
    add,
    setPermitted: (account, hasPermitted) => {
      const person = find(account);
      if (person !== null) people.set(account, { ...person, hasPermitted });
    },
  };
}

function readNamedAccount(account: string): PersonFacts | null {
  const match = NAMED_ACCOUNT.exec(account);
  if (match === null) return null;
  const score = Number(match[1]);
  if (score < 300 || score > 950) return null;
  const words = (match[3] ?? '').split('-').filter((word) => word !== '');
  return words.reduce<PersonFacts>(applyWord, { account, score });
}

function applyWord(facts: PersonFacts, word: string): PersonFacts {
  const count = Number(/[0-9]+$/.exec(word)?.[0] ?? '1');
  switch (word.replace(/[0-9]+$/, '')) {
    case 'never':
      return { ...facts, pays: { how: 'never' } };
    case 'late':
      return { ...facts, pays: { how: 'late', ms: LATE_MS } };
    case 'elsewhere':
      return { ...facts, pays: { how: 'elsewhere' } };
    case 'tries':
      return { ...facts, pays: { how: 'after-tries', tries: Math.max(1, count) } };
    case 'youth':
      return { ...facts, isYouth: true };
    case 'overdue':
      return { ...facts, hasOverdue: true };
    case 'open':
      return { ...facts, otherOpenOrders: count };
    default:
      return facts;
  }
}

export type Refusal = 'youth' | 'overdue' | 'not-accepted';

/** Whether the wallet lets this person have one more order; `openOrders` and `hasUnpaid` as its own books say. */
export function findRefusal(person: Person, openOrders: number, hasUnpaid: boolean): Refusal | null {
  if (person.isYouth) return 'youth';
  if (person.hasOverdue || hasUnpaid) return 'overdue';
  const isOverOpen = person.otherOpenOrders + openOrders + 1 > MOST_OPEN_ORDERS;
  return person.score <= SCORE_NOT_ENOUGH || isOverOpen ? 'not-accepted' : null;
}

/** Whether the deduction succeeds that is tried `sinceMs` after completion, `failed` having failed before it. */
export function paysNow(person: Person, failed: number, sinceMs: number): boolean {
  switch (person.pays.how) {
    case 'at-once':
      return true;
    case 'after-tries':
      return failed >= person.pays.tries;
    case 'late':
      return sinceMs >= person.pays.ms;
    case 'never':
    case 'elsewhere':
      return false;
  }
}
