import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { PreparedQuery } from '../../../src/kql/prepared.ts';
import { lintRules } from '../../../src/rules/lint/lint-rules.ts';
import { LINT_CHECKS } from '../../../src/rules/lint/registry.ts';
import { preparedOf } from '../prepared-of.ts';
import { ruleOf } from '../rule-text.ts';

const DAY = 86_400_000;
const SETTINGS = { now: Date.parse('2026-05-01T00:00:00Z'), retentionMs: 30 * DAY };
const root = resolve(import.meta.dirname, '../../..');

const CLEAN = {
  attack: '[TA0002]',
  tests: '[{name: a, rows: [{A: 0}], alerts: []}, {name: b, rows: [{A: 1}], alerts: [{severity: high}]}]',
};
const SET: Partial<PreparedQuery> = {
  shape: 'set',
  shapeReason: 'it joins',
  identity: { kind: 'columns', columns: ['A'] },
};

const FILTER = { start: 16, end: 30, tables: ['T'], distanceMs: DAY, because: null };
const CONTEXT = {
  table: 'IdentityInfo',
  known: true,
  expanded: false,
  role: 'context',
  timeColumn: 'Timestamp',
  start: 0,
  end: 12,
  lookbackMs: 7 * DAY,
  ownMs: 30 * DAY,
  filter: 'kept',
  nameLeg: false,
} as const;

function lint(more: Readonly<Record<string, string>>, prepared: Partial<PreparedQuery> = {}) {
  return lintRules([{ rule: ruleOf({ ...CLEAN, ...more }), prepared: preparedOf(prepared) }], SETTINGS);
}

function exception(expires: string): string {
  return `[{where: {A: b}, reason: because, owner: team, expires: ${expires}}]`;
}

