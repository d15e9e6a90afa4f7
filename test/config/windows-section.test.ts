import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/lib/duration.ts';
import { windowSettings } from '../../src/run/opening/window-settings.ts';
import { DEFAULT_WINDOW_SETTINGS } from '../../src/run/windows.ts';
import { load, problems } from './fake-plugins.ts';

const withWindows = (windows: string) => `source: {api: graph}
auth: {clientId: c, tenantId: t, clientSecret: hush}
windows: ${windows}
`;

describe('windows', () => {
  it('has the lengths of SEMANTICS where nothing is said', () => {
    expect(windowSettings(load(withWindows('{}')).windows)).toEqual(DEFAULT_WINDOW_SETTINGS);
    expect(load('source: {api: graph}\nauth: {clientId: c, tenantId: t, clientSecret: hush}\n').windows).toBeNull();
  });

  it('takes those that are named, and leaves the others', () => {
    const { windows } = load(
      withWindows('{settle: 20m, lateness: 7d, delay: {event: 15m}, overlap: {default: 2h, OfficeActivity: 1h}}'),
    );
    expect(windowSettings(windows)).toEqual({
      ...DEFAULT_WINDOW_SETTINGS,
      settleMs: 20 * MINUTE_MS,
      latenessMs: 7 * DAY_MS,
      delayMs: { ingestion: 2 * MINUTE_MS, event: 15 * MINUTE_MS },
      overlapMs: 2 * HOUR_MS,
      overlapByTable: { OfficeActivity: HOUR_MS, AzureActivity: HOUR_MS },
    });
  });

  it('takes one delay for both', () => {
    const { delayMs } = windowSettings(load(withWindows('{delay: 0s}')).windows);
    expect(delayMs).toEqual({ ingestion: 0, event: 0 });
  });

  it.each([
    ['{settle: 2d}', '3:19 "2d" lies beyond what it may be, 0s to 1d.'],
    ['{lateness: 30m}', '3:21 "30m" lies beyond what it may be, 1h to 29d.'],
    ['{lateness: 30d}', '3:21 "30d" lies beyond what it may be, 1h to 29d.'],
    ['{delay: 25h}', '3:18 "25h" lies beyond what it may be, 0s to 1d.'],
    ['{delay: {event: 25h}}', '3:26 "25h" lies beyond what it may be, 0s to 1d.'],
    ['{overlap: {OfficeActivity: 8d}}', '3:37 "8d" lies beyond what it may be, 0s to 7d.'],
  ])('refuses %s once, at its place', (windows, problem) => {
    expect(problems(withWindows(windows))).toEqual([problem]);
  });

  it.each(['{settle: soon}', '{delay: 5}', '{settel: 1m}', '[]'])('refuses %s', (windows) => {
    expect(problems(withWindows(windows))).toHaveLength(1);
  });
});
