import type { ConsoleWords } from '../../web/console-words/words.ts';
import type { Column } from './column.ts';

export function flightColumns({ columns }: ConsoleWords): readonly Column[] {
  return [
    { key: 'flight', label: columns.flight },
    { key: 'departure', label: columns.departure },
    { key: 'status', label: columns.status },
    { key: 'terminals', label: columns.terminals, align: 'end' },
    { key: 'passengers', label: columns.passengers, align: 'end' },
    { key: 'ordersOpen', label: columns.ordersOpen, align: 'end' },
    { key: 'ordersCollecting', label: columns.ordersCollecting, align: 'end' },
    { key: 'ordersPaid', label: columns.ordersPaid, align: 'end' },
    { key: 'charged', label: columns.charged, align: 'end' },
    { key: 'paid', label: columns.paid, align: 'end' },
    { key: 'followUps', label: columns.followUps, align: 'end' },
  ];
}
