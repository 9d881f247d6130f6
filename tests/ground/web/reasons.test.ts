import { describe, expect, it } from 'vitest';
import { verifyBatchBody } from '../../../domain/settlement/verify-batch.ts';
import { CONSOLE_WORDS } from '../../../ground/web/console-words/words.ts';
import { sayReason } from '../../../ground/web/console-words/say-reason.ts';
import { readReason, reason, REASONS, type ReasonKind } from '../../../ground/web/reasons.ts';
import {
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
} from '../../domain/settlement/journal-scene.ts';

const { zh, en } = CONSOLE_WORDS;
const KINDS = Object.keys(REASONS) as ReasonKind[];

/** A sentence of this kind with plausible facts, as it would be stored. */
function sentence(kind: ReasonKind): string {
  return REASONS[kind].replace(/\{(\w+)\}/g, (_, name: string) => {
    if (name === 'n' || name === 'wallet' || name.endsWith('Minor')) return '12800';
    const facts: Readonly<Record<string, string>> = {
      cause: 'complete: no-answer',
      step: 'complete',
      code: '271300099',
      line: 'VOID',
      codes: '0123456789abcdef, 0123456789abcde0',
      lines: '7, 8',
      dev: 'T-0001',
      other: 'T-0002',
      leg: '9C8835-20261122-SHA-CTU',
      sku: 'ML-001',
      detail: 'the code is TAMPERED',
    };
    return facts[name] ?? 'paid at the gate: cash, all of it';
  });
}

describe('a reason that ground writes down', () => {
  it.each(KINDS)('is found again by its form: %s', (kind) => {
    expect(readReason(sentence(kind))?.kind).toBe(kind);
  });

  it.each(KINDS)('names in Chinese what it names in English: %s', (kind) => {
    const names = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').sort();
    expect(names(zh.reason[kind])).toEqual(names(REASONS[kind]).filter((name) => name !== 'detail'));
  });

  it('is stored in plain English', () => {
    expect(reason('more-than-sent', { moreMinor: 300, totalMinor: 12_800 }).text).toBe(
      '300 more than the order that went to the wallet with 12800',
    );
  });

  it('is said with amounts as money and with the words for what it names', () => {
    const often = reason('tried-often', { cause: reason('no-answer', { step: 'complete' }).text, n: 20 });
    const more = reason('more-than-sent', { moreMinor: 300, totalMinor: 12_800 });
    const refused = reason('refused', { step: 'lower', code: '271316754' });
    expect([often, more, refused].map(({ text }) => sayReason(zh, text)?.text)).toEqual([
      '扣款：钱包没有应答，已是第 20 次；仍会继续尝试',
      expect.stringMatching(/^比已发给钱包的订单 .*128\.00 多出 .*3\.00$/),
      '调低金额被钱包拒绝：正在扣款',
    ]);
    expect(sayReason(en, refused.text)?.text).toBe('Lower refused by the wallet: A deduction is running');
  });

  it('keeps what people wrote as they wrote it, braces and all', () => {
    const { text } = reason('written-off', { why: 'agreed with {code}\n$1 by phone: 旅客已故' });
    expect(sayReason(zh, text)).toEqual({
      text: '已核销：agreed with {code}\n$1 by phone: 旅客已故',
      detail: null,
    });
  });

  it('leaves the technical part of a finding in English beneath', () => {
    expect(sayReason(zh, 'wallet rule: payment 3: its name')).toEqual({
      text: '违反钱包的规则',
      detail: 'payment 3: its name',
    });
  });

  it.each([
    '',
    'called the passenger',
    'wu.operations: battery is dead',
    'seq 4: does not follow the line before it',
  ])('is not taken from other words: %j', (text) => {
    expect(readReason(text)).toBeNull();
  });
});

describe('what the verification finds in a bill', () => {
  const scene = createScene();
  const person = personAt(scene, '12C');

  /** Why real bills were set aside, each wrong in its own way. */
  function findings(write: (journal: SceneJournal, bill: OpenBill) => void): readonly string[] {
    const journal = startJournal(scene);
    openFlight(scene, journal);
    write(journal, openBill(scene, journal, person));
    const { setAside } = verifyBatchBody(composeSceneBatch(scene, journal.lines).body, scene.judge);
    return setAside.map(({ why }) => why);
  }

  it.each<[ReasonKind, (journal: SceneJournal, bill: OpenBill) => void]>([
    ['no-code-seen', (j, bill) => void j.add('SALE', saleBody(bill, { auth: 99 }))],
    [
      'code-other-passenger',
      (j, bill) => void j.add('SALE', saleBody(bill, { auth: scan(j, personAt(scene, '7C')) })),
    ],
    ['seat-unchecked', (j) => void j.add('SALE', saleBody(openBill(scene, j, personAt(scene, '13E'))))],
    ['sale-unopened', (j, bill) => void j.add('SALE', saleBody(bill, { bill: 'T-0001.1.2' }))],
    ['sale-differs', (j, bill) => void j.add('SALE', saleBody(bill, { tot: 4999 }))],
    [
      'close-differs',
      (j, bill) => {
        j.add('SALE', saleBody(bill));
        j.add('BILL_CLOSE', { bill: bill.id, tot: 1, ccy: 'CNY' });
      },
    ],
    ['no-such-sale', (j, bill) => void j.add('VOID', voidBody(bill, 2, saleBody(bill), {}))],
  ])('is said in Chinese as well: %s', (kind, write) => {
    expect(findings(write).map((why) => readReason(why)?.kind)).toContain(kind);
  });
});
