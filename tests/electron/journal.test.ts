import * as fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EventDraft } from '../../domain/till/till-state.ts';
import { readLine } from '../../domain/journal/line.ts';
import type { JournalFs } from '../../electron/journal/journal-files.ts';
import {
  openJournal,
  type Journal,
  type JournalPorts,
  type OpenedJournal,
} from '../../electron/journal/journal.ts';
import { crypto, newSigner } from '../support/keys.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const STAMP = { leg: '9C8835-20261122-SHA-CTU', crew: 'C0123' };
const signer = newSigner();
const note = (code: string): EventDraft => ({ ty: 'FAULT', b: { code } });

function portsFor(dir: string, files: JournalFs = fs): JournalPorts {
  let nowMs = 1_795_330_812_345;
  return {
    dir,
    dev: 'T-0042',
    epoch: 3,
    certificate: 'certificate',
    signer,
    crypto,
    files,
    clock: { nowMs: () => (nowMs += 1000), monotonicMs: () => 1 },
    boot: 'k3v9q2',
  };
}

function mustOpen(ports: JournalPorts, rescue: readonly string[] = []): OpenedJournal {
  const opened = openJournal(ports, rescue);
  if (!opened.ok) throw new Error(opened.error.kind);
  return opened.value;
}

/** A closed journal of so many events; answers the path of its only segment and the lines. */
function writeJournal(dir: string, count: number): { path: string; lines: readonly string[] } {
  const { journal } = mustOpen(portsFor(dir));
  for (let i = 1; i <= count; i++) journal.record([note(`N${i.toString()}`)], STAMP);
  const lines = journal.read(1, count);
  journal.close();
  return { path: join(dir, 'T-0042-3-0000000001.cpj'), lines };
}

function codes(opened: OpenedJournal): readonly string[] {
  return opened.events.map((event) => (event.ty === 'FAULT' ? event.b.code : event.ty));
}

function record(journal: Journal, code: string): string {
  const recorded = journal.record([note(code)], STAMP);
  return recorded.ok ? 'recorded' : recorded.error.kind;
}

describe('a journal', () => {
  it('has all its events again after it was closed, in order, and continues the chain', () => {
    const dir = temporaryFolder();
    writeJournal(dir, 5);
    const opened = mustOpen(portsFor(dir));
    expect(codes(opened)).toEqual(['N1', 'N2', 'N3', 'N4', 'N5']);
    expect(record(opened.journal, 'N6')).toBe('recorded');
    expect(opened.journal.head().seq).toBe(6);
    opened.journal.close();
    expect(codes(mustOpen(portsFor(dir)))).toHaveLength(6);
  });

  it('keeps the longest whole prefix wherever the last three lines are cut, and keeps the torn bytes aside', () => {
    const source = temporaryFolder();
    const { path, lines } = writeJournal(source, 8);
    const bytes = fs.readFileSync(path);
    const from = lines.slice(0, 5).reduce((sum, line) => sum + line.length + 1, 0);
    for (let length = from; length <= bytes.length; length += 3) {
      const dir = fs.mkdtempSync(join(source, 'cut-'));
      fs.writeFileSync(join(dir, 'T-0042-3-0000000001.cpj'), bytes.subarray(0, length));
      const whole = bytes.subarray(0, length).filter((byte) => byte === 0x0a).length;
      const opened = mustOpen(portsFor(dir));
      expect(opened.events).toHaveLength(whole);
      const torn = fs.readdirSync(dir).filter((name) => name.startsWith('torn-'));
      expect(torn).toHaveLength(opened.tornBytes > 0 ? 1 : 0);
      expect(record(opened.journal, 'AFTER')).toBe('recorded');
      opened.journal.close();
      expect(codes(mustOpen(portsFor(dir))).at(-1)).toBe('AFTER');
    }
  });

  it('refuses to guess when any bit before the last line has changed', () => {
    const source = temporaryFolder();
    const { path, lines } = writeJournal(source, 6);
    const bytes = fs.readFileSync(path);
    const end = bytes.length - (lines.at(-1)?.length ?? 0) - 1;
    for (let at = 0; at < end; at += 37) {
      const dir = fs.mkdtempSync(join(source, 'flip-'));
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
      fs.writeFileSync(join(dir, 'T-0042-3-0000000001.cpj'), flipped);
      const opened = openJournal(portsFor(dir));
      if (opened.ok) {
        // A flipped line end makes one torn line of the last two; nothing whole is lost with it.
        expect(opened.value.events.length).toBeGreaterThanOrEqual(4);
        expect(codes(opened.value)).toEqual(
          ['N1', 'N2', 'N3', 'N4', 'N5', 'N6'].slice(0, opened.value.events.length),
        );
      } else expect(opened.error.kind).toBe('journal-damaged');
      expect(fs.readFileSync(join(dir, 'T-0042-3-0000000001.cpj'))).toHaveLength(
        opened.ok ? fs.statSync(join(dir, 'T-0042-3-0000000001.cpj')).size : bytes.length,
      );
    }
  });

  it.each([
    ['deleted', 3, (lines: string[]) => lines.toSpliced(2, 1)],
    ['swapped', 3, (lines: string[]) => lines.with(2, lines[3] ?? '').with(3, lines[2] ?? '')],
    ['doubled', 4, (lines: string[]) => lines.toSpliced(2, 0, lines[2] ?? '')],
  ])('is damaged, and left as it is, when a line inside was %s', (_what, seq, change) => {
    const dir = temporaryFolder();
    const { path, lines } = writeJournal(dir, 7);
    fs.writeFileSync(path, `${change([...lines]).join('\n')}\n`);
    const before = fs.readFileSync(path);
    expect(openJournal(portsFor(dir))).toEqual({ ok: false, error: { kind: 'journal-damaged', seq } });
    expect(fs.readFileSync(path)).toEqual(before);
  });

  it('is mended from the lines the ledger kept', () => {
    const dir = temporaryFolder();
    const { path, lines } = writeJournal(dir, 7);
    fs.writeFileSync(path, `${lines.toSpliced(2, 1).join('\n')}\n`);
    const opened = mustOpen(portsFor(dir), lines.slice(2));
    expect(codes(opened)).toEqual(['N1', 'N2', 'N3', 'N4', 'N5', 'N6', 'N7']);
    expect(opened.journal.read(1, 7)).toEqual(lines);
  });

  it('takes over lost lines that continue it, and none that do not', () => {
    const { lines } = writeJournal(temporaryFolder(), 6);
    const { journal } = mustOpen(portsFor(temporaryFolder()));
    expect(journal.adopt(lines.slice(1)).ok).toBe(false);
    expect(journal.head().seq).toBe(0);
    expect(journal.adopt(lines).ok).toBe(true);
    expect(journal.read(1, 6)).toEqual(lines);
  });

  it('drops a last line that another key signed', () => {
    const dir = temporaryFolder();
    const { path, lines } = writeJournal(dir, 3);
    const last = lines[2] ?? '';
    const other = newSigner().sign(Buffer.from(last.slice(0, last.lastIndexOf('.'))));
    const forged = `${last.slice(0, last.lastIndexOf('.'))}.${Buffer.from(other).toString('base64url')}`;
    fs.writeFileSync(path, `${[...lines.slice(0, 2), forged].join('\n')}\n`);
    expect(codes(mustOpen(portsFor(dir)))).toEqual(['N1', 'N2']);
  });

  it('begins a new segment with each flight and reads over the border', () => {
    const dir = temporaryFolder();
    const { journal } = mustOpen(portsFor(dir));
    journal.record([note('A1'), note('A2')], STAMP);
    journal.record([note('B1'), note('B2')], { ...STAMP, leg: '9C8836-20261122-CTU-SHA' });
    expect(fs.readdirSync(dir).filter((name) => name.endsWith('.cpj'))).toHaveLength(2);
    expect(journal.read(2, 3).map((line) => readLine(line)?.seq)).toEqual([2, 3]);
    journal.close();
    expect(codes(mustOpen(portsFor(dir)))).toEqual(['A1', 'A2', 'B1', 'B2']);
  });
});

