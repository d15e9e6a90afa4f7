import { describe, expect, it } from '@jest/globals';
import { dayBars } from '../../../src/cli/terminal/day-bars.ts';

function days(...alerts: number[]) {
  return alerts.map((count, index) => ({ day: `2026-01-${String(index + 1).padStart(2, '0')}`, alerts: count }));
}

describe('the bars of days', () => {
  it('are as long as their share of the most', () => {
    expect(dayBars(days(4, 2, 1), 42)).toEqual([
      `2026-01-01  ${'█'.repeat(20)} 4`,
      `2026-01-02  ${'█'.repeat(10)} 2`,
      `2026-01-03  ${'█'.repeat(5)} 1`,
    ]);
  });

  it('are seen for every alert, and never longer than the terminal', () => {
    const lines = dayBars(days(1, 100_000), 60);
    expect(lines[0]).toBe('2026-01-01  █ 1');
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(60);
    expect(dayBars(days(3), 0)).toEqual(['2026-01-01  █ 3']);
  });

  it('are left out where nothing was told for long', () => {
    expect(dayBars(days(1, 0, 0, 0, 0, 2, 0, 0), 80)).toMatchObject([
      expect.stringContaining('01-01'),
      '2026-01-02  … 4 days without an alert',
      expect.stringContaining('01-06'),
      '2026-01-07  0',
      '2026-01-08  0',
    ]);
    expect(dayBars([], 80)).toEqual([]);
  });
});
