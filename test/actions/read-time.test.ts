import { describe, expect, it } from '@jest/globals';
import { readTime } from '../../src/actions/read-time.ts';

const NOW = Date.parse('2026-01-20T12:00:00Z');

describe('a time on the command line', () => {
  it.each([
    ['now', '2026-01-20T12:00:00Z'],
    ['14d', '2026-01-06T12:00:00Z'],
    ['1h30m', '2026-01-20T10:30:00Z'],
    ['2026-01-02', '2026-01-02T00:00:00Z'],
    ['2026-01-02T03:04', '2026-01-02T03:04:00Z'],
    ['2026-01-02T03:04:05', '2026-01-02T03:04:05Z'],
    ['2026-01-02T03:04:05.5Z', '2026-01-02T03:04:05.5Z'],
    ['2026-01-02T03:04:05+02:00', '2026-01-02T01:04:05Z'],
  ])('%s is %s', (text, expected) => {
    expect(readTime(text, '--from', NOW)).toBe(Date.parse(expected));
  });

  it.each(['', 'yesterday', '14', '2026-13-01', '2026-02-01T25:00', '20260101', '-1d'])('%p is none', (text) => {
    expect(() => readTime(text, '--from', NOW)).toThrow(/^--from: ".*" is no time/);
  });
});
