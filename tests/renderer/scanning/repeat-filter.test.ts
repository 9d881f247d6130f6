import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRepeatFilter } from '../../../renderer/scanning/repeat-filter.ts';

const CODE = 'CP1:AAAA';
const OTHER = 'CP1:BBBB';

describe('the repeat filter', () => {
  it('acts on a text once while it stays in view, however long that is', () => {
    const filter = createRepeatFilter(2000);
    expect(filter.see(CODE, 0)).toBe('new');
    for (let ms = 70; ms < 60_000; ms += 70) expect(filter.see(CODE, ms)).toBe('repeat');
  });

  it('acts again once the text has been out of view for two seconds', () => {
    const filter = createRepeatFilter(2000);
    filter.see(CODE, 0);
    filter.see(CODE, 500);
    expect(filter.see(CODE, 2499)).toBe('repeat');
    expect(filter.see(CODE, 4499)).toBe('new');
  });

  it('tells a code that changed before the lens from one that came into view', () => {
    const filter = createRepeatFilter(2000);
    filter.see(CODE, 0);
    expect(filter.see(OTHER, 100)).toBe('changed');
    expect(filter.see(CODE, 200)).toBe('repeat');
    expect(filter.see(OTHER, 5000)).toBe('new');
  });

  it('acts on the very next sighting after the crew asked for another scan', () => {
    const filter = createRepeatFilter(2000);
    filter.see(CODE, 0);
    filter.forget();
    expect(filter.see(CODE, 1)).toBe('new');
  });

  it('never acts twice on one text within the time, whatever else is seen in between', () => {
    const sighting = fc.record({ text: fc.constantFrom(CODE, OTHER, 'CP1:CCCC'), afterMs: fc.nat(3000) });
    fc.assert(
      fc.property(fc.array(sighting, { maxLength: 60 }), (sightings) => {
        const filter = createRepeatFilter(2000);
        const lastSeen = new Map<string, number>();
        let nowMs = 0;
        for (const { text, afterMs } of sightings) {
          nowMs += afterMs;
          const before = lastSeen.get(text);
          const isInView = before !== undefined && nowMs - before < 2000;
          expect(filter.see(text, nowMs) === 'repeat').toBe(isInView);
          lastSeen.set(text, nowMs);
        }
      }),
    );
  });
});
