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
  result: {
    usage: 'result --batch ID [--out DIR] [--airline 9C]',
    what: 'the newest result of a batch as a file for a stick, encrypted to the batch’s terminal',
    load: async () => {
      const [{ onGround }, { resultCommand }] = await Promise.all([
        import('./on-ground.ts'),
        import('./result-command.ts'),
      ]);
      return onGround(resultCommand);
    },
  },
  'make-airline': {
    usage: 'make-airline FILE.json',
    what: 'an airline out of one file: keys, trust list, merchants, crew, first catalogue (docs/ground-guide.md)',
    load: () => airlineCommand('makeAirlineCommand'),
  },
  'make-flight': {
    usage: 'make-flight FILE.json',
    what: 'plans a flight, or changes the one of that leg',
    load: () => airlineCommand('makeFlightCommand'),
  },
  'make-pack': {
    usage: 'make-pack --leg LEG',
    what: 'makes the flight’s next pack where it would differ from its newest',
    load: () => airlineCommand('makePackCommand'),
  },
  'enroll-device': {
    usage: 'enroll-device --airline CODE --dev ID --key PUBLIC.jwk.json',
    what: 'certifies a terminal’s public key under its next epoch',
    load: () => airlineCommand('enrollDeviceCommand'),
  },
  'add-member': {
    usage: 'add-member --airline CODE --order NUMBER --tier N --label TEXT',
    what: 'makes somebody who flew before a regular of the airline',
    load: () => airlineCommand('addMemberCommand'),
  },
  'import-statement': {
    usage: 'import-statement --airline CODE --wallet NUMBER --day YYYY-MM-DD [FILE]',
    what: 'a wallet’s statement against our books, from a file or from the wallet; 1 when something differs',
    load: async () => (await import('./statements/import-statement-command.ts')).importStatementCommand,
  },
  'make-console-user': {
    usage:
      'make-console-user --name NAME --role finance|operations|viewer|administrator [--airline CODE]\n        [--password-stdin]',
    what: 'lets somebody sign in to the console; prints the password it made up unless one comes on standard input',
    load: async () => {
      const [{ onGround }, { makeConsoleUserCommand }] = await Promise.all([
        import('./on-ground.ts'),
        import('./console-api/make-console-user-command.ts'),
      ]);
      return onGround(makeConsoleUserCommand);
    },
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

/** Those that work on ground's data also take `--data DIR` and `--database-url URL`. */
async function airlineCommand(
  name: Exclude<keyof typeof import('./airlines/commands.ts'), `${string}USAGE`>,
): Promise<Command> {
  const [{ onGround }, commands] = await Promise.all([
    import('./on-ground.ts'),
    import('./airlines/commands.ts'),
  ]);
  return onGround(commands[name]);
}

const rows = Object.values(COMMANDS).map(({ usage, what }) => `  ${usage}\n      ${what}\n`);
const USAGE = `usage: npm run --silent ground -- <command>

${rows.join('')}
Commands that work on ground's data also take --data DIR and --database-url URL.
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
