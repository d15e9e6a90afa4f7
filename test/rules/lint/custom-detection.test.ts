import { describe, expect, it } from '@jest/globals';
import { lintRules } from '../../../src/rules/lint/lint-rules.ts';
import { analyzed, LINT_SETTINGS } from '../analyzed.ts';
import { ruleOf } from '../rule-text.ts';

const GOOD = 'DeviceProcessEvents | where FileName =~ "x" | project Timestamp, DeviceId, ReportId, FileName';

async function told(more: Readonly<Record<string, string>>, purpose: 'custom-detection' | undefined) {
  const rule = ruleOf({ query: GOOD, schedule: '{every: 1h}', ...more });
  const prepared = await analyzed(rule.query);
  return lintRules([{ rule, prepared }], { ...LINT_SETTINGS, purpose })
    .filter(({ check }) => check === 'custom-detection')
    .map(({ line, column, message }) => `${line}:${column} ${message}`);
}

describe('custom-detection', () => {
  it('has nothing against what Defender takes, and looks only where it is asked', async () => {
    expect(await told({}, 'custom-detection')).toEqual([]);
    expect(await told({ schedule: '{every: 5m}' }, 'custom-detection')).toEqual([]);
    expect(await told({ severity: 'critical', schedule: '{every: 2h}' }, undefined)).toEqual([]);
  });

  it.each<[Readonly<Record<string, string>>, string]>([
    [{ query: 'DeviceProcessEvents | project Timestamp, DeviceId' }, '4:1 A custom detection must return ReportId'],
    [
      { query: 'DeviceProcessEvents | project Timestamp, ReportId, DeviceName' },
      '4:1 A custom detection must return DeviceId',
    ],
    [
      { query: 'CloudAppEvents | project Timestamp, ReportId' },
      '4:1 A custom detection must return a column that names',
    ],
    [{ schedule: '{every: 2h}' }, '5:1 A custom detection does not run every 2h.'],
    [{ schedule: '{cron: "0 6 * * *"}' }, '5:1 A custom detection has no cron.'],
    [{ query: `let a = 1; ${GOOD}`, schedule: '{every: 15m}' }, 'which it cannot with "let".'],
    [
      { query: GOOD.replace('| where', '| where Timestamp > ago(1h) and Timestamp > ago(2h) | where') },
      '4:60 A custom detection takes one time filter at most',
    ],
    [{ severity: 'critical' }, '3:1 Defender knows no severity "critical".'],
    [
      { alert: '{title: "{{A}} {{B}} {{C}} {{D}} {{A}}"}' },
      '6:9 Title and description of a custom detection name 3 columns',
    ],
  ])('%j', async (more, message) => {
    expect(await told(more, 'custom-detection')).toEqual([expect.stringContaining(message)]);
  });
});

describe('ways out', () => {
  const suggestions = async (query: string, check: string) => {
    const rule = ruleOf({ query: `|\n  ${query}`, schedule: '{every: 1h, lookback: 2h}' });
    const prepared = await analyzed(rule.query);
    return lintRules([{ rule, prepared }], LINT_SETTINGS)
      .filter((one) => one.check === check)
      .map(({ suggestion }) => suggestion);
  };

  it('row-identity: names columns that could be the key', async () => {
    const query =
      'DeviceProcessEvents | where FileName =~ "x" | join kind=inner (DeviceNetworkEvents) on DeviceId | project DeviceId, FileName, ProcessId, AccountUpn';
    expect(await suggestions(query, 'row-identity')).toEqual([
      'Name the columns in "alert.dedup.columns", such as [DeviceId, AccountUpn, FileName], or alert per group or run.',
    ]);
  });

  it('query-finding: what a window refuses can be placed by the query itself', async () => {
    expect(await suggestions('find where FileName == "x"', 'query-finding')).toEqual([
      expect.stringMatching(/^Write `union` .* Or say "window: none" and place it yourself/),
    ]);
  });

  it('query-finding: one mistake with a backslash is one finding with the right literal', async () => {
    expect(
      await suggestions('DeviceEvents | where FolderPath has "C:\\Users\\x" and FileName has "a"', 'query-finding'),
    ).toEqual([expect.stringContaining('@"C:\\Users\\x".')]);
    expect(
      await suggestions('DeviceEvents | where FolderPath has "C:\\Temp\\" | where FileName has "a"', 'query-finding'),
    ).toHaveLength(1);
  });
});
