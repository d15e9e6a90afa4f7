import { describe, expect, it } from '@jest/globals';
import { clipCoverage } from '../../src/run/clip-coverage.ts';
import type { Coverage } from '../../src/run/coverage.ts';
import type { LedgerEntry } from '../../src/state/store.ts';
import { makeRule } from './make-rule.ts';
import { HOUR, MINUTE, T0 } from './story.ts';

const stream = makeRule();
const set = makeRule({ effectiveShape: 'set' });

const entry = (from: number, to: number, outcome: LedgerEntry['outcome'] = 'pending'): LedgerEntry => ({
  id: `${from}-${to}`,
  from,
  to,
  logicalTime: to,
  attempts: 2,
  outcome,
  reason: null,
});

const coverage = (frontier: number | null, ledger: readonly LedgerEntry[] = []): Coverage => ({
  frontier,
  ledger,
  sliceMs: null,
});

describe('coverage that lies ahead of the service', () => {
  it('by a minute is within what a clock may tell, and by more is not', () => {
    const within = coverage(T0 + MINUTE, [entry(T0, T0 + MINUTE)]);
    expect(clipCoverage(stream, within, T0)).toBe(within);
    expect(clipCoverage(stream, coverage(null), T0)).toEqual(coverage(null));
    expect(clipCoverage(stream, coverage(T0 + MINUTE + 1), T0)).toEqual(coverage(T0));
  });

  it('leaves the pending windows of a stream up to the service’s time, and drops what lies behind it', () => {
    const ledger = [
      entry(T0 - 2 * HOUR, T0 - HOUR),
      entry(T0 - HOUR, T0),
      entry(T0 - 1, T0 + 1),
      entry(T0, T0 + HOUR),
      entry(T0 + HOUR, T0 + 2 * HOUR, 'gap'),
    ];
    expect(clipCoverage(stream, coverage(T0 + HOUR, ledger), T0).ledger).toEqual([
      entry(T0 - 2 * HOUR, T0 - HOUR),
      entry(T0 - HOUR, T0),
      entry(T0 - 1, T0),
      entry(T0 + HOUR, T0 + 2 * HOUR, 'gap'),
    ]);
  });

  it('leaves the pending windows of a set that end by then, as they are', () => {
    const ledger = [entry(T0 - HOUR, T0), entry(T0 - HOUR + 1, T0 + 1)];
    expect(clipCoverage(set, coverage(T0 + HOUR, ledger), T0).ledger).toEqual([entry(T0 - HOUR, T0)]);
  });
});
