import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAnalyst } from '../../src/kql/analyst.ts';
import type { Analyst } from '../../src/kql/prepared.ts';
import { parseRules } from '../../src/rules/load-rules.ts';
import { prepareRules } from '../../src/rules/prepare-rules.ts';
import type { RunnableRule } from '../../src/rules/rule.ts';
import { DEFAULT_WINDOW_SETTINGS } from '../../src/run/windows.ts';
import { type ExplainInput, explainRule } from '../../src/trial/explain/explain-rule.ts';
import type { RuleExplanation } from '../../src/trial/explain/explanation.ts';
import { silence } from '../alerts/silence-samples.ts';
import { loadSet } from '../rules/overlays/overlay-folder.ts';
import { ruleText } from '../rules/rule-text.ts';

let analyst: Analyst;
beforeAll(() => {
  analyst = createAnalyst({ form: 'in-process' });
});
afterAll(() => analyst.close());

const NOW = Date.parse('2026-03-28T12:00:00Z');

async function prepared(rules: Parameters<typeof prepareRules>[0]): Promise<RunnableRule> {
  const { rules: runnable, problems } = await prepareRules(rules, analyst);
  const [rule] = runnable;
  if (!rule) throw new Error(JSON.stringify(problems));
  return rule;
}

function explained(rule: RunnableRule, silences: ExplainInput['silences'] = []): RuleExplanation {
  return explainRule(rule, {
    now: NOW,
    tenants: ['contoso'],
    targets: [{ target: 'soar', because: 'it says so' }],
    settings: DEFAULT_WINDOW_SETTINGS,
    silences,
  });
}

async function explainText(more: Readonly<Record<string, string>>): Promise<RuleExplanation> {
  const { rules, problems } = parseRules('some.yaml', ruleText(more));
  expect(problems).toEqual([]);
  return explained(await prepared(rules));
}

