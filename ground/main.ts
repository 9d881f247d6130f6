// The ground's command line: `npm run --silent ground -- <command>`. Only results go to stdout.
import { CHECK_CODES_USAGE, checkCodesCommand } from './check-codes-command.ts';
import { cannotRun, type Command, type CommandResult } from './command.ts';
import { MAKE_DEMO_USAGE, makeDemoCommand } from './make-demo-command.ts';
import { VERIFY_BATCH_USAGE, verifyBatchCommand } from './verify-batch-command.ts';

const COMMANDS: Readonly<Record<string, Command | undefined>> = {
  'make-demo': makeDemoCommand,
  'check-codes': checkCodesCommand,
  'verify-batch': verifyBatchCommand,
};

const USAGE = `usage: npm run --silent ground -- <command>

  ${MAKE_DEMO_USAGE}
      makes a demo airline with a flight in the air: keys, trust list, flight pack, passengers
  ${CHECK_CODES_USAGE}
      judges cabin codes; one line each: name, TAB, accepted mode or error code
  ${VERIFY_BATCH_USAGE}
      judges a settlement batch and prints what is in it as JSON

exit codes: 0 done (verify-batch: ACCEPTED), 1 the batch has another status, 2 could not be carried out
`;

async function run([name, ...args]: readonly string[]): Promise<CommandResult> {
  if (name === '--help' || name === 'help') return { exitCode: 0, stdout: USAGE, stderr: '' };
  if (name === undefined) return { exitCode: 2, stdout: '', stderr: USAGE };
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  return command === undefined ? cannotRun(`there is no command '${name}'; try --help`) : await command(args);
}

const { exitCode, stdout, stderr } = await run(process.argv.slice(2));
process.stderr.write(stderr);
process.stdout.write(stdout);
process.exitCode = exitCode;
