// What a person may do with orders, terminals and bills: the questions and answers of `acts.ts` and `terminal-acts.ts`.
import type { Result } from '../../domain/result.ts';

export type ActProblem = {
  readonly kind:
    | 'not-found'
    /** What was asked does not fit how things stand. */
    | 'not-possible'
    /** The wallet said no; `why` is its own code. */
    | 'wallet-refused'
    /** The wallet did not answer: nothing is lost, ask again. */
    | 'wallet-unreachable';
  readonly why: string;
};

export type ActAnswer = Promise<Result<null, ActProblem>>;

/** Who does it and for which airline, and why: it stands in the audit trail. */
export type Act = { readonly who: string; readonly airline: string; readonly why: string };

export type LegAct = Act & { readonly leg: string };
export type TerminalAct = LegAct & { readonly dev: string };
/** A terminal by its certificate: name and epoch, on whatever flight. */
export type DeviceAct = Act & { readonly dev: string; readonly ep: number };
export type OrderAct = Act & { readonly orderNumber: string };
/** A line that was set aside; the decision is about its whole bill. */
export type SetAsideAct = Act & { readonly dev: string; readonly ep: number; readonly seq: number };
