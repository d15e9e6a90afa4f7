import { describe, expect, it } from '@jest/globals';
import { type IdleRule, idleText } from '../../../src/cli/once/idle-text.ts';
import { DAY_MS, HOUR_MS } from '../../../src/lib/duration.ts';

const NOW = Date.parse('2026-01-01T12:00:00Z');
const rule = (id: string, over: Partial<IdleRule> = {}): IdleRule => ({
  id,
  coveredTo: NOW - HOUR_MS,
  nextAt: NOW + HOUR_MS,
  now: NOW,
  ...over,
});

describe('why nothing ran', () => {
  it('is that all is covered, to when, and what comes next', () => {
    expect(idleText([rule('a'), rule('b', { coveredTo: NOW - 60_000, nextAt: NOW + 60_000 })])).toBe(
      'No rule was due: all is covered to 2026-01-01 11:00:00Z; the next is b at 2026-01-01 12:01:00Z.',
    );
  });

  it('is that something counts as covered ahead of now, which is not "up to now"', () => {
    expect(idleText([rule('a', { coveredTo: NOW + 3 * DAY_MS }), rule('b')])).toBe(
      'Nothing was searched: a counts as covered to 2026-01-04 12:00:00Z, which is 3d ahead. A clock was wrong, then or now: look at time synchronization.',
    );
    expect(idleText([rule('a', { coveredTo: NOW + DAY_MS }), rule('b', { coveredTo: NOW + HOUR_MS })])).toContain(
      'a (and 1 other) counts',
    );
  });

  it('is that no rule is enabled', () => {
    expect(idleText([])).toBe('No rule is enabled: nothing was searched.');
  });

  it('is no claim about what never ran', () => {
    expect(idleText([rule('a', { coveredTo: null, nextAt: null })])).toBe('No rule was due.');
  });
});
