import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { cannotRun, describeError, type Command } from './command.ts';
import { makeDemo, type DemoResult } from './demo/make-demo.ts';

export const MAKE_DEMO_USAGE = 'make-demo --out DIR';

/** Makes the demo airline in a folder and answers its facts as one line of JSON. */
export const makeDemoCommand: Command = async (args) => {
  try {
    const { values } = parseArgs({ args: [...args], options: { out: { type: 'string' } } });
    if (values.out === undefined || values.out === '') return cannotRun(`usage: ${MAKE_DEMO_USAGE}`);
    const dir = resolve(values.out);
    const made = await makeDemo({ out: dir, nowMs: Date.now() });
    if (!made.ok) return cannotRun(`${dir} holds files that are no demo; nothing was changed`);
    const { facts, isNew } = made.value;
    const { leg, std, sta, pack, passengers, items } = facts;
    const result = { dir, made: isNew, leg, std, sta, pack, passengers, items };
    return { exitCode: 0, stdout: `${JSON.stringify(result)}\n`, stderr: describe(dir, made.value) };
  } catch (error) {
    return cannotRun(describeError(error));
  }
};

function describe(dir: string, { facts, isNew, archivedTo }: DemoResult): string {
  if (!isNew) return `the demo in ${dir} can still be flown (${facts.leg}) and was left as it is\n`;
  const moved = archivedTo === null ? '' : `what stood there before was moved to ${archivedTo}\n`;
  return `${moved}a new demo was made in ${dir} (${facts.leg})\n`;
}