describe('explainRule', () => {
  it('tells a stream: its window reaches back over what the run before has covered, by settle', async () => {
    const told = await explainText({
      query: 'DeviceProcessEvents | where Timestamp > ago(1h) | where FileName =~ "x.exe"',
      schedule: '{cron: "0 8 * * *", timezone: Europe/Berlin}',
    });
    expect(told).toMatchObject({
      rule: 'some-rule',
      shape: 'stream',
      lookback: '1d',
      together: null,
      tenants: ['contoso'],
      at: '2026-03-28T12:00:00.000Z',
      targets: [{ target: 'soar', because: 'it says so' }],
      history: null,
    });
    // The clocks change on 29 March.
    expect(told.next.slice(0, 2)).toEqual(['2026-03-29T06:00:00.000Z', '2026-03-30T06:00:00.000Z']);
    expect(told.window).toEqual({
      from: '2026-03-28T05:48:00.000Z',
      to: '2026-03-29T05:58:00.000Z',
      basis: 'ingestion',
    });
    expect(told.tables).toEqual([
      { name: 'DeviceProcessEvents', role: 'driving', window: told.window, filter: 'absorbed', known: true },
    ]);
    expect(told.query).toMatch(/^\/\/ huntwire some-rule\n\(DeviceProcessEvents \| where Timestamp >= datetime\(/);
    expect(told.query).not.toContain('ago(');
    expect(told.rowKey).toEqual({
      by: 'event',
      columns: ['Timestamp', 'DeviceId', 'ReportId'],
      fanOut: [],
      without: [],
    });
    expect(told.columns?.map(({ name }) => name)).toContain('ProcessCommandLine');
    expect(told.cost).toEqual({ callsPerDay: 1 });
  });

  it('tells a set: exactly its lookback, why it is one, and a looked-up table with its own window', async () => {
    const told = await explainText({
      query:
        'DeviceLogonEvents | join kind=inner (IdentityInfo | where Timestamp > ago(14d)) on AccountUpn | summarize count() by DeviceId',
      schedule: '{every: 1h, lookback: 2h}',
      params: '{least: 3}',
      window: 'event',
    });
    expect(told).toMatchObject({ shape: 'set', lookback: '2h', schedule: { every: '1h' }, rowKey: { by: 'columns' } });
    expect(told.because).toMatch(/^[A-Z].*\.$/);
    expect(told.together).toBe('1h');
    const { from, to } = told.window ?? { from: '', to: '' };
    expect(Date.parse(to) - Date.parse(from)).toBe(2 * 3_600_000);
    const [logons, identities] = told.tables;
    expect(logons).toMatchObject({ role: 'driving', filter: null });
    expect(identities).toMatchObject({ name: 'IdentityInfo', filter: 'kept' });
    expect(Date.parse(to) - Date.parse(identities?.window?.from ?? '')).toBe(14 * 86_400_000);
    expect(told.query.split('\n')[1]).toMatch(/^let least = /);
  });

  it.each([
    ['{every: 1h, lookback: 1h}', '0s'],
    ['{cron: "0 6 * * 1-5", lookback: 4d}', '1d'],
    ['{cron: "0 6 * * 1-5", lookback: 1d, pauses: accepted}', '0s'],
  ])('tells how far apart two events of a set may arrive: %s', async (schedule, together) => {
    const told = await explainText({ query: 'DeviceEvents | summarize count() by DeviceId', schedule });
    expect(told.together).toBe(together);
  });

  it('tells a snapshot: no window at all', async () => {
    const told = await explainText({
      query: 'DeviceInfo | project DeviceId, ExposureLevel',
      window: 'none',
      alert: '{dedup: {columns: [DeviceId]}}',
    });
    expect(told).toMatchObject({ shape: 'snapshot', lookback: null, window: null, rowKey: { columns: ['DeviceId'] } });
    expect(told.tables[0]?.window).toBeNull();
  });

  it('tells which file said what: of what was set twice the last, of what was added all', async () => {
    const exceptions = 'exceptions: [{where: {DeviceName: b}, reason: r, owner: o, expires: 2030-01-01}]';
    const { rules } = await loadSet({
      'rules/a.yaml': ruleText(),
      'rules/defaults.yaml': `targets: [x]\n${exceptions}\nsuppress: 1h\n`,
      'overlays/a.yaml': `overlays:\n  - match: {}\n    set:\n      suppress: 4h\n      ${exceptions}\n      params: {least: 9007199254740993}\n`,
    });
    const added = { where: { DeviceName: 'b' }, reason: 'r', owner: 'o', expires: '2030-01-01' };
    const told = explained(await prepared(rules));
    expect(told.overlays).toEqual([
      { path: 'targets', file: '/set/rules/defaults.yaml', line: 1, value: ['x'] },
      { path: 'exceptions', file: '/set/rules/defaults.yaml', line: 2, value: [added] },
      { path: 'exceptions', file: '/set/overlays/a.yaml', line: 5, value: [added] },
      { path: 'alert.suppress', file: '/set/overlays/a.yaml', line: 4, value: '4h' },
      { path: 'params.least', file: '/set/overlays/a.yaml', line: 6, value: '9007199254740993' },
    ]);
    expect(told.mapping).toMatchObject({ suppress: '4h', exceptions: 2, title: 'Some rule', entities: null });
  });

  it('names the silences that may hide its hits, and not those that are for others', async () => {
    const { rules } = parseRules('some.yaml', ruleText({ severity: 'low' }));
    const rule = await prepared(rules);
    const given = ['entity.host="pc1"', 'severity="low"', 'severity="high"', 'tenant="other"', 'rule!="some-rule"'];
    const silences = given.map((match, at) => ({
      ...silence(`s${at}`, match, null, NOW),
      ends: at === 0 ? null : NOW,
    }));
    expect(explained(rule, silences).silences).toMatchObject([
      { kind: 'silence', id: 's0', match: ['entity.host="pc1"'], owner: 'soc', reason: 'a test', ends: null },
      { id: 's1', ends: new Date(NOW).toISOString() },
    ]);
  });
});
