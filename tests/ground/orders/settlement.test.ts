import { afterEach, describe, expect, it } from 'vitest';
import {
  openSettlementScene,
  type SceneOptions,
  type SettlementScene,
} from '../../support/settlement-scene.ts';

const open: SettlementScene[] = [];

async function scene(options: SceneOptions = {}): Promise<SettlementScene> {
  const opened = await openSettlementScene(options);
  open.push(opened);
  return opened;
}

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

function terminalOf({ terminals }: SettlementScene, index = 0) {
  const terminal = terminals[index];
  if (terminal === undefined) throw new Error(`there is no terminal ${index.toString()}`);
  return terminal;
}

describe('a flight that is delivered', () => {
  it('is charged to each passenger once, to the fen, and released where nothing was bought', async () => {
    const flight = await scene();
    const [anna, ben, carl] = [await flight.enrol(), await flight.enrol(), await flight.enrol()];
    const till = terminalOf(flight);
    till.sell(anna, 2500, 2);
    till.takeBack(till.sell(ben, 800, 3));
    till.sell(ben, 3800);
    till.practise(ben, 9900);
    till.close();
    expect(await flight.deliver(till)).toBe('ACCEPTED');
    await flight.workUntilState(anna, 'PAID');
    await flight.workUntilState(ben, 'PAID');
    await flight.workUntilState(carl, 'CANCELLED');
    expect(flight.bookOf(anna)).toMatchObject({ chargedMinor: 5000, completes: 1, completeCalls: 1 });
    expect(flight.bookOf(ben)).toMatchObject({ chargedMinor: 3800, completes: 1, completeCalls: 1 });
    expect(flight.bookOf(carl)).toMatchObject({ chargedMinor: 0, completes: 0 });
    expect(flight.wechat.books().chargedMinor).toBe(till.netMinor());
  });
});
