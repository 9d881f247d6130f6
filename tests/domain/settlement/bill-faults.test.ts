import { describe, expect, it } from 'vitest';
import { composeStaticCode } from '../../../domain/cabin-code/issue-cabin-code.ts';
import type { EventBody } from '../../../domain/journal/event.ts';
import { verifyBatchBody, type BatchVerdict } from '../../../domain/settlement/verify-batch.ts';
import { newPrivateJwk } from '../../../ground/demo/demo-keys.ts';
import { signCredential, type DemoPerson } from '../../../ground/demo/demo-people.ts';
import {
  billBody,
  composeSceneBatch,
  createScene,
  openBill,
  openFlight,
  personAt,
  saleBody,
  scan,
  startJournal,
  voidBody,
  type OpenBill,
  type SceneJournal,
} from './journal-scene.ts';

const scene = createScene();
const person = personAt(scene, '12C');
const neighbour = personAt(scene, '7C');
const paper = personAt(scene, '13E');
const water = { sku: 'DR-001', q: 1, p: 800, tax: 1300, n: '矿泉水' };

function judge(write: (journal: SceneJournal) => void): BatchVerdict {
  const journal = startJournal(scene);
  openFlight(scene, journal);
  write(journal);
  return verifyBatchBody(composeSceneBatch(scene, journal.lines).body, scene.judge);
}

/** A bill of 12C with whatever is wrong on it. */
const judgeBill = (write: (journal: SceneJournal, bill: OpenBill) => void): BatchVerdict =>
  judge((journal) => {
    write(journal, openBill(scene, journal, person));
  });

/** A correction of a sale of two beers at 25.00, ten per cent off: 45.00. */
const judgeCorrection = (change: Partial<EventBody<'VOID'>>, ty: 'VOID' | 'REFUND' | 'DISCOUNT' = 'VOID') =>
  judgeBill((journal, bill) => {
    const sale = saleBody(bill, { disc: [{ id: 'deal', n: '优惠', amt: 500 }] });
    const ref = journal.add('SALE', sale);
    journal.add(ty, voidBody(bill, ref, sale, change));
  });

type Wrong = readonly [what: string, verdict: () => BatchVerdict, why: string];

const WRONG_AUTHORITY: readonly Wrong[] = [
  [
    'a bill opened without a scan',
    () => judge((j) => void j.add('BILL_OPEN', billBody(scene, person, 2))),
    'auth 2 is no accepted CRED_SEEN or LOOKUP before it',
  ],
  [
    'a sale resting on a scan that comes later',
    () => judgeBill((j, bill) => void j.add('SALE', saleBody(bill, { auth: 99 }))),
    'auth 99 is no accepted CRED_SEEN',
  ],
  [
    'a sale resting on another passenger’s scan',
    () =>
      judgeBill((j, bill) => {
        const auth = scan(j, neighbour);
        j.add('SALE', saleBody(bill, { auth }));
      }),
    'auth 5 is of another passenger',
  ],
  [
    'a sale resting on a refused code',
    () =>
      judgeBill((j, bill) => {
        const { cti } = person.claims;
        const auth = j.add('CRED_SEEN', { qr: person.staticCode, cti, mode: 'static', code: 'DENIED' });
        j.add('SALE', saleBody(bill, { auth }));
      }),
    'auth 5 is no accepted CRED_SEEN',
  ],
  [
    'a sale resting on a scan in practice',
    () =>
      judgeBill((j, bill) => {
        const auth = scan(j, person, { isPractice: true });
        j.add('SALE', saleBody(bill, { auth }));
      }),
    'auth 5 is no accepted CRED_SEEN',
  ],
  [
    'a printed code nobody compared with the boarding pass',
    () =>
      judge((j) => {
        j.add('SALE', saleBody(openBill(scene, j, paper)));
      }),
    'auth 3 is a static code and nobody compared the boarding pass',
  ],
];

