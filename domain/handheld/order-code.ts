// `CO1:` (journal.md 5.5): what a passenger chose on the phone, shown to the crew. Unsigned: every item is checked
// against the catalogue like any other input.
import { encode } from 'cborg';
import { decodeStrict, isUint } from '../cabin-code/strict-cbor.ts';
import { decodeBase45, encodeBase45 } from '../encoding/base45.ts';
import { ORDER_CODE, SALE } from '../limits.ts';
import { fail, ok, type Result } from '../result.ts';

export type ChosenItem = { readonly sku: string; readonly q: number };
export type OrderCodeFault = 'not-an-order-code' | 'malformed' | 'empty' | 'too-many-lines';

const PREFIX = 'CO1:';
const VERSION = 1;
const SKU = /^[A-Z0-9-]{2,20}$/;

/** The text of the code; equal items in one line. Throws on more than it may hold: the phone's page counts. */
export function composeOrderCode(items: readonly ChosenItem[]): string {
  const merged = mergeItems(items);
  if (merged.length === 0 || merged.length > ORDER_CODE.maxLines)
    throw new Error('an order has 1 to 20 lines');
  return PREFIX + encodeBase45(encode([VERSION, merged.map(({ sku, q }) => [sku, q])]));
}

export function isOrderCode(text: string): boolean {
  return text.startsWith(PREFIX);
}

/** What the code asks for; whether the flight sells it is the till's question. */
export function readOrderCode(text: string): Result<readonly ChosenItem[], OrderCodeFault> {
  if (!isOrderCode(text)) return fail('not-an-order-code');
  if (text.length > ORDER_CODE.maxChars) return fail('malformed');
  const bytes = decodeBase45(text.slice(PREFIX.length));
  const decoded = bytes === null ? null : decodeStrict(bytes);
  if (decoded === null || !decoded.ok || !Array.isArray(decoded.value)) return fail('malformed');
  const [version, lines, ...rest] = decoded.value as unknown[];
  if (version !== VERSION || !Array.isArray(lines) || rest.length > 0) return fail('malformed');
  if (lines.length === 0) return fail('empty');
  if (lines.length > ORDER_CODE.maxLines) return fail('too-many-lines');
  const items: ChosenItem[] = [];
  for (const line of lines as unknown[]) {
    const item = readItem(line);
    if (item === null) return fail('malformed');
    items.push(item);
  }
  const merged = mergeItems(items);
  return merged.some(({ q }) => q > SALE.maxQuantityPerItem) ? fail('malformed') : ok(merged);
}

function readItem(line: unknown): ChosenItem | null {
  if (!Array.isArray(line) || line.length !== 2) return null;
  const [sku, q] = line as unknown[];
  if (typeof sku !== 'string' || !SKU.test(sku)) return null;
  return isUint(q) && q >= 1 && q <= SALE.maxQuantityPerItem ? { sku, q } : null;
}

function mergeItems(items: readonly ChosenItem[]): readonly ChosenItem[] {
  const quantities = new Map<string, number>();
  for (const { sku, q } of items) quantities.set(sku, q + (quantities.get(sku) ?? 0));
  return [...quantities].map(([sku, q]) => ({ sku, q }));
}
