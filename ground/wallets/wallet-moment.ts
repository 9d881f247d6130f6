// Times as the wallets' APIs write them: UTC+8, which they are fixed to, without punctuation or with.
import { WALLET_OFFSET_MINUTES } from '../../domain/instant.ts';

/** `yyyy-MM-dd HH:mm:ss` */
export function formatWalletTime(epochMs: number): string {
  return new Date(epochMs + WALLET_OFFSET_MINUTES * 60_000).toISOString().slice(0, 19).replace('T', ' ');
}

/** `yyyyMMddHHmmss` */
export function formatWalletMoment(epochMs: number): string {
  return formatWalletTime(epochMs).replace(/[^0-9]/g, '');
}
