import { describe, expect, it } from '@jest/globals';
import { createAnalyst } from '../../src/kql/analyst.ts';
import { parseRules } from '../../src/rules/load-rules.ts';
import { prepareRules } from '../../src/rules/prepare-rules.ts';
import { openMemoryStore } from '../../src/state/sqlite-store.ts';
import { testRule } from '../../src/trial/test-rule.ts';
import { ruleText } from '../rules/rule-text.ts';

async function differencesOf(query: string, more: Readonly<Record<string, string>> = {}) {
  const tests =
    '[{name: t, tables: {DeviceProcessEvents: [{FileName: x.exe, DeviceName: a}, {FileName: x.exe, DeviceName: b}]}, alerts: [{}, {}]}]';
  const { rules } = parseRules('r.yaml', ruleText({ query, schedule: '{every: 1h, lookback: 1h}', tests, ...more }));
  const prepared = await prepareRules(rules, createAnalyst({ form: 'in-process' }));
  const [rule] = prepared.rules;
  const [test] = rule?.tests ?? [];
  if (!rule || !test) throw new Error(JSON.stringify(prepared.problems));
  return (await testRule(rule, test, { openStore: (clock) => openMemoryStore({ clock }) })).differences;
}

describe('the second run of a test', () => {
  it.each([
    ['a stream', 'DeviceProcessEvents | where FileName == "x.exe"'],
    ['a set', 'DeviceProcessEvents | summarize n = count(), Timestamp = max(Timestamp) by DeviceName'],
  ])('tells nothing again: %s', async (_, query) => {
    expect(await differencesOf(query)).toEqual([]);
  });

  it('fails where the key of a row holds the time of the run', async () => {
    const query = 'DeviceProcessEvents | extend at = tostring(now()) | summarize n = count() by DeviceName, at';
    expect(await differencesOf(query)).toEqual([
      { path: 'a second run over the same data', expected: 'no alert', actual: ['Some rule', 'Some rule'] },
    ]);
  });

  it('does not ask it of a hit without rows', async () => {
    const none = {
      threshold: '"== 0"',
      alert: '{per: run, suppress: 0s}',
      tests: '[{name: t, tables: {DeviceProcessEvents: []}, alerts: [{}]}]',
    };
    expect(await differencesOf('DeviceProcessEvents | where FileName == "y.exe"', none)).toEqual([]);
  });
});
