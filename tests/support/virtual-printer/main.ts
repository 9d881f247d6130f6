/**
 * `npm run virtual-printer -- [--cpl 48|32] [--out DIR] [--tcp] [--baud N]`: a receipt printer for trying the till without one.
 * Prints the device path (or host:port) on the first line, then takes commands on standard input.
 */
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import type { CharactersPerLine } from './decoded-doc.ts';
import { COMMAND_HELP, obeyCommand } from './printer-commands.ts';
import { renderText } from './render-text.ts';
import { openSlipFolder } from './slip-folder.ts';
import type { Slip } from './split-slips.ts';
import { openVirtualPrinter, openVirtualTcpPrinter, type VirtualPrinter } from './virtual-printer.ts';

const USAGE = 'usage: npm run virtual-printer -- [--cpl 48|32] [--out DIR] [--tcp] [--baud N]';

type Settings = {
  readonly cpl: CharactersPerLine;
  readonly out: string | undefined;
  readonly isTcp: boolean;
  readonly baud: number | undefined;
};

function readSettings(args: readonly string[]): Settings | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        cpl: { type: 'string', default: '48' },
        out: { type: 'string' },
        tcp: { type: 'boolean', default: false },
        baud: { type: 'string' },
      },
    });
    const cpl = values.cpl === '48' ? 48 : values.cpl === '32' ? 32 : undefined;
    const baud = values.baud === undefined ? undefined : Number(values.baud);
    if (cpl === undefined || (baud !== undefined && !(baud >= 300))) return undefined;
    return { cpl, out: values.out, isTcp: values.tcp, baud };
  } catch {
    return undefined; // parseArgs reports a mistyped option by throwing
  }
}

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

async function slipWriter(out: string | undefined): Promise<(slip: Slip, number: number) => void> {
  const folder = out === undefined ? undefined : await openSlipFolder(out);
  return (slip, number) => {
    say(`--- slip ${String(number)}, ${String(slip.raw.length)} bytes ---\n${renderText(slip.doc)}`);
    for (const warning of slip.doc.warnings) say(`warning: ${warning.kind}: ${warning.detail}`);
    folder?.save(slip).then(
      (stem) => {
        say(`saved ${stem}.{bin,txt,png}`);
      },
      (cause: unknown) => {
        say(`not saved: ${String(cause)}`);
      },
    );
  };
}

async function open(settings: Settings): Promise<VirtualPrinter> {
  const options = {
    cpl: settings.cpl,
    onSlip: await slipWriter(settings.out),
    ...(settings.baud === undefined ? {} : { baud: settings.baud }),
  };
  return settings.isTcp ? openVirtualTcpPrinter(options) : openVirtualPrinter(options);
}

async function run(settings: Settings): Promise<void> {
  const printer = await open(settings);
  say(printer.address);
  say(COMMAND_HELP);
  const input = createInterface({ input: process.stdin });
  process.once('SIGINT', () => {
    input.close();
  });
  process.once('SIGTERM', () => {
    input.close();
  });
  for await (const typed of input) {
    if (typed.trim() === '') continue;
    const outcome = await obeyCommand(printer, typed);
    if (outcome.kind === 'quit') break;
    say(outcome.message);
  }
  process.stdin.destroy(); // an open input pipe would keep the process alive
  await printer.close();
}

const settings = readSettings(process.argv.slice(2));
if (settings === undefined) {
  process.stderr.write(`${USAGE}\n`);
  process.exitCode = 2;
} else {
  await run(settings);
}