function seen(journal: SceneJournal, who: DemoPerson, change: object): OpenBill {
  const { cti } = who.claims;
  const auth = journal.add('CRED_SEEN', { qr: who.staticCode, cti, mode: 'static', ...change });
  const seq = journal.add('BILL_OPEN', billBody(scene, who, auth));
  return { id: `T-0001.1.${seq.toString()}`, cti, auth };
}

const WRONG_EVIDENCE: readonly Wrong[] = [
  [
    'a code of an issuer nobody knows',
    () =>
      judge((j) => {
        const qr = composeStaticCode(signCredential(person.claims, null, newPrivateJwk()));
        seen(j, person, { qr });
      }),
    'the code is UNKNOWN_ISSUER',
  ],
  [
    'a code of another flight',
    () =>
      judge((j) => {
        const flight = { ...scene.flight.leg, number: 8836 };
        const cred = signCredential({ ...person.claims, flight }, null, scene.keys.issuerWechat);
        seen(j, person, { qr: composeStaticCode(cred) });
      }),
    'the code is WRONG_FLIGHT',
  ],
  [
    'another passenger’s code under this one’s number',
    () => judge((j) => void seen(j, person, { qr: paper.staticCode })),
    'the code is another passenger’s',
  ],
  [
    'a picture recorded as a live phone',
    () => judge((j) => void seen(j, person, { mode: 'dynamic', ts: person.claims.nbf })),
    'the code was shown in another way than recorded',
  ],
  [
    'a text that is no code',
    () => judge((j) => void seen(j, person, { qr: 'CP1:hello' })),
    'not a cabin code',
  ],
  [
    'one showing of a phone recorded twice',
    () =>
      judge((j) => {
        const bill = openBill(scene, j, person);
        const first = j.events().find((event) => event.seq === bill.auth);
        if (first?.ty !== 'CRED_SEEN') throw new Error('no scan there');
        const auth = j.add('CRED_SEEN', first.b);
        j.add('SALE', saleBody(bill, { auth }));
      }),
    'the code is REPLAY',
  ],
];

const WRONG_SALE: readonly Wrong[] = [
  [
    'a total that is not the lines less discounts',
    () => judgeBill((j, bill) => void j.add('SALE', saleBody(bill, { tot: 4999 }))),
    'sale of 4999, its lines less discounts come to 5000',
  ],
  [
    'a sale of nothing',
    () => judgeBill((j, bill) => void j.add('SALE', saleBody(bill, { lines: [] }))),
    'without lines',
  ],
  [
    'a sale on a bill that was never opened',
    () => judgeBill((j, bill) => void j.add('SALE', saleBody({ ...bill, id: 'T-0001.1.99' }))),
    'sale on a bill that was never opened',
  ],
  [
    'a sale on another terminal’s bill',
    () => judgeBill((j, bill) => void j.add('SALE', saleBody({ ...bill, id: 'T-0002.1.1' }))),
    'sale on a bill that was never opened',
  ],
  [
    'a sale on the neighbour’s bill',
    () =>
      judgeBill((j, bill) => {
        j.add('SALE', saleBody({ ...openBill(scene, j, neighbour), id: bill.id }));
      }),
    'sale for another passenger than the bill’s',
  ],
  [
    'a sale in another currency',
    () => judgeBill((j, bill) => void j.add('SALE', saleBody(bill, { ccy: 'JPY' }))),
    'sale in JPY on a bill in CNY',
  ],
  [
    'a sale after BILL_CLOSE',
    () =>
      judgeBill((j, bill) => {
        j.add('BILL_CLOSE', { bill: bill.id, tot: 0, ccy: 'CNY' });
        j.add('SALE', saleBody(bill));
      }),
    'sale after BILL_CLOSE',
  ],
  [
    'a BILL_CLOSE of another amount',
    () =>
      judgeBill((j, bill) => {
        j.add('SALE', saleBody(bill));
        j.add('BILL_CLOSE', { bill: bill.id, tot: 4000, ccy: 'CNY' });
      }),
    'BILL_CLOSE says 4000, the bill comes to 5000',
  ],
  [
    'an order number that is not this passenger’s',
    () =>
      judge((j) => {
        const auth = scan(j, person);
        j.add('BILL_OPEN', { ...billBody(scene, person, auth), order: 'CP9C261123AAAAAAAAAAAAA' });
      }),
    'order number CP9C261123AAAAAAAAAAAAA is not this passenger',
  ],
];

