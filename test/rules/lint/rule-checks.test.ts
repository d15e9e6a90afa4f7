import { describe, expect, it } from '@jest/globals';
import type { PreparedQuery } from '../../../src/kql/prepared.ts';
import type { LintSettings } from '../../../src/rules/lint/lint-rules.ts';
import { lintRules } from '../../../src/rules/lint/lint-rules.ts';
import { preparedOf } from '../prepared-of.ts';
import { ruleOf } from '../rule-text.ts';

const SETTINGS = { now: Date.parse('2026-05-01T00:00:00Z'), retentionMs: 30 * 86_400_000 };
const TABLE = {
  known: true,
  expanded: false,
  role: 'driving',
  timeColumn: 'Timestamp',
  start: 0,
  end: 4,
  lookbackMs: null,
  ownMs: null,
  filter: null,
  nameLeg: false,
} as const;

function told(
  check: string,
  more: Readonly<Record<string, string>>,
  prepared: Partial<PreparedQuery> = {},
  settings: Partial<LintSettings> = {},
): readonly string[] {
  const subjects = [{ rule: ruleOf(more), prepared: preparedOf(prepared) }];
  const found = lintRules(subjects, { ...SETTINGS, ...settings }).filter((one) => one.check === check);
  return found.map(({ line, column, severity, message }) => `${line}:${column} ${severity} ${message}`);
}

describe('dedup-missing', () => {
  const set = { shape: 'set', identity: { kind: 'columns', columns: ['A'], bins: ['Hour'] } } as const;

  it('names what rows of an aggregate over bins are known by', () => {
    const alert = '{severityColumn: A}';
    expect(told('dedup-missing', { alert }, set)).toEqual([
      '6:1 info Rows of this aggregate are known by A without Hour: those of all bins in a window are one hit, and a later bin is told only once the windows no longer overlap.',
    ]);
    expect(told('dedup-missing', { alert: '{dedup: {columns: [A]}}' }, set)).toEqual([]);
    expect(told('dedup-missing', { alert: '{per: run}' }, set)).toEqual([]);
    expect(told('dedup-missing', {}, { ...set, identity: { kind: 'columns', columns: ['A'] } })).toEqual([]);
    expect(told('dedup-missing', {}, {})).toEqual([]);
  });
});

describe('severity-unreached', () => {
  it('tells texts that are no severities', () => {
    const alert = '{severityColumn: Risk}';
    expect(told('severity-unreached', { alert }, { texts: { Risk: ['High', 'urgent', 'info'] } })).toEqual([
      '6:9 warning The column "Risk" may hold "urgent", which is no severity: such an alert is high, as its rule.',
    ]);
    expect(told('severity-unreached', { alert }, { texts: { Risk: ['HIGH', 'low'], Other: ['x'] } })).toEqual([]);
    expect(told('severity-unreached', { alert }, {})).toEqual([]);
  });
});

describe('entity-unidentified', () => {
  it.each<[string, boolean]>([
    ['{type: host, name: A}', true],
    ['{type: host, os: A}', false],
    ['{type: account, name: A}', false],
    ['{type: account, name: A, domain: B}', true],
    ['{type: account, sid: A}', true],
    ['{type: account, name: A, upnSuffix: B}', true],
    ['{type: account, fullName: A}', true],
    ['{type: host, azureId: A}', true],
    ['{type: mail, internetMessageId: A}', true],
    ['{type: mail, name: A}', false],
    ['{type: mail, id: A}', true],
    ['{type: file, size: A}', false],
    ['{type: ip, port: A}', false],
    ['{type: registry, valueName: A}', false],
    ['{type: url, name: A}', true],
  ])('%s: %s', (entity, isKnown) => {
    const found = told('entity-unidentified', { alert: `{entities: [{type: app, id: A}, ${entity}]}` });
    expect(found).toEqual(isKnown ? [] : [expect.stringMatching(/^6:40 warning The entity of type \w+ has no field/)]);
  });
});

describe('test-toothless', () => {
  it('tells tests without rows and alerts', () => {
    const tests =
      '[{name: a, rows: [], alerts: []}, {name: b, rows: [{A: 1}], alerts: []}, {name: c, tables: {T: []}, alerts: []}]';
    expect(told('test-toothless', { tests })).toEqual([
      '6:9 warning The test "a" gives no rows and expects no alert, so that it cannot fail.',
      '6:81 warning The test "c" gives no rows and expects no alert, so that it cannot fail.',
    ]);
    expect(told('test-toothless', { tests, threshold: '"< 1"', alert: '{per: run}' })).toEqual([]);
  });
});

const OFFER = {
  api: 'lake',
  retentionMs: 400 * 86_400_000,
  devicesOnly: false,
  isUnstamped: true,
  lacksDefenderFunctions: true,
};

describe('what a source has', () => {
  const offerOf = () => OFFER;

  it('is told of calls that it lacks, as far as they are sent', () => {
    const text =
      'T | extend At = ingestion_time() | invoke FileProfile(SHA1) | where "adx(" != "" and ingestion_time() > ago(1h)';
    const start = text.lastIndexOf('ingestion');
    const prepared = { text, absorbed: [{ start, end: text.length, text: 'true' }] };
    expect(told('call-not-offered', {}, prepared, { offerOf })).toEqual([
      expect.stringContaining('error The source "lake" does not have ingestion_time().'),
      expect.stringContaining('error The source "lake" does not have FileProfile().'),
    ]);
    expect(told('call-not-offered', {}, prepared)).toEqual([]);
  });

  it('is how long it keeps rows', () => {
    const rule = { schedule: '{every: 1d, lookback: 60d}' };
    expect(told('beyond-retention', rule, {})).toHaveLength(1);
    expect(told('beyond-retention', rule, {}, { offerOf })).toEqual([]);
  });
});

describe('table-not-offered', () => {
  it('tells tables that are not of devices where nothing else is offered', () => {
    const tables = [
      { ...TABLE, table: 'EmailEvents' },
      { ...TABLE, table: 'DeviceInfo' },
      { ...TABLE, table: 'Own_CL', known: false },
    ];
    expect(told('table-not-offered', {}, { tables }, { offerOf: () => ({ ...OFFER, devicesOnly: true }) })).toEqual([
      '4:8 error The API "mde" does not offer EmailEvents: it has the tables of devices only.',
    ]);
    expect(told('table-not-offered', {}, { tables })).toEqual([]);
  });
});

describe('quota-exceeded', () => {
  const all = (every: string, count: number, status = 'enabled') =>
    Array.from({ length: count }, (_, index) => ruleOf({ id: `rule-${index}`, schedule: `{every: ${every}}`, status }));

  it('counts what all schedules need', () => {
    const found = (rules: ReturnType<typeof all>) =>
      lintRules([], { ...SETTINGS, all: rules }).filter((one) => one.check === 'quota-exceeded');
    expect(found([...all('1m', 23), ruleOf({ id: 'dear', schedule: '{every: 10s}' })])).toMatchObject([
      { line: 5, message: 'The rules need 1740 calls an hour, 360 of them this one; a tenant takes 1400.' },
    ]);
    expect(found(all('1m', 23))).toEqual([]);
    expect(found(all('1m', 40, 'disabled'))).toEqual([]);
  });
});
