import type { ConsoleWords } from '../../web/console-words/words.ts';
import type { Column } from './column.ts';

export function batchColumns({ columns }: ConsoleWords): readonly Column[] {
  return [
    { key: 'received', label: columns.received },
    { key: 'terminal', label: columns.terminal },
    { key: 'status', label: columns.status },
    { key: 'legs', label: columns.legs },
    { key: 'lines', label: columns.lines, align: 'end' },
    { key: 'net', label: columns.net, align: 'end' },
    { key: 'source', label: columns.source },
    { key: 'size', label: columns.size, align: 'end' },
    { key: 'why', label: columns.why, isWrapping: true },
  ];
}