const WRONG_CORRECTION: readonly Wrong[] = [
  [
    'a void of more than the sale',
    () => judgeCorrection({ tot: -4501 }),
    'VOID of 4501, the sale stands at 4500',
  ],
  ['a void of no sale', () => judgeCorrection({ ref: 4 }), 'VOID of seq 4, which is no sale'],
  [
    'a void of a line that is not there',
    () => judgeCorrection({ lines: [{ i: 1, q: 1 }] }),
    'VOID of line 1',
  ],
  [
    'a void of more pieces than were sold',
    () => judgeCorrection({ lines: [{ i: 0, q: 3 }] }),
    'VOID takes back 3 of line 0, sold were 2',
  ],
  [
    'a void of one piece for the price of two',
    () => judgeCorrection({ lines: [{ i: 0, q: 1 }], tot: -4500 }),
    'VOID of 4500 for lines of 2500',
  ],
  [
    'a void in cash of a wallet sale',
    () => judgeCorrection({ tender: 'cash' }),
    'VOID in cash of a sale in wallet',
  ],
  ['a refund of more than the sale', () => judgeCorrection({ tot: -9000 }, 'REFUND'), 'REFUND of 9000'],
  [
    'a later discount above the sale',
    () => judgeCorrection({ tot: -4501, lines: [] }, 'DISCOUNT'),
    'DISCOUNT of 4501',
  ],
  [
    'the same sale taken back twice',
    () =>
      judgeBill((j, bill) => {
        const sale = saleBody(bill);
        const ref = j.add('SALE', sale);
        j.add('VOID', voidBody(bill, ref, sale));
        j.add('VOID', voidBody(bill, ref, sale));
      }),
    'VOID of 5000, the sale stands at 0',
  ],
];

const text31 = '一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一';
const WRONG_FOR_THE_WALLET: readonly Wrong[] = [
  [
    'an item text above 30 characters',
    () => judgeBill((j, bill) => void j.add('SALE', saleBody(bill, { lines: [{ ...water, n: text31 }] }))),
    'wallet rule: payment',
  ],
  [
    'a deal’s name above 20 characters',
    () =>
      judgeBill((j, bill) => {
        j.add('SALE', saleBody(bill, { disc: [{ id: 'long', n: text31.slice(0, 21), amt: 1 }] }));
      }),
    'wallet rule: discount',
  ],
  [
    'more than 100 different items over several sales',
    () =>
      judgeBill((j, bill) => {
        for (let sale = 0; sale < 3; sale++) {
          const lines = Array.from({ length: 34 }, (_, i) => ({ ...water, p: 800 + sale * 34 + i }));
          j.add('SALE', saleBody(bill, { lines }));
        }
      }),
    'wallet rule: 102 payments',
  ],
];

