// The journal on a disk that loses power at any call: what was recorded is there, nothing else is, and it opens.
import { randomInt } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { EventDraft } from '../../domain/till/till-state.ts';
import { openJournal, type Journal, type JournalPorts } from '../../electron/journal/journal.ts';
import { createRandom, type SeededRandom } from '../faults/seeded-random.ts';
import { crypto, newSigner } from '../support/keys.ts';
import { createPowerCutDisk, PowerCut, type PowerCutDisk } from '../support/power-cut-disk.ts';

const SEEDS = 6000;
const CUTS_PER_SEED = 4;
const MOST_CALLS_BETWEEN_CUTS = 40;
const LEGS = ['9C8835-20261122-SHA-CTU', '9C8836-20261122-CTU-SHA'] as const;
const signer = newSigner();

type Life = {
  readonly disk: PowerCutDisk;
  readonly random: SeededRandom;
  readonly ports: JournalPorts;
  /** Codes of the events whose recording was answered, in order. */
  acknowledged: string[];
  /** Codes of events that were on their way when the power went. */
  attempted: string[];
};

function begin(seed: number): Life {
  const random = createRandom(seed);
  const disk = createPowerCutDisk(random);
  let nowMs = 1_795_330_812_345;
  const ports: JournalPorts = {
    ...{
      dir: '/journal',
      dev: 'T-0042',
      epoch: 3,
      certificate: 'certificate',
      signer,
      crypto,
      boot: 'k3v9q2',
    },
    files: disk.files,
    clock: { nowMs: () => (nowMs += 1000), monotonicMs: () => 1 },
  };
  return { disk, random, ports, acknowledged: [], attempted: [] };
}

/** Lines from a few to a few thousand bytes long: within a sector, and over many. */
function someDrafts(life: Life, made: number): { readonly drafts: EventDraft[]; readonly codes: string[] } {
  const { random } = life;
  const codes = Array.from({ length: 1 + random.below(3) }, (_, i) => `N${(made + i).toString()}`);
  const drafts = codes.map((code): EventDraft => {
    if (random.fraction() < 0.3) return { ty: 'CRED_SEEN', b: { qr: code.padEnd(1000, '.'), ...SEEN } };
    return { ty: 'FAULT', b: { code, detail: 'x'.repeat(random.below(200)) } };
  });
  return { drafts, codes };
}

const SEEN = { cti: 'a1294c5f98589702', mode: 'static' } as const;

/** Records until the power goes. */
function recordUntilCut(life: Life, journal: Journal): void {
  for (let made = life.acknowledged.length; ; made = life.acknowledged.length) {
    const { drafts, codes } = someDrafts(life, made);
    life.attempted = codes;
    const stamp = { leg: life.random.pick(LEGS), crew: 'C0123' };
    const recorded = journal.record(drafts, stamp);
    if (!recorded.ok) throw new Error(recorded.error.kind);
    life.acknowledged.push(...codes);
    life.attempted = [];
  }
}

/** Opens, checks what is there, and records on; ends with the power. */
function liveUntilCut(life: Life): void {
  life.disk.cutAtCall(1 + life.random.below(MOST_CALLS_BETWEEN_CUTS));
  try {
    recordUntilCut(life, mustOpen(life));
  } catch (error) {
    if (!(error instanceof PowerCut)) throw error;
  }
  life.disk.restore();
}

function mustOpen(life: Life): Journal {
  const opened = openJournal(life.ports);
  if (!opened.ok) throw new Error(`the journal does not open: ${opened.error.kind}`);
  const codes = opened.value.events.map((event) => {
    if (event.ty === 'FAULT') return event.b.code;
    return event.ty === 'CRED_SEEN' && 'qr' in event.b ? event.b.qr.replace(/\.+$/, '') : event.ty;
  });
  const { acknowledged, attempted } = life;
  const extra = codes.slice(acknowledged.length);
  if (codes.slice(0, acknowledged.length).join() !== acknowledged.join()) {
    throw new Error(`lost: ${acknowledged.join()} became ${codes.join()}`);
  }
  if (attempted.slice(0, extra.length).join() !== extra.join()) throw new Error(`bogus: ${extra.join()}`);
  // Kept although nobody was told: from now on they count like all others.
  life.acknowledged = [...codes];
  life.attempted = [];
  return opened.value.journal;
}

describe('a journal on a disk that loses power', () => {
  it(`has every acknowledged event again, no other, and always opens: ${SEEDS.toString()} seeds`, () => {
    const first = Number(process.env['CABINTILL_FAULT_SEED'] ?? randomInt(1, 2 ** 31));
    let events = 0;
    for (let seed = first; seed < first + SEEDS; seed++) {
      const life = begin(seed);
      try {
        for (let cut = 0; cut < CUTS_PER_SEED; cut++) liveUntilCut(life);
        mustOpen(life);
      } catch (cause) {
        throw new Error(`repeat with CABINTILL_FAULT_SEED=${seed.toString()}`, { cause });
      }
      events += life.acknowledged.length;
    }
    expect(events).toBeGreaterThan(SEEDS);
  });
});
