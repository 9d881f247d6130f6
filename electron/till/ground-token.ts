import { settlementView } from '../../domain/settlement/settlement-view.ts';
import { signTerminalToken } from '../../domain/trust/terminal-token.ts';
import type { Session } from './open-session.ts';
import type { TillPorts } from './ports.ts';

/** What this terminal says of itself in a call to ground, signed and dated now. */
export function tokenOf(
  { terminal, recorder, results }: Session,
  ports: Pick<TillPorts, 'appVersion' | 'clock' | 'crypto'>,
): string {
  const { dev, epoch: ep, pack, signer } = terminal;
  const token = {
    airline: pack.manifest.airline,
    dev,
    ep,
    iat: Math.floor(ports.clock.nowMs() / 1000),
    app: ports.appVersion,
    pack: pack.manifest.packId,
    unsent: settlementView(recorder.state, results.taken(), new Set()).unsent,
  };
  return signTerminalToken(token, signer, ports.crypto);
}
