// threats.md 60: the wallet took the order, its answer and its notices are lost. It is asked before anything is repeated.
import { expect, it, onTestFinished } from 'vitest';
import { openSettlementScene } from '../../support/settlement-scene.ts';

it('an order whose answer and notices were lost is asked about, never sent again, and charged once', async () => {
  const flight = await openSettlementScene({ timeoutMs: 300, timing: { deductAfterMs: 1500 } });
  onTestFinished(flight.close);
  const [till] = flight.terminals;
  if (till === undefined) throw new Error('no terminal');
  const anna = await flight.enrol();
  till.sell(anna, 2500);
  till.close();
  flight.wechat.control.addFault({ on: 'complete', kind: 'hang-after' });
  flight.wechat.control.addFault({ on: 'notice', kind: 'lost', times: 100 });
  await flight.deliver(till);
  await flight.workUntilState(anna, 'USER_PAYING', 'PAID');
  flight.setForward(3_600_000);
  await flight.workUntilState(anna, 'PAID');
  expect(flight.bookOf(anna)).toMatchObject({ chargedMinor: 2500, completes: 1, completeCalls: 1 });
});
