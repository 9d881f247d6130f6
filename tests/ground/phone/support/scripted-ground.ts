// Ground as the phone sees it, played by a script that issues real credentials with real keys: for what the phone must
// do when ground says something unusual. The ordinary path is tested against the real ground.
import * as nodeCrypto from 'node:crypto';
import { orderNumber } from '../../../../domain/bill/order-number.ts';
import { issueCredential } from '../../../../domain/cabin-code/issue-cabin-code.ts';
import { decodeBase64url, encodeBase64url } from '../../../../domain/encoding/base64url.ts';
import { encodeHex } from '../../../../domain/encoding/hex.ts';
import { signerFromJwk } from '../../../../domain/crypto/node-crypto.ts';
import { readLine } from '../../../../domain/journal/line.ts';
import { demoCatalogue, demoPromotions } from '../../../../ground/demo/demo-catalogue.ts';
import { DEMO_TERMINAL, publicPart } from '../../../../ground/demo/demo-keys.ts';
import type {
  EnrolmentRefusal,
  EnrolmentRequest,
  EnrolmentState,
  OpenFlight,
  PhoneFlight,
  PhoneOrder,
} from '../../../../ground/web/phone-api.ts';
import {
  createScene,
  crypto,
  startJournal,
  type Scene,
  type SceneJournal,
} from '../../../domain/settlement/journal-scene.ts';

type Enrolled = Extract<EnrolmentState, { kind: 'enrolled' }>;
type Guest = {
  readonly request: EnrolmentRequest;
  state: EnrolmentState;
  order: PhoneOrder | null;
  readonly lines: string[];
};

export type Call = {
  readonly method: string;
  readonly path: string;
  readonly token: string | null;
  readonly body: unknown;
};
export type Reply = { readonly status: number; readonly body: unknown };

export type ScriptedGround = {
  readonly scene: Scene;
  readonly journal: SceneJournal;
  readonly open: OpenFlight;
  readonly guests: ReadonlyMap<string, Guest>;
  /** The next sign-up's wallet says this; `accept` gives a credential. */
  readonly decide: (token: string, decision: 'accept' | EnrolmentRefusal) => void;
  readonly handle: (call: Call) => Reply;
  /** For a phone without a page. */
  readonly fetch: typeof fetch;
  /** What `fetch` does: a flight without network, or a ground that is busy. */
  network: 'on' | 'off' | 'busy';
  calls: number;
};

const HOUR_MS = 3_600_000;
const LIMITS = { cumMinor: 30_000, perSaleMinor: 20_000, maxSales: 10 };

export function createScriptedGround(
  nowMs: number,
  walletPage = 'http://wallet.invalid/ask',
): ScriptedGround {
  // The flight leaves in two and a quarter hours.
  const scene = createScene(nowMs + 3 * HOUR_MS);
  const open = openFlightOf(scene);
  const guests = new Map<string, Guest>();
  const ground: ScriptedGround = {
    scene,
    journal: startJournal(scene),
    open,
    guests,
    network: 'on',
    calls: 0,
    decide: (token, decision) => {
      const guest = guests.get(token);
      if (guest === undefined) throw new Error('nobody signed up with this token');
      guest.state =
        decision === 'accept' ? enrol(scene, open, guest.request) : { kind: 'refused', why: decision };
      if (guest.state.kind === 'enrolled') guest.order = emptyOrder(guest.state.orderNumber);
    },
    handle: (call) => answer(call, guests, open, walletPage),
    fetch: (input, init) => {
      ground.calls += 1;
      if (ground.network === 'off') return Promise.reject(new TypeError('fetch failed'));
      const { pathname } = new URL(input instanceof Request ? input.url : input, 'http://ground.invalid');
      const bearer = new Headers(init?.headers).get('authorization');
      const reply =
        ground.network === 'busy'
          ? { status: 503, body: { problem: { kind: 'database-away' } } }
          : ground.handle({
              method: init?.method ?? 'GET',
              path: pathname,
              token: bearer?.replace('Bearer ', '') ?? null,
              body: typeof init?.body === 'string' ? (JSON.parse(init.body) as unknown) : null,
            });
      return Promise.resolve(
        new Response(JSON.stringify(reply.body), {
          status: reply.status,
          headers: { date: new Date(nowMs).toUTCString() },
        }),
      );
    },
  };
  return ground;
}