describe('a bill is set aside, with the line and the reason, for', () => {
  it.each([
    ...WRONG_AUTHORITY,
    ...WRONG_EVIDENCE,
    ...WRONG_SALE,
    ...WRONG_CORRECTION,
    ...WRONG_FOR_THE_WALLET,
  ])('%s', (_what, verdict, why) => {
    const { status, why: said, setAside } = verdict();
    expect({ status, said }).toEqual({ status: 'PARTIAL', said: expect.stringContaining(why) as string });
    expect(said).toMatch(/^seq \d+: bill T-\d+\.1\.\d+: /);
    expect(setAside.length).toBeGreaterThan(0);
  });

  it('a sale after FLIGHT_CLOSE', () => {
    const verdict = judge((j) => {
      const bill = openBill(scene, j, person);
      j.add('FLIGHT_CLOSE', {
        totals: [{ ...EMPTY_TOTAL, leg: scene.flight.legId }],
        counts: {},
        unused: [],
      });
      j.add('SALE', saleBody(bill));
    });
    expect(verdict.why).toContain('sale after FLIGHT_CLOSE');
  });

  it('a money event whose body has another shape', () => {
    const verdict = judgeBill((j, bill) => void j.add('SALE', { ...saleBody(bill), tot: -5 }));
    expect(verdict).toMatchObject({ status: 'PARTIAL' });
    expect(verdict.why).toContain('SALE has a body of unknown shape');
  });
});

const zero = { n: 0, amt: 0 };
const EMPTY_TOTAL = {
  ccy: 'CNY',
  sales: zero,
  voids: zero,
  refunds: zero,
  discounts: zero,
  net: 0,
  credentials: 1,
};

describe('one bad bill', () => {
  it('leaves the others and the totals as they are', () => {
    const verdict = judge((j) => {
      j.add('SALE', saleBody(openBill(scene, j, neighbour)));
      j.add('SALE', saleBody(openBill(scene, j, person), { tot: 1 }));
    });
    expect(new Set(verdict.setAside.map(({ cti }) => cti))).toEqual(new Set([person.claims.cti]));
    expect(verdict.totals[0]?.net).toBe(5001);
  });
});

describe('nothing is set aside for', () => {
  it.each([
    ['a printed code compared with the boarding pass', 'static-check' as const],
    ['a passenger found by seat', 'seat' as const],
  ])('%s', (_what, how) => {
    const verdict = judge((j) => {
      const { cti, seat } = paper.claims;
      if (how === 'static-check') scan(j, paper);
      const auth = j.add('LOOKUP', { cti, seat, how, who: 'C0123' });
      const seq = j.add('BILL_OPEN', billBody(scene, paper, auth));
      j.add('SALE', saleBody({ id: `T-0001.1.${seq.toString()}`, cti, auth }));
    });
    expect(verdict).toMatchObject({ status: 'ACCEPTED', why: null });
  });

  it.each([
    ['a whole void', {}],
    ['one piece of two at its price after discount', { lines: [{ i: 0, q: 1 }], tot: -2250 }],
    ['one piece of two at its full price', { lines: [{ i: 0, q: 1 }], tot: -2500 }],
  ])('%s', (_what, change) => {
    expect(judgeCorrection(change)).toMatchObject({ status: 'ACCEPTED', why: null });
  });

  it('a refund and a later discount after BILL_CLOSE', () => {
    const verdict = judgeBill((j, bill) => {
      const sale = saleBody(bill);
      const ref = j.add('SALE', sale);
      j.add('BILL_CLOSE', { bill: bill.id, tot: 5000, ccy: 'CNY' });
      j.add('REFUND', voidBody(bill, ref, sale, { lines: [{ i: 0, q: 1 }], tot: -2500 }));
      j.add('DISCOUNT', voidBody(bill, ref, sale, { lines: [], tot: -300 }));
    });
    expect(verdict).toMatchObject({ status: 'ACCEPTED', why: null });
    expect(verdict.totals[0]).toMatchObject({
      net: 2200,
      refunds: { n: 1, amt: -2500 },
      discounts: { n: 1, amt: -300 },
    });
  });

  it('whatever practice did', () => {
    const verdict = judge((j) => {
      const bill = openBill(scene, j, person, { isPractice: true });
      j.add('SALE', saleBody(bill, { tot: 1, auth: 77 }), { isPractice: true });
    });
    expect(verdict).toMatchObject({ status: 'ACCEPTED', totals: [], passengers: [] });
  });
});
