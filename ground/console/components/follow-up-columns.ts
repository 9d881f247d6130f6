import type { ConsoleWords } from '../../web/console-words/words.ts';
import type { Column } from './column.ts';

export function followUpColumns({ columns, common }: ConsoleWords, hasActs: boolean): readonly Column[] {
  const acts: Column = { key: 'acts', label: common.actions, align: 'end', isHeadHidden: true };
  return [
    { key: 'kind', label: columns.kind },
    { key: 'why', label: columns.why, isWrapping: true },
    { key: 'leg', label: columns.flight },
    { key: 'about', label: columns.order },
    { key: 'created', label: columns.created },
    { key: 'resolved', label: columns.resolution, isWrapping: true },
    ...(hasActs ? [acts] : []),
  ];
}
