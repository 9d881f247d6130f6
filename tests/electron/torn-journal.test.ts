// Journals as power cuts, file systems and careless copies leave them (journal.md 5.6, item 1).
import * as fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  openJournal,
  type Journal,
  type JournalPorts,
  type OpenedJournal,
} from '../../electron/journal/journal.ts';
import { crypto, newSigner } from '../support/keys.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const LEG = '9C8835-20261122-SHA-CTU';
const FIRST_SEGMENT = 'T-0042-3-0000000001.cpj';
const signer = newSigner();

function portsFor(dir: string): JournalPorts {
  return {
    ...{
      dir,
      dev: 'T-0042',
      epoch: 3,
      certificate: 'certificate',
      signer,
      crypto,
      files: fs,
      boot: 'k3v9q2',
    },
    clock: { nowMs: () => 1_795_330_812_345, monotonicMs: () => 1 },
  };
}

function mustOpen(dir: string, rescue: readonly string[] = []): OpenedJournal {
  const opened = openJournal(portsFor(dir), rescue);
  if (!opened.ok) throw new Error(opened.error.kind);
  return opened.value;
}

function record(journal: Journal, code: string, leg = LEG): void {
  const recorded = journal.record([{ ty: 'FAULT', b: { code } }], { leg, crew: 'C0123' });
  if (!recorded.ok) throw new Error(recorded.error.kind);
}

/** A journal of the events N1 .. N`count` in one segment. */
function writeJournal(count: number): { dir: string; path: string; lines: readonly string[] } {
  const dir = temporaryFolder();
  const { journal } = mustOpen(dir);
  for (let i = 1; i <= count; i++) record(journal, `N${i.toString()}`);
  const lines = journal.read(1, count);
  journal.close();
  return { dir, path: join(dir, FIRST_SEGMENT), lines };
}

function codes({ events }: OpenedJournal): readonly string[] {
  return events.map((event) => (event.ty === 'FAULT' ? event.b.code : event.ty));
}

/** What the folder keeps of the bytes that were cut away. */
function tornBytes(dir: string): number {
  const names = fs.readdirSync(dir).filter((name) => name.startsWith('torn-'));
  return names.reduce((sum, name) => sum + fs.statSync(join(dir, name)).size, 0);
}

/** Opens, sees what is there, and records one more: a journal that opened must also go on. */
function goOn(dir: string): readonly string[] {
  const opened = mustOpen(dir);
  record(opened.journal, 'AFTER');
  opened.journal.close();
  const again = mustOpen(dir);
  again.journal.close();
  return codes(again);
}

describe('a journal that one write cut short has left', () => {
  it('without a byte begins anew', () => {
    const dir = temporaryFolder();
    fs.writeFileSync(join(dir, FIRST_SEGMENT), '');
    expect(goOn(dir)).toEqual(['AFTER']);
    expect(fs.readdirSync(dir)).toEqual([FIRST_SEGMENT]);
  });

  it('with nothing but part of its first line begins anew, the part kept aside', () => {
    const { dir, path, lines } = writeJournal(1);
    fs.writeFileSync(path, lines[0]?.slice(0, 200) ?? '');
    expect(goOn(dir)).toEqual(['AFTER']);
    expect(tornBytes(dir)).toBe(200);
  });

  it('with a last line that lacks only its end does without that line', () => {
    const { dir, path, lines } = writeJournal(3);
    fs.writeFileSync(path, lines.join('\n'));
    expect(goOn(dir)).toEqual(['N1', 'N2', 'AFTER']);
    expect(tornBytes(dir)).toBe(lines[2]?.length);
  });

  it.each([
    ['zeros as far as the line would have gone', Buffer.alloc(600)],
    ['zeros over whole blocks', Buffer.alloc(8192)],
    ['zeros and a line end', Buffer.concat([Buffer.alloc(511), Buffer.from('\n')])],
    ['rubbish with line ends in it', Buffer.from('\u0001\n\n.x.\n..\n\u00ff\u00fe\n', 'latin1')],
  ])('with %s behind it keeps every whole line', (_what, tail) => {
    const { dir, path } = writeJournal(3);
    fs.appendFileSync(path, tail);
    expect(goOn(dir)).toEqual(['N1', 'N2', 'N3', 'AFTER']);
    expect(tornBytes(dir)).toBe(tail.length);
  });

  it('with rubbish in the middle of the last line keeps the lines before it', () => {
    const { dir, path, lines } = writeJournal(3);
    const bytes = fs.readFileSync(path);
    const start = (lines[0]?.length ?? 0) + (lines[1]?.length ?? 0) + 2;
    fs.writeFileSync(path, bytes.fill('\n', start + 100, start + 130));
    expect(goOn(dir)).toEqual(['N1', 'N2', 'AFTER']);
  });
});

describe('a journal that more than one write cut short must have changed', () => {
  function expectLeftAlone(dir: string, seq: number): void {
    const contents = (): readonly string[] =>
      fs.readdirSync(dir).map((name) => `${name} ${fs.readFileSync(join(dir, name), 'latin1')}`);
    const before = contents();
    expect(openJournal(portsFor(dir))).toEqual({ ok: false, error: { kind: 'journal-damaged', seq } });
    expect(contents()).toEqual(before);
  }

  it('is left alone when a copy has changed its line ends', () => {
    const { dir, path, lines } = writeJournal(3);
    fs.writeFileSync(path, lines.map((line) => `${line}\r\n`).join(''));
    expectLeftAlone(dir, 1);
  });

  it('is left alone when the end of the last line but one was lost', () => {
    const { dir, path, lines } = writeJournal(4);
    fs.writeFileSync(path, `${lines.slice(0, 3).join('\n')}${lines[3] ?? ''}\n`);
    expectLeftAlone(dir, 3);
  });

  it('is left alone when the last line but one is gone', () => {
    const { dir, path, lines } = writeJournal(4);
    fs.writeFileSync(path, `${lines.toSpliced(2, 1).join('\n')}\n`);
    expectLeftAlone(dir, 3);
  });

  it('is left alone when the segment of a whole flight is gone or empty', () => {
    for (const lose of [
      fs.rmSync,
      (path: string): void => {
        fs.truncateSync(path);
      },
    ]) {
      const { dir, path } = writeJournal(3);
      const { journal } = mustOpen(dir);
      record(journal, 'N4', '9C8836-20261122-CTU-SHA');
      record(journal, 'N5', '9C8837-20261122-SHA-CTU');
      journal.close();
      lose(path);
      expectLeftAlone(dir, 1);
    }
  });

  it('is mended when the ledger has all that was lost', () => {
    const { dir, path, lines } = writeJournal(4);
    fs.writeFileSync(path, `${lines.toSpliced(2, 1).join('\n')}\n`);
    expect(openJournal(portsFor(dir), lines.slice(2, 3)).ok).toBe(false);
    expect(codes(mustOpen(dir, lines.slice(2)))).toEqual(['N1', 'N2', 'N3', 'N4']);
  });
});