function openFlightOf(scene: Scene): OpenFlight {
  return {
    leg: scene.flight.legId,
    airline: '9C',
    airlineName: { zh: '春秋航空', en: 'Spring Airlines' },
    cities: { SHA: { zh: '上海虹桥', en: 'Shanghai Hongqiao' }, CTU: { zh: '成都', en: 'Chengdu' } },
    stdMs: scene.flight.std * 1000,
    staMs: scene.flight.sta * 1000,
    utcOffsetMinutes: 480,
    enrolmentUntilMs: scene.flight.std * 1000 - HOUR_MS / 2,
    wallets: [1, 2],
  };
}

function enrol(scene: Scene, open: OpenFlight, request: EnrolmentRequest): Enrolled {
  const cti = encodeHex(nodeCrypto.randomBytes(8));
  const { leg, std, sta } = scene.flight;
  const issuer = request.wallet === 1 ? scene.keys.issuerWechat : scene.keys.issuerAlipay;
  const cred = issueCredential(
    {
      iss: '9C',
      nbf: std - 6 * 3600,
      exp: sta + 12 * 3600,
      iat: std - 3 * 3600,
      cti,
      wallet: request.wallet,
      flight: leg,
      seat: request.seat,
      sequence: request.seq,
      limits: { currencyNumeric: 156, ...LIMITS },
      staticCumMinor: 20_000,
      tier: 1,
      gate: 1,
      holderClass: request.holder === null ? 0 : 1,
      maskedName: 'WA**/J',
    },
    request.holder,
    signerFromJwk(nodeCrypto, issuer),
    crypto,
  );
  const { wallets, ...flight } = open;
  if (!wallets.includes(request.wallet)) throw new Error('the scripted airline takes two wallets');
  return {
    kind: 'enrolled',
    cti,
    orderNumber: orderNumber(leg, cti),
    wallet: request.wallet,
    seat: request.seat,
    tier: 1,
    maskedName: 'WA**/J',
    limits: LIMITS,
    staticMinor: 20_000,
    cred: encodeBase64url(cred),
    flight: phoneFlight(scene, flight),
  };
}

function phoneFlight(scene: Scene, flight: Omit<OpenFlight, 'wallets'>): PhoneFlight {
  return {
    ...flight,
    merchant: '春秋航空机上商城',
    catalogue: demoCatalogue(),
    promotions: demoPromotions(),
    terminals: [{ dev: DEMO_TERMINAL.dev, ep: DEMO_TERMINAL.epoch, jwk: publicPart(scene.keys.device) }],
  };
}

function emptyOrder(number: string): PhoneOrder {
  return { orderNumber: number, state: 'open', totalMinor: null, paidMinor: null, act: null, sales: [] };
}

function answer(
  { method, path, token, body }: Call,
  guests: Map<string, Guest>,
  open: OpenFlight,
  walletPage: string,
): Reply {
  if (path === '/v1/flights') return { status: 200, body: [open] };
  if (path === '/v1/enrolments' && method === 'POST') {
    const request = body as EnrolmentRequest;
    if (request.seat === '99Z') return { status: 409, body: { problem: { kind: 'seat-unknown' } } };
    const fresh = encodeBase64url(nodeCrypto.randomBytes(24));
    guests.set(fresh, { request, state: { kind: 'waiting-for-wallet' }, order: null, lines: [] });
    return { status: 201, body: { token: fresh, walletAddress: `${walletPage}?for=${fresh}` } };
  }
  const guest = token === null ? undefined : guests.get(token);
  if (guest === undefined) return { status: 401, body: { problem: { kind: 'unknown-token' } } };
  switch (path) {
    case '/v1/enrolment':
      return { status: 200, body: guest.state };
    case '/v1/enrolment/order':
      return { status: 200, body: guest.order };
    case '/v1/enrolment/copies':
      return { status: 200, body: { outcomes: takeLines(guest, (body as { lines: string[] }).lines) } };
    default:
      return { status: 404, body: { problem: { kind: 'no-such-address' } } };
  }
}

function takeLines(guest: Guest, lines: readonly string[]): string[] {
  return lines.map((line) => {
    const event = readLine(line);
    const cti = guest.state.kind === 'enrolled' ? guest.state.cti : null;
    if (event?.ty !== 'SALE' || event.b.cti !== cti) return 'not-yours';
    if (!guest.lines.includes(line)) guest.lines.push(line);
    return 'kept';
  });
}

/** The bytes of a credential as ground gave it to the phone. */
export function credBytes(enrolled: Enrolled): Uint8Array {
  const bytes = decodeBase64url(enrolled.cred);
  if (bytes === null) throw new Error('a credential is base64url');
  return bytes;
}