describe('lint', () => {
  it('has nothing to say about a good rule', () => {
    expect(lint({})).toEqual([]);
    expect(lint({ schedule: '{every: 1h, lookback: 2h}' }, SET)).toEqual([]);
    expect(lint({ schedule: '{cron: "0 6 * * 1-5", lookback: 2d, pauses: accepted}' }, SET)).toEqual([]);
    expect(lint({ schedule: '{cron: "*/15 6-20 * * 1-5", lookback: 30m, pauses: accepted}' }, SET)).toEqual([]);
    expect(lint({ schedule: '{cron: "0 0 1 * *", lookback: 7d, pauses: accepted}' }, SET)).toEqual([]);
    expect(lint({ exceptions: exception('2026-06-01') })).toEqual([]);
  });

  const cases: readonly (readonly [
    string,
    string,
    Readonly<Record<string, string>>,
    Partial<PreparedQuery>,
    string,
  ])[] = [
    ['attack-missing', 'warning', { attack: '[]' }, {}, '6:1 The rule is not mapped'],
    ['attack-unknown', 'warning', { attack: '[T1059, TA0099]' }, {}, '6:17 ATT&CK has no tactic TA0099.'],
    [
      'beyond-retention',
      'error',
      { schedule: '{every: 1d, lookback: 30d}' },
      {},
      '30d and 1d, are together longer than the 30d',
    ],
    [
      'result-time-missing',
      'info',
      { schedule: '{every: 1h, lookback: 2h}' },
      { ...SET, columns: [{ name: 'A', type: 'string' }] },
      'The result has no Timestamp',
    ],
    [
      'column-missing',
      'error',
      { alert: '{severityColumn: Rsk}' },
      { columns: [{ name: 'Risk', type: 'string' }] },
      '8:25 "alert.severityColumn" names the column "Rsk", which the query does not return.',
    ],
    [
      'column-missing',
      'warning',
      { alert: '{severityColumn: Rsk}' },
      { openColumns: ['Risk'] },
      '"alert.severityColumn" names the column "Rsk", which the query may not return.',
    ],
    ['exception-expired', 'warning', { exceptions: exception('2026-04-01') }, {}, '"because" expired on 2026-04-01.'],
    ['exception-expired', 'warning', { exceptions: exception('2026-05-10') }, {}, '"because" expires on 2026-05-10.'],
    ['folded-query', 'info', { query: '>\n  T\n  | where A == 1' }, {}, '4:1 YAML joins the lines of this query'],
    ['folded-query', 'info', { query: 'T\n  | where A == "//"\n  | where B' }, {}, '4:1 YAML joins'],
    ['limited-rows', 'warning', { query: 'T | where A == "| limit 1" | take 5' }, {}, '4:37 "take" drops rows'],
    ['limited-rows', 'warning', { query: 'T |top 5 by A' }, {}, '4:11 "top" drops rows'],
    [
      'lookback-below-schedule',
      'error',
      { schedule: '{every: 1h, lookback: 30m}' },
      SET,
      '5:23 The lookback of 30m is shorter than the 1h',
    ],
    [
      'lookback-below-twice-schedule',
      'warning',
      { schedule: '{every: 1h, lookback: 90m}' },
      SET,
      'more than 30m apart',
    ],
    [
      'lookback-below-twice-schedule',
      'warning',
      { schedule: '{cron: "0 8 * * 1-5", lookback: 4d}' },
      SET,
      'up to 3d lie between runs: events that arrive more than 1d apart',
    ],
    [
      'lookback-below-schedule',
      'error',
      { schedule: '{cron: "0 6 * * 1-5", lookback: 1d}' },
      SET,
      '5:33 The lookback of 1d is shorter than the 3d between some runs: Friday 2026-05-01 06:00 to Sunday 2026-05-03 06:00 (UTC) is never searched, and in all 48 hours a week',
    ],
    [
      'lookback-below-twice-schedule',
      'warning',
      { schedule: '{cron: "0 6 * * 1-5", lookback: 1d, pauses: accepted}' },
      SET,
      'up to 1d lie between runs: events that arrive more than 0s apart',
    ],
    ['lookback-missing', 'error', {}, SET, '5:1 The query joins or aggregates events'],
    [
      'lookup-unclear',
      'warning',
      {},
      { tables: [{ ...CONTEXT, role: 'entity', unclear: [{ start: 16, end: 30 }] }] },
      '4:24 This filter does not say how far back it asks for IdentityInfo, which is looked up 7d back',
    ],
    [
      'lookup-unclear',
      'warning',
      {},
      {
        tables: ['IdentityInfo', 'DeviceInfo'].map((table) => ({
          ...{ ...CONTEXT, table },
          role: 'entity',
          unclear: [{ start: 16, end: 30 }],
        })),
      },
      '4:24 This filter does not say how far back it asks for IdentityInfo, DeviceInfo, which are looked up 7d back',
    ],
    [
      'not-repeatable',
      'warning',
      { query: 'T | invoke FileProfile("SHA1", 10)' },
      {},
      '4:19 FileProfile() may answer differently',
    ],
    [
      'not-repeatable',
      'warning',
      { query: 'T | extend A = rand() // new_guid()' },
      {},
      '4:23 rand() may answer differently',
    ],
    ['own-filter', 'info', {}, { ownFilters: [FILTER] }, '4:24 The window stands for this filter on the last 1d'],
    [
      'own-filter',
      'warning',
      {},
      { ownFilters: [{ ...FILTER, because: 'it stands behind `union`' }] },
      '4:24 This filter on the last 1d stays, because it stands behind `union`',
    ],
    [
      'own-filter',
      'info',
      { window: '{keepFilters: true}' },
      { ownFilters: [{ ...FILTER, because: 'the rule says so' }] },
      '4:24 This filter on the last 1d stays, because the rule says so',
    ],
    [
      'own-filter',
      'info',
      { schedule: '{every: 1d}' },
      { ...SET, absorbedMs: 90 * DAY },
      '5:1 The query asks 90d back; runs look back 28d',
    ],
    [
      'param-unused',
      'warning',
      { params: '{a: 1}', query: 'T | where B == "a"' },
      {},
      'does not use the parameter "a"',
    ],
    ['reach-beyond-lookback', 'info', {}, { reachMs: DAY }, '5:1 The query reaches back 1d, the lookback is 15m'],
    [
      'reach-beyond-lookback',
      'error',
      { schedule: '{every: 1h, lookback: 2h}' },
      { ...SET, reachMs: DAY },
      '5:23 The query reaches back 1d, the lookback is 2h',
    ],
    ['reach-not-constant', 'warning', {}, { reachMs: null }, '4:8 How far back this query asks is not constant'],
    [
      'unclear-filter',
      'warning',
      {},
      { unclearFilters: [{ start: 4, end: 9 }] },
      '4:12 This filter compares the time of events with now by no constant distance',
    ],
    [
      'row-changes',
      'warning',
      {},
      { identity: { kind: 'row', columns: [], loose: ['Age'] } },
      'Rows of this query are known by Age, which may be different in the next run',
    ],
    [
      'row-identity',
      'error',
      { schedule: '{every: 1h, lookback: 2h}' },
      { shape: 'set', identity: { kind: 'none', columns: [] } },
      'same again',
    ],
    ['schedule-below-minute', 'warning', { schedule: '{every: 59s}' }, {}, '5:12 The rule runs every 59s'],
    [
      'shape-contradicted',
      'warning',
      { shape: 'stream' },
      SET,
      'says shape stream, the analysis of its query says set',
    ],
    ['snapshot-dedup', 'error', { window: 'none' }, { shape: 'snapshot' }, '"alert.dedup.columns" is mandatory'],
    [
      'table-window-short',
      'error',
      { window: '{tables: {IdentityInfo: 7d, DeviceInfo: none}}' },
      { tables: [CONTEXT, { ...CONTEXT, table: 'DeviceInfo' }] },
      '8:19 The query asks for 30d of IdentityInfo, "window.tables" gives it 7d.',
    ],
    [
      'template-braces',
      'warning',
      { alert: '{title: "{{A} on B"}' },
      {},
      '"alert.title" has braces that do not close.',
    ],
    ['template-braces', 'warning', { name: '"{{A} on B"' }, {}, '"name" has braces that do not close.'],
    ['template-braces', 'warning', { description: '"{{ }}"' }, {}, '"description" has a placeholder without a column'],
    ['template-braces', 'warning', { alert: '{description: "{{ }}"}' }, {}, 'has a placeholder without a column'],
    ['template-braces', 'warning', { alert: '{title: "on {DeviceName}"}' }, {}, 'has a name in single braces'],
    ['test-missing', 'warning', { tests: '[]' }, {}, 'The rule has no test.'],
    [
      'test-missing',
      'info',
      { tests: '[{name: a, rows: [{A: 0}], alerts: []}]' },
      {},
      'No test shows the rule firing.',
    ],
    [
      'test-missing',
      'info',
      { tests: '[{name: a, rows: [{A: 1}], alerts: [{}]}]' },
      {},
      'No test shows what the rule leaves alone.',
    ],
  ];

  it.each(cases)('%s (%s): %j', (check, severity, more, prepared, message) => {
    const found = lint(more, prepared);
    expect(found.map((one) => [one.check, one.severity])).toEqual([[check, severity]]);
    expect(`${found[0]?.line}:${found[0]?.column} ${found[0]?.message}`).toContain(message);
    expect(found[0]?.suggestion ?? 'It is meant.').toMatch(/\.$/);
    expect(found[0]?.file).toBe('some.yaml');
  });

  describe.each([
    ['>', '>', ''],
    ['plain', '', ''],
    ['quoted', '"', '"'],
  ])('folded-comment in a query that is %s', (_, before, after) => {
    const folded = (lines: readonly string[]) =>
      lint({ query: `${before}${before === '>' ? '\n  ' : ''}${lines.join('\n  ')}${after}` })
        .filter((one) => one.check === 'folded-comment' || one.severity === 'error')
        .map((one) => `${one.severity} ${one.line}:${one.column}`);
    const first = before === '>' ? 5 : 4;

    it('is an error at the code that is gone', () => {
      expect(folded(['T', '// only one', '| where A', '| where B'])).toEqual([`error ${first + 2}:3`]);
      expect(folded(['T', '| where A // only one', '// and another', '| where B'])).toEqual([`error ${first + 3}:3`]);
      expect(folded(['T // one', '| where A', '', '| where B // two', '| where C'])).toEqual([
        `error ${first + 1}:3`,
        `error ${first + 4}:3`,
      ]);
    });

    it('is none where the comment ends before the code', () => {
      expect(folded(['// one', '// two', '', 'T', '| where A'])).toEqual([]);
      expect(folded(["T | where A == 'https://x'", '| where B'])).toEqual([]);
      expect(folded(['T', '| where A // last'])).toEqual([]);
    });
  });

  it('has nothing against comments where the lines are kept', () => {
    expect(lint({ query: '|\n  T\n  // only one\n  | where A' })).toEqual([]);
    expect(lint({ query: 'T | where A // last' })).toEqual([]);
  });

  it('has nothing against what a table is given in window.tables, as long as it is enough', () => {
    const tables = [CONTEXT, { ...CONTEXT, table: 'DeviceInfo', ownMs: null }];
    expect(lint({ window: '{tables: {IdentityInfo: 30d, DeviceInfo: 1d}}' }, { tables })).toEqual([]);
  });

  it('does not call a lookback cut off that a stream reads again, or that its filters end', () => {
    expect(lint({}, { reachMs: DAY, upperMs: DAY })).toEqual([]);
    const advice = (because: string) =>
      lint({ schedule: '{every: 1h, lookback: 2h}' }, { ...SET, reachMs: DAY, ownFilters: [{ ...FILTER, because }] })
        .filter((one) => one.severity === 'error')
        .map((one) => one.suggestion);
    expect(advice('the lookback is another')).toEqual([
      'Leave "schedule.lookback" out: the filter of the query says it.',
    ]);
    expect(advice('the query puts times into bins')).toEqual([
      'Set "schedule.lookback" to 1d, or take the time filter out of the query.',
    ]);
    const kept = lint({ schedule: '{every: 1d, lookback: 30d}' }, { ...SET, absorbedMs: 30 * DAY });
    expect(kept.map((one) => one.suggestion)).toContain('Leave "schedule.lookback" out: then it is all that is kept.');
  });

  it('passes on what the analysis says, with its severity', () => {
    const finding = {
      code: 'wildcard',
      severity: 'warning',
      start: 6,
      end: 13,
      message: 'Expanded.',
      hint: 'Name them.',
    };
    expect(lint({}, { findings: [finding as PreparedQuery['findings'][number]] })).toEqual([
      {
        check: 'query-finding',
        severity: 'warning',
        file: 'some.yaml',
        line: 4,
        column: 14,
        message: 'Expanded. [wildcard]',
        suggestion: 'Name them.',
        endLine: 4,
        endColumn: 21,
        fix: null,
        refuses: false,
      },
    ]);
  });

  it('finds one id in two sets of rules, but not one rule that two tenants share', () => {
    const rule = ruleOf(CLEAN);
    const other = ruleOf({ name: 'Twin', ...CLEAN });
    const moved = { ...other, map: { ...other.map, file: 'twin.yaml' } };
    const subjects = [rule, rule, moved].map((one) => ({ rule: one, prepared: preparedOf() }));
    expect(lintRules(subjects, SETTINGS)).toEqual([
      expect.objectContaining({
        check: 'duplicate-id',
        file: 'twin.yaml',
        message: expect.stringContaining('some.yaml:1:1'),
      }),
    ]);
  });
});

