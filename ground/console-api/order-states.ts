// The order states (settlement.md 6.5) as the console groups them.
import type { OrderState } from '../database/tables.ts';

/** Nothing has been charged. */
export const NOT_CHARGED_STATES: readonly OrderState[] = ['ENROLLED', 'OPEN', 'AGGREGATING', 'READY'];
/** The wallet is asked or is collecting. */
export const COLLECTING_STATES: readonly OrderState[] = ['COMPLETE_SENT', 'USER_PAYING', 'UNPAID_RETRY'];
export const PAID_STATES: readonly OrderState[] = ['PAID', 'LOWERED'];
/** Waits for a decision. */
export const PERSON_STATES: readonly OrderState[] = ['LATE_EXCESS', 'MANUAL'];
