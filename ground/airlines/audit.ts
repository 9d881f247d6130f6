import type { Ground } from '../ground.ts';

/** Writes down who did what; `detail` holds no names, accounts or codes. */
export async function writeAudit(
  { db, nowMs }: Pick<Ground, 'db' | 'nowMs'>,
  entry: {
    readonly who: string;
    readonly airline: string | null;
    readonly what: string;
    readonly detail?: Readonly<Record<string, unknown>>;
  },
): Promise<void> {
  const { who, airline, what, detail } = entry;
  await db
    .insertInto('audit')
    .values({
      at_ms: nowMs(),
      who,
      airline,
      what,
      detail: detail === undefined ? null : JSON.stringify(detail),
    })
    .execute();
}
