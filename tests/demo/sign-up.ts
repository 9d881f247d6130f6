// The passengers of the demo sign up: each with a phone of its own and an account at a wallet's simulator.
import { addDeny } from '../../ground/flights/deny-list.ts';
import { saveMember } from '../../ground/members/members.ts';
import { openHeadlessPhone, type HeadlessPhone } from '../../ground/phone/headless-phone.ts';
import type { SeededDemo } from '../../ground/demo/seed-demo.ts';
import { consentAs } from '../support/wallet-consent.ts';
import type { DemoGround } from './demo-ground.ts';

export type FlightPassenger = {
  readonly seat: string;
  readonly name: string;
  readonly wallet: number;
  readonly phone: HeadlessPhone;
};

type Row = readonly [seat: string, name: string, wallet: 1 | 2, tier: 0 | 1 | 2];

const PEOPLE: readonly Row[] = [
  ['1A', 'WANG/JIE', 1, 2],
  ['1C', 'LI/MEI', 1, 0],
  ['2B', 'ZHANG/WEI', 2, 1],
  ['3F', 'CHEN/YU', 1, 0],
  ['4D', 'LIU/XIN', 2, 0],
  ['5A', 'YANG/LAN', 1, 1],
  ['7C', 'HUANG/QIANG', 2, 0],
  ['8B', 'ZHOU/BO', 1, 2],
  ['9D', 'WU/TAO', 1, 0],
  ['10A', 'XU/FANG', 2, 0],
  ['11F', 'SUN/YAN', 1, 1],
  ['12C', 'MA/XIAO', 1, 1],
  ['14B', 'ZHU/DAN', 1, 0],
  ['15A', 'GUO/SHUAI', 1, 0],
  ['16D', 'HE/NA', 2, 2],
  ['17F', 'GAO/RUI', 1, 0],
  ['18C', 'LUO/PING', 1, 0],
  ['19B', 'SONG/ZHI', 2, 1],
  ['21A', 'XIE/CHUN', 1, 0],
  ['22D', 'HAN/VERA', 2, 0],
];

export const MOST_PASSENGERS = PEOPLE.length;

/** Score 720: the wallet accepts. The simulator reads it out of the name; nobody else ever sees it. */
const accountOf = (index: number): string => `p-720-${(index + 1).toString()}`;

/** The first `count` passengers, all enrolled, members among them. */
export async function signUpPassengers(
  demo: DemoGround,
  flight: SeededDemo,
  count: number,
): Promise<readonly FlightPassenger[]> {
  const passengers: FlightPassenger[] = [];
  for (const [index, row] of PEOPLE.slice(0, count).entries()) {
    await makeMember(demo, flight, row, accountOf(index));
    passengers.push(await signUp(demo, flight, row, accountOf(index)));
  }
  return passengers;
}

/** Somebody of another flight of the same airline, for a code that must be refused. */
export function signUpStranger(demo: DemoGround, flight: SeededDemo): Promise<FlightPassenger> {
  return signUp(demo, flight, ['6E', 'ZHAO/HUI', 1, 0], 'p-720-90');
}

/** Somebody enrolled who then reported the phone as lost: on the deny-list of the pack that is made next. */
export async function signUpAndDeny(demo: DemoGround, flight: SeededDemo): Promise<FlightPassenger> {
  const passenger = await signUp(demo, flight, ['30E', 'LEI/HAO', 1, 0], 'p-720-91');
  const state = await passenger.phone.refresh();
  if (!state.ok || state.value.kind !== 'enrolled') throw new Error('30E is not enrolled');
  const entry = { cti: state.value.cti, why: 'lost-phone', by: 'demo' } as const;
  const added = await addDeny(demo.ground, flight.airline, entry);
  if (!added.ok) throw new Error(`30E: ${added.error}`);
  return passenger;
}

/** Somebody the wallet does not accept: their score is not above 550, and all that comes back is no. */
export async function signUpInVain(demo: DemoGround, flight: SeededDemo): Promise<string> {
  const phone = openHeadlessPhone({ baseUrl: demo.address });
  const request = requestOf(flight, ['20E', 'TANG/GANG', 1, 0]);
  const enrolled = await phone.enrol(request, async (address, cookie) => {
    await consentAs('p-550-1', address, cookie);
  });
  if (enrolled.ok || enrolled.error.kind !== 'refused') throw new Error('a score of 550 was not refused');
  return enrolled.error.why;
}

async function makeMember(
  { ground }: DemoGround,
  { airline }: SeededDemo,
  [, name, wallet, tier]: Row,
  account: string,
): Promise<void> {
  if (tier === 0) return;
  const accountHash = ground.seal.hashAccount(airline, wallet, account);
  const label = name.slice(0, name.indexOf('/'));
  const saved = await saveMember(ground, { airline, wallet, accountHash }, { label, tier, by: 'demo' });
  if (!saved.ok) throw new Error(`member ${label}: ${saved.error.kind}`);
}

async function signUp(
  { address }: DemoGround,
  flight: SeededDemo,
  row: Row,
  account: string,
): Promise<FlightPassenger> {
  const phone = openHeadlessPhone({ baseUrl: address });
  const enrolled = await phone.enrol(requestOf(flight, row), async (walletAddress, cookie) => {
    await consentAs(account, walletAddress, cookie);
  });
  const [seat, , wallet] = row;
  if (!enrolled.ok) throw new Error(`${seat} could not sign up: ${JSON.stringify(enrolled.error)}`);
  return { seat, name: enrolled.value.maskedName, wallet, phone };
}

function requestOf({ leg }: SeededDemo, [seat, name, wallet]: Row) {
  return { leg, seat, seq: 0, name, wallet, language: 'zh-CN' } as const;
}
