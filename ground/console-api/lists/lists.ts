import type { ListName } from '../../web/console-api.ts';
import type { ListSource } from '../list-source.ts';
import { batchesList, batchLinesList } from './batches.ts';
import { fleetList } from './fleet.ts';
import { flightsList } from './flights.ts';
import { followUpsList, setAsideList } from './follow-ups.ts';
import { ordersList } from './orders.ts';
import { auditList, denyList, differencesList, membersList } from './small-lists.ts';

/** Every list of the console; a new one does not compile without its source. */
export const LISTS: { readonly [Name in ListName]: ListSource<Name> } = {
  flights: flightsList,
  batches: batchesList,
  'batch-lines': batchLinesList,
  orders: ordersList,
  'follow-ups': followUpsList,
  'set-aside': setAsideList,
  differences: differencesList,
  members: membersList,
  'deny-list': denyList,
  fleet: fleetList,
  audit: auditList,
};
