/** What a person can type to a virtual printer. */
import type { VirtualPrinter } from './virtual-printer.ts';

type CommandOutcome =
  | { readonly kind: 'done'; readonly message: string }
  | { readonly kind: 'unknown'; readonly message: string }
  | { readonly kind: 'quit' };

export const COMMAND_HELP = [
  'paper ok | low | out        load paper, nearly empty, empty',
  'paper out after N           empty after N more lines',
  'cover open | closed',
  'fault none | cutter | heat',
  'silent on | off             receive but never answer',
  'babble HEX                  send these bytes to the till',
  'vanish, reappear            pull the cable (power is lost), plug it in again',
  'status, help, quit',
].join('\n');

type Action = (printer: VirtualPrinter) => void | Promise<void>;

const ACTIONS: ReadonlyMap<string, Action> = new Map<string, Action>([
  [
    'paper ok',
    (printer) => {
      printer.setPaper('ok');
    },
  ],
  [
    'paper low',
    (printer) => {
      printer.setPaper('near-end');
    },
  ],
  [
    'paper out',
    (printer) => {
      printer.setPaper('out');
    },
  ],
  [
    'cover open',
    (printer) => {
      printer.setCover(true);
    },
  ],
  [
    'cover closed',
    (printer) => {
      printer.setCover(false);
    },
  ],
  [
    'fault none',
    (printer) => {
      printer.setFault('none');
    },
  ],
  [
    'fault cutter',
    (printer) => {
      printer.setFault('cutter-jam');
    },
  ],
  [
    'fault heat',
    (printer) => {
      printer.setFault('overheated');
    },
  ],
  [
    'silent on',
    (printer) => {
      printer.setSilent(true);
    },
  ],
  [
    'silent off',
    (printer) => {
      printer.setSilent(false);
    },
  ],
  ['vanish', (printer) => printer.vanish()],
  ['reappear', (printer) => printer.reappear()],
  ['status', () => undefined],
]);

function actionOf(command: string): Action | undefined {
  const lines = /^paper out after (\d{1,5})$/.exec(command)?.[1];
  if (lines !== undefined)
    return (printer) => {
      printer.runOutOfPaperAfterLines(Number(lines));
    };
  const hex = /^babble ((?:[0-9a-f]{2} ?)+)$/.exec(command)?.[1];
  if (hex !== undefined)
    return (printer) => {
      printer.babble(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
    };
  return ACTIONS.get(command);
}

function describe(printer: VirtualPrinter): string {
  const seen = printer.snapshot();
  const parts = [
    seen.isOnline ? 'online' : 'offline',
    `paper ${seen.paper}`,
    `cover ${seen.isCoverOpen ? 'open' : 'closed'}`,
    `fault ${seen.fault}`,
    ...(seen.isSilent ? ['silent'] : []),
    `${String(seen.heldBytes)} bytes waiting`,
    `${String(seen.slipCount)} slips`,
  ];
  return parts.join(', ');
}

/** Carries out one typed line; unknown words answer the help. */
export async function obeyCommand(printer: VirtualPrinter, typed: string): Promise<CommandOutcome> {
  const command = typed.trim().toLowerCase().replace(/\s+/g, ' ');
  if (command === 'quit' || command === 'exit') return { kind: 'quit' };
  if (command === 'help') return { kind: 'done', message: COMMAND_HELP };
  const action = actionOf(command);
  if (action === undefined) return { kind: 'unknown', message: COMMAND_HELP };
  await action(printer);
  return { kind: 'done', message: describe(printer) };
}
