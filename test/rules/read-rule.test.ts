import { describe, expect, it } from '@jest/globals';
import { parseRules } from '../../src/rules/load-rules.ts';
import { readRulesOfText } from '../../src/rules/read-text.ts';
import { problemsOf, ruleOf, ruleText } from './rule-text.ts';

const FULL = `id: encoded-powershell-from-office
name: Encoded PowerShell started by an Office program
description: An Office process starts PowerShell with an encoded command.
severity: high
version: 1.2.0
status: testing
attack: [T1059.001, TA0002]
tags: [office]
author: SOC
references: [https://example.com/a]
falsePositives: [Signed add-ins]
runbook: Ask the user.
params: {minimumLength: 20, share: 0.5, names: [a, b], on: true, big: 9223372036854775807}
query: |
  DeviceProcessEvents
  | where strlen(ProcessCommandLine) > minimumLength
shape: stream
schedule: {cron: "*/15 6-20 * * 1-5", timezone: Europe/Berlin, lookback: 30m}
window: {basis: event, tables: {EmailEvents: 7d, X: none}}
threshold: {measure: distinct, column: DeviceName, operator: ">=", value: 3, groupBy: [AccountName]}
alert:
  title: "{{FileName}}"
  entities:
    - {type: host, id: DeviceId, name: DeviceName}
  details: {CommandLine: ProcessCommandLine}
  dedup: {columns: [DeviceId]}
  suppress: 4h
  limit: 10
  evidence: 0
exceptions:
  - {where: {DeviceName: [build-01, 7], FileName: x*}, reason: CI, owner: build, expires: 2027-03-01}
targets: [soar]
tests:
  - name: told
    now: 2026-02-03T04:05:06Z
    rows: [{A: 9007199254740993, B: {C: 1}}]
    alerts: [{severity: high}]
`;

describe('readRule', () => {
  it('reads every field, frozen', () => {
    const { rules, problems } = parseRules('full.yaml', FULL);
    expect(problems).toEqual([]);
    const [rule] = rules;
    expect(rule).toMatchObject({
      id: 'encoded-powershell-from-office',
      status: 'testing',
      params: { minimumLength: 20, share: 0.5, names: ['a', 'b'], on: true, big: 9223372036854775807n },
      shape: 'stream',
      schedule: { kind: 'cron', cron: '*/15 6-20 * * 1-5', timezone: 'Europe/Berlin', lookbackMs: 1_800_000 },
      window: { basis: 'event', tables: { EmailEvents: 604_800_000, X: 'none' }, keepFilters: 'never' },
      threshold: { measure: 'distinct', column: 'DeviceName', operator: '>=', value: 3, groupBy: ['AccountName'] },
      alert: {
        per: 'group',
        entities: [{ type: 'host', fields: { id: 'DeviceId', name: 'DeviceName' } }],
        dedupColumns: ['DeviceId'],
        suppressMs: 14_400_000,
        limit: 10,
        evidence: 0,
      },
      exceptions: [
        { where: { DeviceName: ['build-01', '7'], FileName: ['x*'] }, expires: Date.parse('2027-03-01T00:00:00Z') },
      ],
      targets: ['soar'],
      tests: [{ name: 'told', line: 34, column: 5, now: Date.parse('2026-02-03T04:05:06Z'), tables: null }],
    });
    expect(rule?.tests[0]?.rows).toEqual([{ A: '9007199254740993', B: { C: 1 } }]);
    expect([rule, rule?.alert, rule?.params, rule?.tests[0]?.rows?.[0]].map(Object.isFrozen)).toEqual(
      Array(4).fill(true),
    );
  });

  it('fills defaults, and zero is no default', () => {
    const rule = ruleOf();
    expect(rule).toMatchObject({ status: 'enabled', version: '1.0.0', targets: null, shape: null, tests: [] });
    expect(rule.window).toEqual({ basis: 'ingestion', tables: {}, keepFilters: 'never' });
    expect(rule.threshold).toEqual({ measure: 'rows', column: null, operator: '>', value: 0, groupBy: [] });
    expect(rule.alert).toMatchObject({ per: 'row', limit: 150, evidence: 20, suppressMs: null, entities: null });
    expect(ruleOf({ alert: '{suppress: 0s, entities: []}' }).alert).toMatchObject({ suppressMs: 0, entities: [] });
    expect(problemsOf(ruleText({ alert: '{limit: 0}' }))).toEqual(['6:16 "limit" must be at least 1.']);
  });

  it('maps offsets in the query to the file', () => {
    const [rule] = parseRules('full.yaml', FULL).rules;
    expect(rule?.map.place(rule.query.indexOf('strlen'))).toEqual({ line: 16, column: 11 });
    expect(rule?.map.placeOf(['alert', 'dedup', 'columns', 0])).toEqual({ line: 26, column: 21 });
    expect(rule?.map.placeOf(['alert', 'absent'])).toEqual({ line: 21, column: 1 });
  });
});

