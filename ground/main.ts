// The ground's command line: `npm run --silent ground -- <command>`. Only results go to stdout.
import { cannotRun, type Command, type CommandResult } from './command.ts';

type Entry = {
  readonly usage: string;
  readonly what: string;
  /** Loaded when it is wanted: judging a file needs no server and no database. */
  readonly load: () => Promise<Command>;
};

const COMMANDS: Readonly<Record<string, Entry>> = {
  serve: {
    usage:
      'serve [--demo] [--data DIR] [--database-url URL] [--port 8443] [--http-port 8080] [--host ADDRESS]\n        [--name NAME]... [--public-address URL] [--certificate FILE --key FILE] [--workers N] [--behind-proxy]',
    what: 'the whole of ground: sign-up, passengers’ page, terminals, settlement, console; --demo brings an airline to try it with',
    load: async () => (await import('./server/serve-command.ts')).serveCommand,
  },
  work: {
    usage: 'work --database-url URL [--workers N]',
    what: 'settlement workers alone, as many processes as wanted over one PostgreSQL',
    load: async () => (await import('./server/serve-command.ts')).workCommand,
  },
  receive: {
    usage: 'receive FILE.cpb...|DIR [--airline 9C] [--data DIR] [--database-url URL]',
    what: 'takes settlement batches that came on a stick; of a folder, each file is moved to taken/ or refused/',
    load: async () => (await import('./receive-command.ts')).receiveCommand,
  },
  simulate: {
    usage: 'simulate wechat|alipay [--port P] [--keys DIR] [--deduct-after-ms MS]',
    what: 'a wallet’s simulator, until it is stopped',
    load: async () => (await import('./simulators/simulate-command.ts')).simulateCommand,
  },
  'make-demo': {
    usage: 'make-demo --out DIR',
    what: 'makes a demo airline with a flight in the air: keys, trust list, flight pack, passengers',
    load: async () => (await import('./make-demo-command.ts')).makeDemoCommand,
  },
  'check-codes': {
    usage: 'check-codes FILE.json',
    what: 'judges cabin codes; one line each: name, TAB, accepted mode or error code',
    load: async () => (await import('./check-codes-command.ts')).checkCodesCommand,
  },
  'verify-batch': {
    usage: 'verify-batch FILE.cpb --keys DIR [--after EARLIER.cpb]...',
    what: 'judges a settlement batch and prints what is in it as JSON',
    load: async () => (await import('./verify-batch-command.ts')).verifyBatchCommand,
  },
};

const rows = Object.values(COMMANDS).map(({ usage, what }) => `  ${usage}\n      ${what}\n`);
const USAGE = `usage: npm run --silent ground -- <command>

${rows.join('')}
exit codes: 0 done (verify-batch: ACCEPTED), 1 the batch has another status, 2 could not be carried out
`;

async function run([name, ...args]: readonly string[]): Promise<CommandResult> {
  if (name === '--help' || name === 'help') return { exitCode: 0, stdout: USAGE, stderr: '' };
  if (name === undefined) return { exitCode: 2, stdout: '', stderr: USAGE };
  const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (entry === undefined) return cannotRun(`there is no command '${name}'; try --help`);
  const command = await entry.load();
  return command(args);
}

const { exitCode, stdout, stderr } = await run(process.argv.slice(2));
process.stderr.write(stderr);
process.stdout.write(stdout);
process.exitCode = exitCode;
