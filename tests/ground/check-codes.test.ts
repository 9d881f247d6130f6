import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeTempFolder, projectRoot, runGround } from './ground-cli.ts';

const folder = await makeTempFolder();
const shared = join(projectRoot, 'tests', 'fixtures', 'cabin-code.json');

type CodeFile = {
  now: number;
  flight: unknown[];
  trust: { maxCum: unknown }[];
  cases: Record<string, unknown>[];
};

const readShared = async (): Promise<CodeFile> => JSON.parse(await readFile(shared, 'utf8')) as CodeFile;

async function check(name: string, content: unknown): Promise<Awaited<ReturnType<typeof runGround>>> {
  const path = join(folder, name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return await runGround('check-codes', path);
}

describe('check-codes', () => {
  it('prints one line per case of the shared file and nothing else', async () => {
    const { cases } = await readShared();
    const run = await runGround('check-codes', shared);
    expect(run).toEqual({
      exitCode: 0,
      stdout: cases.map((one) => `${String(one['name'])}\t${String(one['expect'])}\n`).join(''),
      stderr: '',
    });
  });

  it('takes limits by currency, a case’s own time and flight, and texts that are no text', async () => {
    const file = await readShared();
    const [accepted] = file.cases;
    const back = [...file.flight.slice(0, 3), 'CTU', 'SHA'];
    const run = await check('own.json', {
      ...file,
      trust: file.trust.map((issuer) => ({ ...issuer, maxCum: { 156: issuer.maxCum } })),
      cases: [
        accepted,
        { ...accepted, name: 'two minutes later', now: file.now + 120 },
        { ...accepted, name: 'on the way back', flight: back },
        { ...accepted, name: 'nobody trusted', trust: [] },
        {
          ...accepted,
          name: 'another currency',
          trust: file.trust.map((one) => ({ ...one, maxCum: { 344: 1 } })),
        },
        { name: 'no text', qr: 17 },
        { name: 'a name\nwith a\ttable in it', qr: '' },
      ],
    });
    expect(run.stdout.split('\n')).toEqual([
      'dynamic accepted\tdynamic',
      'two minutes later\tPROOF_OLD',
      'on the way back\tWRONG_FLIGHT',
      'nobody trusted\tUNKNOWN_ISSUER',
      'another currency\tISSUER_SCOPE',
      'no text\tFORMAT',
      'a name with a table in it\tFORMAT',
      '',
    ]);
    expect(run.stderr).toContain('two minutes later: expected dynamic, got PROOF_OLD');
  });

  it.each([
    ['no JSON', '{"now":'],
    ['no cases', { now: 1, flight: ['9C', 1, 1, 'SHA', 'CTU'], trust: [] }],
    ['a flight in another shape', { now: 1, flight: 'x', trust: [], cases: [] }],
  ])('says what is wrong with %s, on stderr, with exit code 2', async (name, content) => {
    const run = await check(`${name}.json`, content);
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(JSON.parse(run.stderr)).toHaveProperty('error');
  });

  it('says so when there is no such file or no file at all', async () => {
    expect(await runGround('check-codes', join(folder, 'absent.json'))).toMatchObject({
      exitCode: 2,
      stdout: '',
    });
    expect(await runGround('check-codes')).toMatchObject({ exitCode: 2, stdout: '' });
  });
});
