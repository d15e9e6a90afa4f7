import { nativeReader } from '../../../src/rules/readers/native.ts';
import { describeReader } from '../../contract/reader.ts';
import { ruleText } from '../rule-text.ts';

describeReader(nativeReader, [
  { name: 'a rule', file: 'rule.yaml', text: ruleText(), loaded: 1, refused: 0 },
  { name: 'a wrong one', file: 'wrong.yaml', text: ruleText({ severity: 'hihg' }), loaded: 0, refused: 1 },
  {
    name: 'one with everything',
    file: 'full.yaml',
    text: ruleText({
      description: '"Two lines,\\n  the second indented."',
      version: '"2.0.1"',
      status: 'testing',
      attack: '[T1059]',
      tags: '[a, "1"]',
      author: 'SOC',
      references: '[https://example.com/x]',
      falsePositives: '[scripts]',
      runbook: '"# no comment"',
      params: '{least: 20, most: 9007199254740993, names: [a, 1.5, true]}',
      query: '"DeviceEvents\\r\\n| where A > least  \\n\\n  | take 1 \\t\\n"',
      shape: 'set',
      schedule: '{cron: "*/15 6-20 * * 1-5", timezone: Europe/Berlin, lookback: 3d, pauses: accepted}',
      window: '{basis: event, tables: {EmailEvents: 7d, X: none}, keepFilters: true}',
      threshold: '{measure: distinct, column: A, operator: ">=", value: 2.5, groupBy: [DeviceId]}',
      alert:
        '{title: "{{A}}", description: b, severityColumn: S, entities: [{type: host, id: DeviceId}], details: {a: A}, dedup: {columns: [A]}, suppress: 0s, limit: 5, evidence: 0}',
      exceptions: '[{where: {A: [x, 1]}, reason: r, owner: o, expires: 2027-03-01}]',
      targets: '[soar]',
      tests:
        '[{name: t, now: 2026-02-01T00:00:00Z, tables: {DeviceEvents: [{A: 9007199254740993}]}, functions: {f: []}, alerts: []}]',
      origin: '{format: arm, data: {x: [1]}}',
    }),
    loaded: 1,
    refused: 0,
  },
]);
