// Where wallets report to. A notice is believed once its signature has verified, counts once, and is answered at once.
import type { FastifyInstance, FastifyReply } from 'fastify';
import * as v from 'valibot';
import { inTransaction } from '../database/in-transaction.ts';
import type { Ground } from '../ground.ts';
import type { WalletNotice, WalletProblem } from '../wallets/wallet.ts';
import { advanceOrder } from './advance-order.ts';
import { findOrder } from './order-rows.ts';

const MOST_NOTICE_BYTES = 256 * 1024;

const paramsSchema = v.object({
  airline: v.pipe(v.string(), v.regex(/^[A-Z0-9]{2,3}$/)),
  wallet: v.pipe(v.string(), v.regex(/^\d{1,3}$/), v.transform(Number)),
});

const STATUS_OF: Readonly<Partial<Record<WalletProblem['kind'], number>>> = { 'bad-signature': 401 };

export function registerNoticeRoutes(app: FastifyInstance, ground: Ground): void {
  void app.register((scope, _options, done) => {
    // The signature covers the body byte for byte: whatever its form, it stays as it came.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      '*',
      { parseAs: 'string', bodyLimit: MOST_NOTICE_BYTES },
      (_request, body, next) => {
        next(null, body);
      },
    );
    scope.post('/v1/notices/:airline/:wallet', async (request, reply) => {
      const params = v.safeParse(paramsSchema, request.params);
      if (!params.success) return await refuse(reply, 404, 'not-found');
      const { airline, wallet } = params.output;
      const adapter = await ground.wallets(airline, wallet);
      if (adapter === null) return await refuse(reply, 404, 'not-found');
      const body = typeof request.body === 'string' ? request.body : '';
      const notice = await adapter.readNotice(singleHeaders(request.headers), body);
      if (!notice.ok) {
        const { kind, code } = notice.error;
        ground.log.warn('notice-refused', { airline, wallet, kind, code });
        return await refuse(reply, STATUS_OF[kind] ?? 400, kind);
      }
      await takeNotice(ground, { airline, wallet }, notice.value);
      const answer = adapter.noticeAnswer;
      return await reply.code(answer.status).type(answer.contentType).send(answer.body);
    });
    done();
  });
}

/** The mark that it was taken and what it changed are one transaction: a copy finds both or neither. */
async function takeNotice(
  ground: Ground,
  { airline, wallet }: { readonly airline: string; readonly wallet: number },
  { id, orderNumber, status }: WalletNotice,
): Promise<void> {
  await inTransaction(ground, async (inside) => {
    const { numInsertedOrUpdatedRows } = await inside.db
      .insertInto('wallet_notice')
      .values({ airline, wallet, notice_id: id, order_number: orderNumber, at_ms: inside.nowMs() })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirstOrThrow();
    if ((numInsertedOrUpdatedRows ?? 0n) === 0n) return;
    const order = await findOrder(inside, orderNumber, airline);
    if (order?.wallet !== wallet) {
      // Genuine, but about an order we never made: answered, or the wallet would send it for days.
      inside.log.warn('notice-of-unknown-order', { airline, wallet, order: orderNumber });
      return;
    }
    await advanceOrder(inside, orderNumber, { kind: 'wallet-said', status, via: 'notice' });
  });
}

function singleHeaders(
  headers: NodeJS.Dict<string | string[]>,
): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  );
}

async function refuse(reply: FastifyReply, status: number, kind: string): Promise<FastifyReply> {
  return await reply.code(status).send({ problem: { kind } });
}
