// The ground's command line: `npm run --silent ground -- <command>`. Only results go to stdout.
import { cannotRun, type CommandResult } from './command.ts';
import { COMMANDS, type ListedCommand } from './command-list.ts';

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
  // Asked before anything is opened: no data folder comes of a question.
  if (args.includes('--help')) return cannotRun(`usage: ${entry.usage}`);
  return await start(entry, args);
}

async function start(entry: ListedCommand, args: readonly string[]): Promise<CommandResult> {
  if ('load' in entry) return await (await entry.load())(args);
  const [{ onGround }, command] = await Promise.all([import('./on-ground.ts'), entry.loadOnGround()]);
  return await onGround(command)(args);
}

const { exitCode, stdout, stderr } = await run(process.argv.slice(2));
process.stderr.write(stderr);
process.stdout.write(stdout);
process.exitCode = exitCode;