describe('the hash of a rule', () => {
  it('changes with what decides results only', () => {
    const { hash } = ruleOf();
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    const same = [
      { id: 'other' },
      { name: 'Other' },
      { targets: '[x]' },
      { status: 'disabled' },
      { threshold: '"> 0"' },
    ];
    expect(same.map((more) => ruleOf(more).hash)).toEqual(Array(5).fill(hash));
    const others = [
      { query: 'T' },
      { severity: 'low' },
      { window: 'event' },
      { params: '{a: 1}' },
      { alert: '{limit: 9}' },
    ];
    expect(new Set([hash, ...others.map((more) => ruleOf(more).hash)]).size).toBe(6);
    expect(ruleOf({ params: '{a: 1, b: 2}' }).hash).toBe(ruleOf({ params: '{b: 2, a: 1}' }).hash);
  });
});

describe('what the reader refuses', () => {
  const cases: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
    [{ serverity: 'high' }, '6:1 Unknown key "serverity". Did you mean "severity"?'],
    [
      { severity: 'hihg' },
      '3:11 "severity" must be one of informational, low, medium, high, critical. Did you mean "high"?',
    ],
    [{ id: 'Some Rule' }, '1:5 "id" is not in the right form: write lower-case words joined by hyphens, or a UUID.'],
    [{ version: '1.2' }, '6:10 "version" must be text: write three numbers such as 1.0.0.'],
    [{ attack: '[T1, TA0001]' }, '6:10 An entry of "attack" is not in the right form: write a tactic such as TA0002'],
    [{ schedule: '{every: 15}' }, '5:19 "every" must be text: write a duration such as'],
    [{ schedule: '{every: 500ms}' }, '5:19 "every" is 500ms, which is too short: the least is 1000 ms.'],
    [{ schedule: '{every: 400d}' }, '5:19 "every" is 400d, which is too long'],
    [{ schedule: '{lookback: 1h}' }, '5:11 "schedule" needs exactly one of "every" and "cron".'],
    [{ schedule: '{every: 1h, cron: "0 * * * *"}' }, '5:11 "schedule" needs exactly one of "every" and "cron".'],
    [{ schedule: '{every: 1h, timezone: UTC}' }, '5:33 "timezone" has no meaning without "cron"'],
    [
      { schedule: '{cron: "0 25 * * *"}' },
      '5:18 "0 25 * * *" is no cron (Invalid value for hour: 25): write minute, hour, day of the month, month and weekday',
    ],
    [
      { schedule: '{cron: "0 0 * * * *"}' },
      '5:18 "cron" has 6 fields and needs five: minute, hour, day of the month, month and weekday, such as',
    ],
    [{ schedule: '{cron: "* * *"}' }, '5:18 "cron" has 3 fields and needs five: minute, hour,'],
    [{ schedule: '{cron: "0 0 31 2 *"}' }, '5:18 "cron" never runs: no day fits "0 0 31 2 *".'],
    [{ schedule: '{cron: "0 0 * * *", timezone: Mars/Olympus}' }, '"Mars/Olympus" is no time zone'],
    [{ window: 'arrival' }, '6:9 "window" is not in the right form: write ingestion, event, none'],
    [{ window: '{basis: event, tables: {T: soon}}' }, '6:36 "T" is not in the right form: write none or a duration'],
    [{ window: '{basis: none, tables: {T: 1d}}' }, '"tables" has no meaning where the basis is none'],
    [{ threshold: '"more than 3"' }, '6:12 "threshold" is not in the right form: write for example "> 0"'],
    [{ threshold: '5' }, '6:12 "threshold" must be text or a map: write for example "> 0"'],
    [{ threshold: '{operator: ">"}' }, '6:1 The key "value" is missing.'],
    [{ threshold: '{measure: sum, operator: ">", value: 1}' }, 'The measure sum needs the "column"'],
    [{ threshold: '{column: A, operator: ">", value: 1}' }, 'The measure rows takes no column'],
    [{ threshold: '"== 0"' }, '6:12 The operator == needs "per: run" and no "groupBy"'],
    [{ threshold: '"< 5"', alert: '{per: row}' }, '7:14 The operator < needs "per: run"'],
    [{ alert: '{per: group}' }, '6:14 An alert per group needs "threshold.groupBy".'],
    [
      { threshold: '{operator: ">", value: 1, groupBy: [A]}', alert: '{per: run}' },
      '"groupBy" makes an alert per group',
    ],
    [{ alert: '{dedup: {column: [A]}}' }, 'Unknown key "column". Did you mean "columns"?'],
    [{ alert: '{entities: [{type: hots, id: A}]}' }, 'Did you mean "host"?'],
    [{ exceptions: '[{where: {A: b}, reason: r, owner: o}]' }, '6:14 The key "expires" is missing.'],
    [{ exceptions: '[{where: {A: b}, reason: r, owner: o, expires: 2027-02-30}]' }, '"2027-02-30" is no date'],
    [{ exceptions: '[{where: {}, reason: r, owner: o, expires: 2027-02-03}]' }, '"where" must not be empty.'],
    [{ params: '{_from: 1}' }, 'has the key "_from", which is not in the right form'],
    [{ params: '{a: 9223372036854775808}' }, '6:13 The integer does not fit into 64 bits.'],
    [{ params: '{a: [{b: 1}]}' }, 'A list in "params" holds text'],
    [{ targets: '[]' }, '"targets" must not be empty.'],
    [{ tests: '[{name: a, alerts: []}]' }, '6:9 A test needs exactly one of "rows"'],
    [{ tests: '[{name: a, rows: [], functions: {}, alerts: []}]' }, '"functions" has no meaning without "tables"'],
    [
      { tests: '[{name: a, rows: [], alerts: []}, {name: a, rows: [], alerts: []}]' },
      'Another test is already named "a".',
    ],
    [{ tests: '[{name: a, now: today, rows: [], alerts: []}]' }, '"today" is no date'],
    [{ references: '[see wiki]' }, 'An entry of "references" is not in the right form: write a web address.'],
  ];

  it.each(cases)('%j', (more, message) => {
    expect(problemsOf(ruleText(more)).join('\n')).toContain(message);
  });

  it('tells all problems of all documents at once', () => {
    const text = `${ruleText({ severity: 'x', threshold: '{measure: sum, operator: ">", value: 1}', window: 'x' })}---\n- 1\n---\nname: x\nquery: T\n`;
    const found = problemsOf(text);
    expect(found.filter((one) => one.startsWith('11:'))).toHaveLength(3);
    expect(found).toHaveLength(6);
    const [, stray] = readRulesOfText('some.yaml', text).found;
    expect(stray).toMatchObject({ rule: null, verdict: { reason: 'The file holds no rule of a known format.' } });
  });

  it('says of a Sigma rule what makes one of ours of it, also where it names tactics', () => {
    const sigma = 'title: S\nid: 8a1b\nlogsource: {category: process_creation}\ndetection: {condition: a}\n';
    for (const text of [sigma, `${sigma}tactics: [execution]\n`]) {
      const { refused, found } = readRulesOfText('s.yml', text);
      expect(refused).toBeNull();
      expect(found.map(({ verdict }) => verdict.reason)).toEqual([expect.stringContaining('This is a Sigma rule')]);
    }
    const list = readRulesOfText('attack.json', '{"version": 1, "tactics": [], "techniques": []}').found;
    expect(list.map(({ verdict, problems }) => [verdict.format, problems.length])).toEqual([['arm', 0]]);
  });
});
