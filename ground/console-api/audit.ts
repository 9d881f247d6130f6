// The audit trail: who asked for which change, and what came of it.
import type { Ground } from '../ground.ts';

export type AuditEntry = {
  readonly who: string;
  readonly airline: string | null;
  readonly what: string;
  readonly detail: Readonly<Record<string, unknown>> | null;
};

type Desk = Pick<Ground, 'db' | 'nowMs'>;

export async function noteInAudit({ db, nowMs }: Desk, { detail, ...entry }: AuditEntry): Promise<number> {
  const { id } = await db
    .insertInto('audit')
    .values({ ...entry, at_ms: nowMs(), detail: detail === null ? null : JSON.stringify(detail) })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/**
 * Runs a change with its entry written first: a crash in between leaves `asked` behind, never a change nobody is named
 * for. Afterwards the entry says `done` or why not.
 */
export async function withAudit<T>(
  ground: Desk,
  entry: AuditEntry,
  change: () => Promise<T>,
  outcomeOf: (answer: T) => string,
): Promise<T> {
  const id = await noteInAudit(ground, { ...entry, detail: { ...entry.detail, outcome: 'asked' } });
  const write = async (outcome: string): Promise<void> => {
    await ground.db
      .updateTable('audit')
      .set({ detail: JSON.stringify({ ...entry.detail, outcome }) })
      .where('id', '=', id)
      .execute();
  };
  try {
    const answer = await change();
    await write(outcomeOf(answer));
    return answer;
  } catch (failure) {
    await write('failed');
    throw failure;
  }
}
