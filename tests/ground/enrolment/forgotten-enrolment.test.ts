// The embedded database may forget the last moments before a power cut; the wallet does not.
import { afterAll, describe, expect, it } from 'vitest';
import { enrolled, newHolder, openScene, signUp, stateOf } from './enrolment-scene.ts';

const scene = await openScene();
afterAll(scene.stop);

describe('an enrolment the database has forgotten', () => {
  it('is made anew by the same phone for the same seat, under an order of its own', async () => {
    const { db } = scene.ground;
    const asked = { seat: '12C', holder: newHolder() };
    const first = await signUp(scene, 'p-720-1', asked);
    for (const table of ['wallet_order', 'order_transition', 'job', 'passenger'] as const) {
      await db.deleteFrom(table).execute();
    }
    // The phone learns that its enrolment is gone, and starts again.
    expect(await stateOf(scene, first.token)).toMatchObject({ problem: { kind: 'token-refused' } });
    const second = await signUp(scene, 'p-720-1', asked);
    expect(enrolled(second.state).orderNumber).not.toBe(enrolled(first.state).orderNumber);
    const orders = await db.selectFrom('wallet_order').select('order_number').execute();
    expect(orders).toEqual([{ order_number: enrolled(second.state).orderNumber }]);
  });
});
