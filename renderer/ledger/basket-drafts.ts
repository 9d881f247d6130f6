// Baskets nobody has confirmed yet; written at every tap, because a tablet can lose power at any of them.
import type { BasketDraft } from './ledger-tables.ts';
import type { Ledger } from './open-ledger.ts';

/** Drafts of one flight leg, the one touched last first; nobody can confirm those of another leg any more. */
export async function listDrafts({ tables }: Ledger, leg: string): Promise<readonly BasketDraft[]> {
  await tables.baskets.filter((draft) => draft.leg !== leg).delete();
  return await tables.baskets.orderBy('changedAtMs').reverse().toArray();
}

/** Keeps the draft; one without items is forgotten. */
export async function keepDraft({ tables }: Ledger, draft: BasketDraft): Promise<void> {
  if (draft.items.length === 0) await tables.baskets.delete(draft.id);
  else await tables.baskets.put(draft);
}

export async function dropDraft({ tables }: Ledger, id: string): Promise<void> {
  await tables.baskets.delete(id);
}

export type { BasketDraft };
