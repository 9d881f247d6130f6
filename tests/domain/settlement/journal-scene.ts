// A terminal of the demo airline that writes real, signed journal lines: what settlement tests work on.
import * as nodeCrypto from 'node:crypto';
import { composeDynamicCode } from '../../../domain/cabin-code/issue-cabin-code.ts';
import { orderNumber } from '../../../domain/bill/order-number.ts';
import type { Signer } from '../../../domain/crypto/crypto.ts';
import { cryptoFromNode, signerFromJwk } from '../../../domain/crypto/node-crypto.ts';
import type { EventBody, EventType, JournalEvent } from '../../../domain/journal/event.ts';
import { composeLine, genesisHash, lineHash, lineHeader, readLine } from '../../../domain/journal/line.ts';
import { composeBatchBody, type ComposedBatch } from '../../../domain/settlement/compose-batch.ts';
import { sealEnvelope } from '../../../domain/settlement/envelope.ts';
import { legTotals } from '../../../domain/settlement/totals.ts';
import type { BatchJudge } from '../../../domain/settlement/verify-batch.ts';
import type { TrustList } from '../../../domain/trust/trust-list.ts';
import { demoFlight, type DemoFlight } from '../../../ground/demo/demo-flight.ts';
import {
  composeTrustList,
  DEMO_TERMINAL,
  makeDemoKeys,
  publicPart,
  signDeviceCertificate,
  type DemoKeys,
} from '../../../ground/demo/demo-keys.ts';
import { makeDemoPeople, type DemoPerson } from '../../../ground/demo/demo-people.ts';
import { gzip } from '../../../ground/gzip.ts';

export const crypto = cryptoFromNode(nodeCrypto);

/** 23 November 2026, 12:00 in Shanghai. */
export const SCENE_MS = Date.UTC(2026, 10, 23, 4);

export type Scene = {
  readonly keys: DemoKeys;
  readonly trust: TrustList;
  readonly certificate: string;
  readonly flight: DemoFlight;
  readonly people: readonly DemoPerson[];
  /** Which terminal writes the journals, with what key. */
  readonly terminal: { readonly dev: string; readonly epoch: number };
  readonly signer: Signer;
  readonly judge: BatchJudge;
};

export function createScene(nowMs = SCENE_MS): Scene {
  const nowSeconds = Math.floor(nowMs / 1000);
  const keys = makeDemoKeys(nowSeconds);
  const flight = demoFlight(nowMs);
  const trust = composeTrustList(keys, nowSeconds);
  return {
    keys,
    trust,
    certificate: signDeviceCertificate(keys, nowSeconds),
    flight,
    people: makeDemoPeople(flight, keys),
    terminal: DEMO_TERMINAL,
    signer: signerFromJwk(nodeCrypto, keys.device),
    judge: { trust, crypto },
  };
}

type LineOptions = {
  readonly isPractice?: boolean;
  readonly leg?: string;
  readonly change?: Partial<JournalEvent>;
};

export type SceneJournal = {
  readonly lines: readonly string[];
  readonly events: () => JournalEvent[];
  /** Appends an event and answers its seq. */
  readonly add: <T extends EventType>(ty: T, b: EventBody<T>, options?: LineOptions) => number;
};

export function startJournal(scene: Scene): SceneJournal {
  const { dev, epoch } = scene.terminal;
  const header = lineHeader(scene.signer.publicJwk, crypto);
  const lines: string[] = [];
  const add: SceneJournal['add'] = (ty, b, { isPractice, leg, change } = {}) => {
    const seq = lines.length + 1;
    const last = lines.at(-1);
    const event = {
      v: 1,
      dev,
      ep: epoch,
      seq,
      prev: last === undefined ? genesisHash(dev, epoch, scene.certificate, crypto) : lineHash(last, crypto),
      t: SCENE_MS + seq * 1000,
      mt: seq * 1000,
      boot: 'scene1',
      leg: leg ?? scene.flight.legId,
      crew: 'C0123',
      ...(isPractice === true ? { tr: true as const } : {}),
      ty,
      b,
      ...change,
    };
    lines.push(composeLine(event as JournalEvent, header, scene.signer));
    return seq;
  };
  return { lines, add, events: () => lines.flatMap((line) => readLine(line) ?? []) };
}

export function openFlight(scene: Scene, journal: SceneJournal): void {
  journal.add('JOURNAL_OPEN', { cert: scene.certificate, appVer: '0.1.0' }, { leg: '' });
  journal.add('PACK_LOAD', {
    packId: `${scene.flight.legId}-1`,
    leg: scene.flight.legId,
    n: 1,
    trustVer: scene.trust.version,
    denyVer: 9001,
    hash: 'h',
    std: scene.flight.std,
    sta: scene.flight.sta,
  });
}

/** The person in a seat of the demo flight. */
export function personAt(scene: Scene, seat: string): DemoPerson {
  const person = scene.people.find((one) => one.claims.seat === seat);
  if (person === undefined) throw new Error(`nobody sits in ${seat}`);
  return person;
}

