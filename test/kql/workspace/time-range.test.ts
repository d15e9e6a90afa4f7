import { expect, it } from '@jest/globals';
import type { PrepareOptions } from '../../../src/kql/prepared.ts';
import type { RenderOptions } from '../../../src/kql/render.ts';
import { timeRangeOf } from '../../../src/kql/workspace/time-range.ts';
import { DAY_MS, HOUR_MS } from '../../../src/lib/duration.ts';
import { prepare } from '../queries.ts';

const L = Date.parse('2026-01-01T12:00:00Z');
const WINDOW = { basis: 'event', from: L - HOUR_MS, to: L } as const;

const TIMES = { SecurityEvent: 'TimeGenerated', AuditLogs: 'TimeGenerated' };

async function rangeAsked(query: string, options: Partial<PrepareOptions & RenderOptions> = {}) {
  const { basis = 'event', tables = {}, window = { ...WINDOW, basis: basis === 'none' ? 'event' : basis } } = options;
  const prepared = await prepare(query, { basis, tables });
  const known = { logicalTime: L, latenessMs: 3 * DAY_MS, params: {}, timeColumns: TIMES };
  const range = timeRangeOf(prepared, { ...known, ...options, window });
  return range && { from: (L - range.from) / HOUR_MS, to: (range.to - L) / HOUR_MS };
}

it('is what the windows of all tables ask for, and two days behind them', async () => {
  expect(await rangeAsked('SecurityEvent | where EventID == 4625')).toEqual({ from: 1, to: 48 });
  expect(await rangeAsked('SecurityEvent', { basis: 'ingestion' })).toEqual({ from: 73, to: 48 });
  const unstamped = { tables: new Set(['Own_CL']), reachMs: DAY_MS };
  expect(await rangeAsked('Own_CL', { basis: 'ingestion', unstamped })).toBeNull();
  const timeColumns = { Own_CL: 'TimeGenerated' };
  expect(await rangeAsked('Own_CL', { basis: 'ingestion', unstamped, timeColumns })).toEqual({ from: 25, to: 48 });
  const looked =
    'SecurityEvent | join kind=leftsemi (AuditLogs | where TimeGenerated > ago(14d)) on $left.Account == $right.Identity';
  const asked = await rangeAsked(looked, { tables: { AuditLogs: 14 * DAY_MS } });
  expect(asked).toEqual({ from: 14 * 24, to: 48 });
});

it.each([
  ['a table of Defender', 'SecurityEvent | union DeviceEvents'],
  ['what may be a saved function', 'SecurityEvent | join kind=leftsemi OwnView on Account'],
  ['an unknown function', 'SecurityEvent | extend Score = own_score(Account)'],
  ['no table', 'print 1'],
])('is not known of a query with %s', async (_, query) => {
  expect(await rangeAsked(query)).toBeNull();
});

it('is not known without a window, and of rows that came late', async () => {
  expect(await rangeAsked('SecurityEvent', { basis: 'none', window: null })).toBeNull();
  const late = { laterThanMs: DAY_MS, notBefore: L - 30 * DAY_MS };
  expect(await rangeAsked('SecurityEvent', { basis: 'ingestion', late })).toBeNull();
});