describe('a stream that asks further back than it looks', () => {
  const adviceWith = (prepared: Partial<PreparedQuery>) =>
    lint({}, { reachMs: 30 * DAY, ...prepared }).map(({ suggestion }) => suggestion);

  it('loses nothing, unless it may mean a table that is looked up less far back', () => {
    const entity = { ...CONTEXT, role: 'entity', ownMs: null, filter: null } as const;
    expect(adviceWith({})).toEqual([expect.stringContaining('Nothing is lost')]);
    expect(adviceWith({ tables: [entity] })).toEqual([
      'IdentityInfo is looked up 7d back: where more of it is meant, say so in "window.tables".',
    ]);
    expect(adviceWith({ tables: [{ ...entity, lookbackMs: 30 * DAY }] })).toEqual([
      expect.stringContaining('Nothing is lost'),
    ]);
  });
});

describe('the registry of checks', () => {
  const ids = LINT_CHECKS.map((check) => check.id);

  it('lists each file once, sorted, with a row in the documentation', () => {
    const others = [
      'check.ts',
      'lint-rules.ts',
      'query-span.ts',
      'noted.ts',
      'once-a-fault.ts',
      'unknown-names.ts',
      'registry.ts',
    ];
    const files = readdirSync(resolve(root, 'src/rules/lint')).filter((name) => name.endsWith('.ts'));
    expect(ids.map((id) => `${id}.ts`)).toEqual(files.filter((name) => !others.includes(name)).sort());
    const page = readFileSync(resolve(root, 'docs/lint.md'), 'utf8');
    const rows = page.matchAll(/^\| \[`([a-z-]+)`\]\(#\1\) \| (?:error|warning|info)/gm);
    expect([...rows].map((row) => row[1])).toEqual(ids);
  });

  it('says of each check what it looks for, why, and how to mend it', () => {
    const page = readFileSync(resolve(root, 'docs/lint.md'), 'utf8');
    for (const { id, description, why, mend } of LINT_CHECKS) {
      const [, section = ''] = page.split(`\n### ${id}\n`);
      const [own = ''] = section.split('\n### ');
      expect(own).toContain(`**Why**: ${why}`);
      expect(own).toContain(`**Mend it**: ${mend}`);
      for (const text of [description, why, mend])
        expect([id, text]).toEqual([id, expect.stringMatching(/^[\s\S]{12,}[.]$/)]);
    }
  });

  it('has a case in this folder for every check', () => {
    const folder = import.meta.dirname;
    const text = readdirSync(folder)
      .map((name) => readFileSync(resolve(folder, name), 'utf8'))
      .join('\n');
    expect(ids.filter((id) => !text.includes(`'${id}'`))).toEqual([]);
  });
});