/** Scans the person's phone; answers the seq of the CRED_SEEN. */
export function scan(journal: SceneJournal, person: DemoPerson, options: LineOptions = {}): number {
  const at = Math.floor(SCENE_MS / 1000) + journal.lines.length;
  const { cti } = person.claims;
  if (person.holder === null) {
    return journal.add('CRED_SEEN', { qr: person.staticCode, cti, mode: 'static' }, options);
  }
  const proof = { at, nonce: new Uint8Array(nodeCrypto.randomBytes(4)) };
  const qr = composeDynamicCode(person.cred, proof, signerFromJwk(nodeCrypto, person.holder), crypto);
  return journal.add('CRED_SEEN', { qr, cti, mode: 'dynamic', ts: at }, options);
}

export type OpenBill = { readonly id: string; readonly cti: string; readonly auth: number };

export function billBody(scene: Scene, person: DemoPerson, auth: number): EventBody<'BILL_OPEN'> {
  const { cti, wallet, seat, maskedName, tier } = person.claims;
  const order = orderNumber(scene.flight.leg, cti);
  return { cti, wallet, seat, name: maskedName ?? '', tier, auth, order, ccy: 'CNY' };
}

/** Scans the person and opens their bill. */
export function openBill(
  scene: Scene,
  journal: SceneJournal,
  person: DemoPerson,
  options: LineOptions = {},
): OpenBill {
  const auth = scan(journal, person, options);
  const seq = journal.add('BILL_OPEN', billBody(scene, person, auth), options);
  const id = `${scene.terminal.dev}.${scene.terminal.epoch.toString()}.${seq.toString()}`;
  return { id, cti: person.claims.cti, auth };
}

export function saleBody(bill: OpenBill, change: Partial<EventBody<'SALE'>> = {}): EventBody<'SALE'> {
  const lines = change.lines ?? [
    { sku: 'AL-001', q: 2, p: 2500, tax: 1300, n: '青岛啤酒 Tsingtao beer 330 ml' },
  ];
  const disc = change.disc ?? [];
  const gross = lines.reduce((sum, line) => sum + line.q * line.p, 0);
  const tot = gross - disc.reduce((sum, discount) => sum + discount.amt, 0);
  const basket = nodeCrypto.randomUUID();
  const common = {
    bill: bill.id,
    cti: bill.cti,
    auth: bill.auth,
    basket,
    ccy: 'CNY',
    tender: 'wallet' as const,
  };
  return { ...common, lines, disc, tot, ...change };
}

export function voidBody(
  bill: OpenBill,
  ref: number,
  sale: EventBody<'SALE'>,
  change: Partial<EventBody<'VOID'>> = {},
): EventBody<'VOID'> {
  return {
    bill: bill.id,
    cti: bill.cti,
    ref,
    lines: sale.lines.map((line, i) => ({ i, q: line.q })),
    tot: -sale.tot,
    ccy: sale.ccy,
    reason: 'mistake',
    tender: sale.tender,
    ...change,
  };
}

export function closeFlight(journal: SceneJournal, leg: string): void {
  const totals = legTotals(journal.events()).filter((total) => total.leg === leg);
  journal.add('FLIGHT_CLOSE', { totals, counts: {}, unused: [] });
}

/** A whole flight: two wallet passengers, a void, cash, practice, and the close. */
export function flyOrdinaryFlight(scene: Scene): SceneJournal {
  const journal = startJournal(scene);
  openFlight(scene, journal);
  const anna = openBill(scene, journal, personAt(scene, '12C'));
  journal.add('SALE', saleBody(anna, { disc: [{ id: 'friend-5', n: '好友会员95折', amt: 250 }] }));
  const practice = openBill(scene, journal, personAt(scene, '14B'), { isPractice: true });
  journal.add('SALE', saleBody(practice), { isPractice: true });
  const ben = openBill(scene, journal, personAt(scene, '7C'));
  const water = saleBody(ben, { lines: [{ sku: 'DR-001', q: 3, p: 800, tax: 1300, n: '矿泉水' }] });
  const waterSeq = journal.add('SALE', water);
  journal.add('VOID', voidBody(ben, waterSeq, water));
  journal.add(
    'SALE',
    saleBody(ben, { lines: [{ sku: 'ML-002', q: 1, p: 3800, tax: 600, n: '红烧牛肉面' }] }),
  );
  journal.add('SALE', saleBody(ben, { tender: 'cash' }));
  journal.add('BILL_CLOSE', { bill: anna.id, tot: 4750, ccy: 'CNY' });
  journal.add('BILL_CLOSE', { bill: ben.id, tot: 3800, ccy: 'CNY' });
  closeFlight(journal, scene.flight.legId);
  return journal;
}

export function composeSceneBatch(
  scene: Scene,
  lines: readonly string[],
  change: Partial<Parameters<typeof composeBatchBody>[0]> = {},
): ComposedBatch {
  return composeBatchBody({
    lines,
    airline: DEMO_TERMINAL.airline,
    deviceCertificate: scene.certificate,
    exportedAtMs: SCENE_MS + 3_600_000,
    appVersion: '0.1.0',
    signer: scene.signer,
    crypto,
    ...change,
  });
}

/** The bytes of a `.cpb` file. */
export async function sealScene(scene: Scene, body: Uint8Array): Promise<Uint8Array> {
  const { enc } = scene.keys;
  return await sealEnvelope(body, { kid: enc.kid, jwk: publicPart(enc) }, { gzip });
}