describe('a journal on a failing disk', () => {
  const failing = (
    code: string,
    call: 'writeSync' | 'fdatasyncSync',
  ): { files: JournalFs; heal: () => void } => {
    let isFailing = false;
    let isHealed = false;
    const files = {
      ...fs,
      [call]: (...args: unknown[]) => {
        if (isFailing && !isHealed) throw Object.assign(new Error(code), { code });
        return (fs[call] as (...rest: unknown[]) => unknown)(...args);
      },
    } as JournalFs;
    isFailing = true;
    return { files, heal: () => (isHealed = true) };
  };

  it('refuses a sale on a full disk, keeps the file whole, and goes on once there is room', () => {
    const dir = temporaryFolder();
    writeJournal(dir, 2);
    const { files, heal } = failing('ENOSPC', 'writeSync');
    const { journal } = mustOpen(portsFor(dir, files));
    expect(record(journal, 'N3')).toBe('journal-full');
    expect(journal.head().seq).toBe(2);
    heal();
    expect(record(journal, 'N3')).toBe('recorded');
    journal.close();
    expect(codes(mustOpen(portsFor(dir)))).toEqual(['N1', 'N2', 'N3']);
  });

  it('leaves no half line behind a short write', () => {
    const dir = temporaryFolder();
    writeJournal(dir, 2);
    let calls = 0;
    const files = {
      ...fs,
      writeSync: (fd: number, bytes: Uint8Array, offset: number, length: number) => {
        calls += 1;
        if (calls > 1) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
        return fs.writeSync(fd, bytes, offset, Math.min(length, 20));
      },
    } as JournalFs;
    const { journal } = mustOpen(portsFor(dir, files));
    expect(record(journal, 'N3')).toBe('journal-full');
    journal.close();
    const opened = mustOpen(portsFor(dir));
    expect(opened.tornBytes).toBe(0);
    expect(codes(opened)).toEqual(['N1', 'N2']);
  });

  it('stops for good after a failed sync: nobody knows what is on the disk', () => {
    const dir = temporaryFolder();
    writeJournal(dir, 2);
    const { files, heal } = failing('EIO', 'fdatasyncSync');
    const { journal } = mustOpen(portsFor(dir, files));
    expect(record(journal, 'N3')).toBe('journal-failed');
    heal();
    expect(record(journal, 'N3')).toBe('journal-failed');
  });

  it('says in a word that the folder cannot be written', () => {
    const files = {
      ...fs,
      mkdirSync: () => {
        throw Object.assign(new Error('read-only'), { code: 'EROFS' });
      },
    } as unknown as JournalFs;
    expect(openJournal(portsFor(temporaryFolder(), files))).toEqual({
      ok: false,
      error: { kind: 'data-folder-not-writable' },
    });
  });
});
