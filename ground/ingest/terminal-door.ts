// Who calls: a terminal's token is verified before anything else of its call is read (docs/formats/terminal-api.md).
import type { FastifyReply, FastifyRequest } from 'fastify';
import { peekTerminal, readTerminalToken } from '../../domain/trust/terminal-token.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import type { Ground } from '../ground.ts';

export type Terminal = {
  readonly airline: string;
  readonly dev: string;
  readonly ep: number;
  /** Reported lost or its certificate taken back: it may deliver what it has, and gets nothing. */
  readonly isRevoked: boolean;
};

export type DoorProblem = {
  readonly status: 401 | 403;
  readonly kind: 'token-refused' | 'device-unknown';
  readonly why?: string;
};

/** The terminal of an `Authorization` header; what its token tells besides goes to the fleet page. */
export async function recogniseTerminal(
  ground: Ground,
  authorization: string | undefined,
): Promise<Result<Terminal, DoorProblem>> {
  const token = /^Bearer ([A-Za-z0-9_.-]{1,4000})$/.exec(authorization ?? '')?.[1];
  const claimed = token === undefined ? null : peekTerminal(token);
  if (token === undefined || claimed === null) {
    return fail({ status: 401, kind: 'token-refused', why: 'malformed' });
  }
  const { airline, dev, ep } = claimed;
  const device = await ground.db
    .selectFrom('device')
    .select(['jwk', 'revoked_at_ms', 'lost_at_ms'])
    .where('airline', '=', airline)
    .where('dev', '=', dev)
    .where('ep', '=', ep)
    .executeTakeFirst();
  if (device === undefined) return fail({ status: 403, kind: 'device-unknown' });
  const nowMs = ground.nowMs();
  const read = readTerminalToken(token, device.jwk, Math.floor(nowMs / 1000), ground.crypto);
  if (!read.ok) return fail({ status: 401, kind: 'token-refused', why: read.error });
  const { app, pack, unsent } = read.value;
  await ground.db
    .updateTable('device')
    .set({
      last_seen_ms: nowMs,
      app_version: app,
      pack_id: pack,
      unsent_count: unsent.count,
      unsent_minor: unsent.minor,
    })
    .where('airline', '=', airline)
    .where('dev', '=', dev)
    .where('ep', '=', ep)
    .execute();
  return ok({ airline, dev, ep, isRevoked: device.revoked_at_ms !== null || device.lost_at_ms !== null });
}

const recognised = new WeakMap<FastifyRequest, Terminal>();

/** Runs before a body is read: thirty megabytes of a stranger's are not. */
export function terminalGate(ground: Ground, { forRevoked }: { readonly forRevoked: boolean }) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const terminal = await recogniseTerminal(ground, request.headers.authorization);
    if (!terminal.ok) {
      const { status, ...problem } = terminal.error;
      await reply.code(status).send({ problem });
    } else if (terminal.value.isRevoked && !forRevoked) {
      await reply.code(403).send({ problem: { kind: 'device-unknown' } });
    } else recognised.set(request, terminal.value);
  };
}

/** Throws when the route forgot the gate: a bug. */
export function terminalOf(request: FastifyRequest): Terminal {
  const terminal = recognised.get(request);
  if (terminal === undefined) throw new Error('a terminal’s route without its gate');
  return terminal;
}
