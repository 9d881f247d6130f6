// What each wallet sale rested on: the passenger's phone and in which way, or a crew member's word (threats.md 53).
import { decodeBase64url } from '../../domain/encoding/base64url.ts';
import { decodeUtf8 } from '../../domain/encoding/utf8.ts';

/** How the passenger was known; `unknown` where the line it rests on is not there (a lost terminal). */
export type SaleMode = 'static' | 'dynamic' | 'confirmed' | 'without-phone' | 'unknown';

export type RiskLine = {
  readonly dev: string;
  readonly ep: number;
  readonly seq: number;
  readonly ty: string;
  /** Null for what is sealed: of that `how` is enough. */
  readonly line: string | null;
  readonly how: string | null;
};

/** Where a line came from and what the wallet was to be charged by it. */
export type SaleFact = {
  readonly mode: SaleMode;
  readonly seq: number;
  readonly dev: string;
  readonly ep: number;
};

/** Lines of one leg: its SALEs with the CRED_SEEN and LOOKUP lines they rest on. */
export function saleFacts(lines: readonly RiskLine[]): readonly SaleFact[] {
  const modes = new Map<string, SaleMode>();
  for (const line of lines) {
    if (line.ty === 'LOOKUP' && line.how !== 'static-check')
      modes.set(nameOf(line, line.seq), 'without-phone');
    if (line.ty === 'CRED_SEEN') modes.set(nameOf(line, line.seq), shownMode(line));
  }
  return lines.flatMap((line) => {
    if (line.ty !== 'SALE') return [];
    const auth = bodyOf(line)['auth'];
    const mode = typeof auth === 'number' ? modes.get(nameOf(line, auth)) : undefined;
    const { dev, ep, seq } = line;
    return [{ dev, ep, seq, mode: mode ?? 'unknown' }];
  });
}

function shownMode({ how: mode }: RiskLine): SaleMode {
  return mode === 'static' || mode === 'dynamic' || mode === 'confirmed' ? mode : 'unknown';
}

function nameOf({ dev, ep }: RiskLine, seq: number): string {
  return `${dev} ${ep.toString()} ${seq.toString()}`;
}

/** Verified when it came: here only a few fields are wanted of very many lines. */
function bodyOf({ line }: RiskLine): Readonly<Record<string, unknown>> {
  const bytes = decodeBase64url((line ?? '').split('.')[1] ?? '');
  const text = bytes === null ? null : decodeUtf8(bytes);
  if (text === null) return {};
  try {
    const { b } = JSON.parse(text) as { readonly b?: unknown };
    return typeof b === 'object' && b !== null ? (b as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
