// Passengers who sign up over HTTP: the real routes, the real adapter, the wallet's simulator on a port of its own.
import { fastify, type FastifyInstance } from 'fastify';
import { generatePrivateJwk } from '../../../domain/crypto/node-crypto.ts';
import * as nodeCrypto from 'node:crypto';
import type { EcPrivateJwk } from '../../../domain/crypto/crypto.ts';
import { findMerchant } from '../../../ground/airlines/merchants.ts';
import type { DatabasePlace } from '../../../ground/database/open-database.ts';
import { seedDemo, type SeededDemo } from '../../../ground/demo/seed-demo.ts';
import { registerPhoneRoutes } from '../../../ground/enrolment/phone-routes.ts';
import type { Simulator } from '../../../ground/simulators/simulator.ts';
import { makeWechatMerchant } from '../../../ground/simulators/wechat/wechat-merchant.ts';
import { startWechatSimulator } from '../../../ground/simulators/wechat/start-wechat-simulator.ts';
import { wechat } from '../../../ground/wallets/wechat/wechat.ts';
import type { EnrolmentBegun, EnrolmentState } from '../../../ground/web/phone-api.ts';
import { openTestGround, type TestGround } from '../../support/test-ground.ts';

export const WECHAT = 1;

/** A browser's cookies, by name. */
export type Browser = Map<string, string>;

export type Scene = TestGround & {
  /** The browser in which everybody signs up who is given none of their own. */
  readonly browser: Browser;
  readonly app: FastifyInstance;
  readonly wallet: Simulator;
  readonly demo: SeededDemo;
  readonly stop: () => Promise<void>;
};

export async function openScene({
  place = { kind: 'embedded', dir: null },
  timeoutMs = 500,
}: { readonly place?: DatabasePlace; readonly timeoutMs?: number } = {}): Promise<Scene> {
  // The door below asks the ground it belongs to for its merchants, as in earnest.
  const test: TestGround = await openTestGround({
    place,
    nowMs: Date.now(),
    wallets: async (airline, number) => {
      const merchant = await findMerchant(test.ground, airline, number);
      if (merchant === null || number !== WECHAT) return null;
      const made = wechat.create({ ...merchant, nowMs: Date.now, noticeAddress: 'http://127.0.0.1:9/none' });
      return made.ok ? made.value : null;
    },
  });
  const wallet = await startWechatSimulator({ port: 0, merchants: [] });
  const merchant = await makeWechatMerchant({ address: wallet.address });
  if (!wallet.control.addMerchant(merchant.simulatorKeys)) throw new Error('the simulator refused the keys');
  const demo = await seedDemo(test.ground, {
    merchants: [{ wallet: WECHAT, config: { ...merchant.config, timeoutMs }, secrets: merchant.secrets }],
  });
  const app = fastify();
  registerPhoneRoutes(app, test.ground);
  return {
    ...test,
    browser: new Map(),
    app,
    wallet,
    demo,
    stop: async () => {
      await app.close();
      await wallet.stop();
      await test.close();
    },
  };
}

export type Asked = {
  readonly seat?: string;
  readonly name?: string;
  readonly boardingPass?: string;
  readonly holder?: EcPrivateJwk | null;
  readonly leg?: string;
  readonly wallet?: number;
};

export function newHolder(): EcPrivateJwk {
  return generatePrivateJwk(nodeCrypto);
}

export async function begin(
  { app, demo, ...scene }: Scene,
  asked: Asked = {},
  browser: Browser = scene.browser,
): Promise<{ status: number; body: unknown }> {
  const holder = asked.holder === undefined ? newHolder() : asked.holder;
  const response = await app.inject({
    method: 'POST',
    url: '/v1/enrolments',
    payload: {
      leg: asked.leg ?? demo.leg,
      seat: asked.seat ?? '12C',
      seq: 31,
      ...(asked.boardingPass === undefined ? {} : { boardingPass: asked.boardingPass }),
      name: asked.name ?? 'WANG/JIE MR',
      wallet: asked.wallet ?? WECHAT,
      language: 'zh-CN',
      consentVersion: 1,
      holder: holder === null ? null : { kty: holder.kty, crv: holder.crv, x: holder.x, y: holder.y },
    },
  });
  for (const { name, value } of response.cookies) browser.set(name, value);
  return { status: response.statusCode, body: response.json() };
}

/** Signs in at the wallet as `account`; answers the address the browser is sent back to. */
export async function signIn(
  walletAddress: string,
  account: string,
  decision: 'allow' | 'refuse' = 'allow',
): Promise<string> {
  const address = new URL(walletAddress);
  const page = await fetch(address);
  if (page.status !== 200) throw new Error(`the wallet's page: ${page.status.toString()}`);
  const form = new URLSearchParams({ account, decision });
  for (const name of ['appid', 'redirect_uri', 'state']) form.set(name, address.searchParams.get(name) ?? '');
  const decided = await fetch(new URL('/connect/oauth2/decide', address), {
    method: 'POST',
    body: form,
    redirect: 'manual',
  });
  return decided.headers.get('location') ?? '';
}

export async function comeBack(
  { app, ...scene }: Scene,
  address: string,
  browser: Browser = scene.browser,
): Promise<{ status: number; location: string }> {
  const { pathname, search } = new URL(address);
  const cookies = Object.fromEntries(browser);
  const response = await app.inject({ method: 'GET', url: `${pathname}${search}`, cookies });
  return { status: response.statusCode, location: response.headers.location ?? '' };
}

export async function stateOf({ app }: Scene, token: string): Promise<EnrolmentState> {
  const response = await app.inject({
    method: 'GET',
    url: '/v1/enrolment',
    headers: { authorization: `Bearer ${token}` },
  });
  return response.json();
}

/** The whole way through; answers the token and where the enrolment stands. */
export async function signUp(
  scene: Scene,
  account: string,
  asked: Asked = {},
): Promise<{ readonly token: string; readonly state: EnrolmentState }> {
  const { status, body } = await begin(scene, asked);
  if (status !== 201) throw new Error(JSON.stringify(body));
  const { token, walletAddress } = body as EnrolmentBegun;
  await comeBack(scene, await signIn(walletAddress, account));
  return { token, state: await stateOf(scene, token) };
}

export function enrolled(state: EnrolmentState): Extract<EnrolmentState, { kind: 'enrolled' }> {
  if (state.kind !== 'enrolled') throw new Error(JSON.stringify(state));
  return state;
}
