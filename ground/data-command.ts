// What commands on ground's data share: reading options and files, and telling what is wrong with them.
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { findAirline } from './airlines/airlines.ts';
import { cannotRun, describeError, type CommandResult } from './command.ts';
import type { Ground } from './ground.ts';
import { USAGES, type DataCommandName } from './usages.ts';

/** Who stands in the audit trail for a change made on the command line. */
export const BY_COMMAND = 'command';

/** `input` null: the arguments are not those the command takes. What the work throws is told, and exit code 2. */
export async function runWith<Input>(
  name: DataCommandName,
  input: Input | null,
  work: (input: Input) => Promise<unknown>,
): Promise<CommandResult> {
  if (input === null) return cannotRun(`usage: ${USAGES[name]}`);
  try {
    return { exitCode: 0, stdout: `${JSON.stringify(await work(input))}\n`, stderr: '' };
  } catch (error) {
    return cannotRun(describeError(error));
  }
}

export type Given<Needed extends string, Allowed extends string> = Readonly<Record<Needed, string>> &
  Readonly<Partial<Record<Allowed, string>>>;

/** All the options needed, of the others at most those allowed, and no file. */
export function onlyOptions<Needed extends string, Allowed extends string = never>(
  args: readonly string[],
  needed: readonly Needed[],
  allowed: readonly Allowed[] = [],
): Given<Needed, Allowed> | null {
  const read = readArguments(args, needed, allowed);
  return read?.files.length === 0 ? read.options : null;
}

/** Options as above, and exactly one file. */
export function optionsAndFile<Needed extends string = never, Allowed extends string = never>(
  args: readonly string[],
  needed: readonly Needed[] = [],
  allowed: readonly Allowed[] = [],
): (Given<Needed, Allowed> & { readonly file: string }) | null {
  const read = readArguments(args, needed, allowed);
  const [file, ...others] = read?.files ?? [];
  return read === null || file === undefined || others.length > 0 ? null : { ...read.options, file };
}

function readArguments<Needed extends string, Allowed extends string>(
  args: readonly string[],
  needed: readonly Needed[],
  allowed: readonly Allowed[],
): { readonly options: Given<Needed, Allowed>; readonly files: readonly string[] } | null {
  const options = Object.fromEntries(
    [...needed, ...allowed].map((name) => [name, { type: 'string' as const }]),
  );
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const must = v.parse(v.object(v.entriesFromList(needed, v.string())), values);
    const may = v.parse(v.object(v.entriesFromList(allowed, v.optional(v.string()))), values);
    return { options: { ...must, ...may }, files: positionals };
  } catch {
    return null;
  }
}

/** The file's content in its shape. Throws with the file's name and the place of the first thing wrong. */
export async function readFileAs<Schema extends v.GenericSchema>(
  schema: Schema,
  path: string,
  nameOf: (place: string, content: unknown) => string = (place) => place,
): Promise<v.InferOutput<Schema>> {
  const name = basename(path);
  const text = await readFile(path, 'utf8');
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    // Only where: what stands there may be a secret.
    const [where = ''] = /at position \d+/.exec(describeError(error)) ?? [];
    throw new Error(`${name}: no JSON ${where}`.trim(), { cause: error });
  }
  const parsed = v.safeParse(schema, content);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new Error(`${name}: ${nameOf(`${v.getDotPath(issue) ?? 'whole file'}: ${issue.message}`, content)}`);
}

/** Throws where there is no such airline. */
export async function needAirline(ground: Pick<Ground, 'db'>, airline: string): Promise<void> {
  must((await findAirline(ground, airline)) !== null, `there is no airline ${airline}`);
}

/** Throws `otherwise`; inside a transaction that takes back all of it. */
export function must(isDone: boolean, otherwise: string): void {
  if (!isDone) throw new Error(otherwise);
}
