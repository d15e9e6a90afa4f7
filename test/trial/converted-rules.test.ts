import { describe, expect, it } from '@jest/globals';
import type { Alert } from '../../src/alerts/alert.ts';
import { createAnalyst } from '../../src/kql/analyst.ts';
import { renderQuery } from '../../src/kql/render.ts';
import { createMemoryCache } from '../../src/lib/cache.ts';
import { createManualClock } from '../../src/lib/clock.ts';
import { parseRules } from '../../src/rules/load-rules.ts';
import { prepareRules } from '../../src/rules/prepare-rules.ts';
import type { RuleTest, RunnableRule } from '../../src/rules/rule.ts';
import { writeRule } from '../../src/rules/write/write-rule.ts';
import { askedWindow, DEFAULT_WINDOW_SETTINGS } from '../../src/run/windows.ts';
import { openMemoryStore } from '../../src/state/sqlite-store.ts';
import { fixtureSource } from '../../src/trial/fixture-source.ts';
import { testRule } from '../../src/trial/test-rule.ts';
import { rehearse } from '../../src/trial/test-stage.ts';
import { ARM_SAMPLES } from '../rules/readers/arm-samples.ts';
import { DETECTION_SAMPLES } from '../rules/readers/detection-samples.ts';
import { SENTINEL_SAMPLES } from '../rules/readers/sentinel-samples.ts';
import { sentinelText } from '../rules/readers/sentinel-text.ts';

const NOW = Date.parse('2026-01-01T12:00:00Z');

async function runnable(file: string, text: string): Promise<RunnableRule> {
  const { rules, problems, refusals } = parseRules(file, text);
  expect([...problems, ...refusals]).toEqual([]);
  const prepared = await prepareRules(rules, createAnalyst({ form: 'in-process' }));
  const [rule] = prepared.rules;
  if (!rule) throw new Error(JSON.stringify([...prepared.problems, ...prepared.refusals]));
  return rule;
}

function sentOf(rule: RunnableRule): string {
  const window = askedWindow(rule, { from: NOW - rule.lookbackMs, to: NOW }, DEFAULT_WINDOW_SETTINGS);
  return renderQuery(rule.prepared, { logicalTime: NOW, window, latenessMs: 0, params: rule.params }).text;
}

const SET =
  '|\n  DeviceProcessEvents\n  | where Timestamp > ago(1h)\n  | summarize n = count(), Timestamp = max(Timestamp) by DeviceName\n';
const DETECTION = JSON.stringify({
  id: 'd1',
  displayName: 'Archive tool',
  status: 'enabled',
  queryCondition: { queryText: 'DeviceProcessEvents\r\n| where FileName == "7z.exe"' },
  schedule: { frequency: 'PT1H' },
  detectionAction: {
    alertTemplate: {
      title: '{{FileName}}',
      severity: 'low',
      entityMappings: { hosts: [{ nameColumn: 'DeviceName' }] },
    },
    automatedActions: { isolateDevices: [{ deviceIdColumn: 'DeviceId' }] },
  },
});

const ROWS = [
  { FileName: '7z.exe', DeviceName: 'pc1' },
  { FileName: '7z.exe', DeviceName: 'pc1' },
  { FileName: '7z.exe', DeviceName: 'pc2' },
];

const TEST: RuleTest = {
  name: 't',
  line: 1,
  column: 1,
  now: NOW,
  rows: null,
  tables: {},
  functions: {},
  externaldata: {},
  alerts: [],
};

/** What every kind of sample finds something in. */
const TABLES: Readonly<Record<string, RuleTest['rows']>> = {
  DeviceProcessEvents: ['7z.exe', '7z.exe', 'rar.exe', 'rar.exe'].map((FileName, at) => ({
    FileName,
    DeviceName: `pc${at % 3}`,
    AccountName: `user${at}`,
    AccountSid: `S-1-5-${at}`,
    SHA1: `${at}`.repeat(40),
    InitiatingProcessFileName: `parent${at % 2}.exe`,
    ProcessCommandLine: `${FileName} a -p x${at}`,
  })),
  AADSignInEventsBeta: Array.from({ length: 9 }, (_, at) => ({ ErrorCode: 50126, AccountUpn: `user${at}@x.example` })),
};

