// What has words of its own in each language: every closed kind the console shows.
import type { BatchStatusWord, ConsoleRole, DenyTable, DifferenceTable } from '../../database/tables.ts';
import type { FlightStatus, FollowUpKind, LegTerminalTable, OrderState } from '../../database/tables.ts';
import type { BillStatus } from '../../../domain/settlement/result-file.ts';
import type { ActName, ConsoleProblemKind } from '../console-api.ts';
import type { SaleMode } from '../console-risk.ts';
import type { TERMINAL_STATES } from '../console-asks.ts';
import type { ReasonKind } from '../reasons.ts';

/** A short name for a table and a sentence for whoever wonders. */
export type Named = { readonly name: string; readonly means: string };

export type TerminalState = (typeof TERMINAL_STATES)[number];

export type KindWords = {
  readonly orderState: Readonly<Record<OrderState, Named>>;
  readonly batchStatus: Readonly<Record<BatchStatusWord, Named>>;
  readonly billStatus: Readonly<Record<BillStatus, string>>;
  readonly flightStatus: Readonly<Record<FlightStatus, string>>;
  readonly followUp: Readonly<Record<FollowUpKind, Named>>;
  readonly difference: Readonly<Record<DifferenceTable['kind'], Named>>;
  readonly denyWhy: Readonly<Record<DenyTable['why'], string>>;
  readonly legTerminal: Readonly<Record<LegTerminalTable['status'], string>>;
  readonly terminalState: Readonly<Record<TerminalState, string>>;
  readonly role: Readonly<Record<ConsoleRole, string>>;
  readonly problem: Readonly<Record<ConsoleProblemKind, string>>;
  /** Acts, and what else stands in the audit trail. */
  readonly act: Readonly<Record<ActName | 'sign-in' | 'sign-out' | 'wrong-password', string>>;
  /** Facts that ground itself writes into the audit trail; another one is shown as it stands. */
  readonly fact: Readonly<Partial<Record<string, string>>>;
  readonly source: Readonly<
    Record<'upload' | 'folder' | 'command' | 'batch' | 'phone' | 'paper' | 'peer', string>
  >;
  readonly saleMode: Readonly<Record<SaleMode, string>>;
  /** Sentences ground writes next to its rows; `{…}` are their facts. */
  readonly reason: Readonly<Record<ReasonKind, string>>;
  /** What was asked of a wallet when it did not go well. */
  readonly walletStep: Readonly<Record<'complete' | 'cancel' | 'lower' | 'query', string>>;
  readonly tender: Readonly<Record<'wallet' | 'cash' | 'elsewhere', string>>;
  readonly statementKind: Readonly<Record<'charge' | 'refund', string>>;
  readonly outcome: Readonly<Record<'asked' | 'done' | 'failed', string>>;
  /** Types of journal lines; another one is shown as it stands. */
  readonly line: Readonly<Partial<Record<string, string>>>;
  /** The wallets' codes that deserve words of ours; another one is shown as it stands. */
  readonly walletCode: Readonly<Partial<Record<string, string>>>;
  /** Wallets by number. */
  readonly wallet: Readonly<Partial<Record<string, string>>>;
};