/** All that one run tells over these rows, ids and evidence included. */
async function alertsOf(rule: RunnableRule): Promise<readonly Alert[]> {
  const clock = createManualClock(NOW);
  const store = openMemoryStore({ clock });
  const tables = Object.fromEntries(rule.prepared.tables.map(({ table }) => [table, TABLES[table] ?? []]));
  const source = fixtureSource(rule, { ...TEST, tables }, clock);
  const report = await rehearse(rule, { source, store, clock });
  await store.close();
  expect(report?.run.error).toBeNull();
  return report?.alerts ?? [];
}

const SAMPLES = [...SENTINEL_SAMPLES, ...ARM_SAMPLES, ...DETECTION_SAMPLES].filter(({ loaded }) => loaded > 0);

describe('every shape of a rule of another product and what convert writes of it', () => {
  it.each(SAMPLES)(
    'send the same query and make the same alerts, whole, from the same rows: $name',
    async ({ file, text, loaded }) => {
      const { rules } = parseRules(file, text);
      expect(rules).toHaveLength(loaded);
      const written = rules.flatMap((rule) => parseRules('converted.yaml', writeRule(rule)).rules);
      const analyst = createAnalyst({ form: 'in-process', cache: createMemoryCache() });
      const [theirs, ours] = [await prepareRules(rules, analyst), await prepareRules(written, analyst)];
      await analyst.close();
      expect([...theirs.refused, ...ours.refused]).toEqual([]);
      expect(ours.rules).toHaveLength(loaded);
      for (const [at, rule] of theirs.rules.entries()) {
        const converted = ours.rules[at];
        expect(converted && sentOf(converted)).toBe(sentOf(rule));
        expect(converted?.hash).toBe(rule.hash);
        const alerts = await alertsOf(rule);
        expect(alerts.length).toBeGreaterThan(0);
        expect(converted && (await alertsOf(converted))).toEqual(alerts);
      }
    },
  );
});

describe('a rule of another product and what convert writes of it', () => {
  it.each([
    ['a stream', 'r.yaml', sentinelText(), 'ingestion_time()', 1],
    ['a set', 'r.yaml', sentinelText({ query: SET }), 'Timestamp >= datetime(', 1],
    ['a threshold', 'r.yaml', sentinelText({ triggerThreshold: '2' }), 'Timestamp >= datetime(', 1],
    ['a threshold that is not reached', 'r.yaml', sentinelText({ triggerThreshold: '3' }), 'Timestamp >= datetime(', 0],
    ['one for each row', 'r.yaml', sentinelText({ eventGroupingSettings: '{aggregationKind: AlertPerResult}' }), '', 3],
    ['a custom detection', 'r.json', DETECTION, 'ingestion_time()', 2],
  ])('send the same query and make the same alerts: %s', async (_, file, text, filter, alerts) => {
    const theirs = await runnable(file, text);
    const [read] = parseRules(file, text).rules;
    const ours = await runnable('converted.yaml', read ? writeRule(read) : '');
    expect(sentOf(ours)).toBe(sentOf(theirs));
    expect(sentOf(theirs)).toContain(filter);
    expect(ours.hash).toBe(theirs.hash);
    const told = Array.from({ length: alerts }, () => ({}));
    const test: RuleTest = { ...TEST, tables: { DeviceProcessEvents: ROWS }, alerts: told };
    const deps = { openStore: (clock: Parameters<typeof openMemoryStore>[0]['clock']) => openMemoryStore({ clock }) };
    const results = await Promise.all([theirs, ours].map((rule) => testRule(rule, test, deps)));
    expect(results.map(({ differences }) => differences)).toEqual([[], []]);
  });
});
