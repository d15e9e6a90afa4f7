import type { Alert } from '../../src/alerts/alert.ts';
import { createHitCollector } from '../../src/alerts/collect/hits.ts';
import { decide } from '../../src/alerts/decide/decide.ts';
import type { DecideInput, Decision } from '../../src/alerts/decide/decision.ts';
import type { Collected } from '../../src/alerts/hit.ts';
import type { AlertContext } from '../../src/alerts/map/alert-context.ts';
import type { IdentityPlan, TableReference } from '../../src/kql/prepared.ts';
import type { Column, ScalarType } from '../../src/kql/types.ts';
import type { AlertSpec, RunnableRule, Threshold } from '../../src/rules/rule.ts';
import type { Row } from '../../src/sources/source.ts';

export const NOON = Date.UTC(2026, 0, 1, 12);
export const HOUR = 3_600_000;

export function columnsOf(types: Readonly<Record<string, ScalarType>>): readonly Column[] {
  return Object.entries(types).map(([name, type]) => ({ name, type }));
}

/** Columns of the small process event that most tests use. */
export const EVENT_COLUMNS = columnsOf({
  Timestamp: 'datetime',
  DeviceId: 'string',
  DeviceName: 'string',
  ReportId: 'long',
  FileName: 'string',
  Count: 'long',
});

let reports = 0;

/** A process event that differs from all others. */
export function eventRow(cells: Row = {}): Row {
  reports += 1;
  return {
    Timestamp: '2026-01-01T11:50:00Z',
    DeviceId: 'd1',
    DeviceName: 'pc1',
    ReportId: reports,
    FileName: 'powershell.exe',
    Count: 1,
    ...cells,
  };
}

export interface RuleChanges extends Omit<Partial<RunnableRule>, 'alert' | 'threshold' | 'prepared'> {
  readonly alert?: Partial<AlertSpec>;
  readonly threshold?: Partial<Threshold>;
  readonly identity?: IdentityPlan;
  readonly tables?: readonly string[];
}

const EVENT_IDENTITY: IdentityPlan = { kind: 'event', columns: ['Timestamp', 'DeviceId', 'ReportId'] };

function tableOf(table: string): TableReference {
  return {
    table,
    known: true,
    expanded: false,
    role: 'driving',
    timeColumn: 'Timestamp',
    start: 0,
    end: table.length,
    lookbackMs: null,
    ownMs: null,
    filter: null,
    nameLeg: false,
  };
}

export function makeRule({ identity, tables, alert, threshold, ...rest }: RuleChanges = {}): RunnableRule {
  const shape = rest.effectiveShape ?? 'stream';
  return {
    id: 'sample',
    name: 'Sample rule',
    description: 'A rule for tests.',
    severity: 'medium',
    version: '1.0.0',
    status: 'enabled',
    attack: ['T1059.001'],
    tags: ['test'],
    author: null,
    references: [],
    falsePositives: [],
    runbook: null,
    params: {},
    query: 'DeviceProcessEvents',
    shape: null,
    schedule: { kind: 'every', everyMs: HOUR, lookbackMs: null },
    window: { basis: 'ingestion', tables: {}, keepFilters: 'never' },
    threshold: { measure: 'rows', column: null, operator: '>', value: 0, groupBy: [], ...threshold },
    alert: {
      per: 'row',
      title: '{{FileName}} on {{DeviceName}}',
      description: null,
      severityColumn: null,
      entities: null,
      details: {},
      dedupColumns: null,
      suppressMs: null,
      limit: 150,
      evidence: 20,
      ...alert,
    },
    exceptions: [],
    targets: null,
    tests: [],
    hash: 'f'.repeat(64),
    map: {
      file: 'sample.yaml',
      place: () => ({ line: 1, column: 1 }),
      placeOf: () => ({ line: 1, column: 1 }),
      textPlace: () => ({ line: 1, column: 1 }),
      folds: null,
    },
    lookbackMs: HOUR,
    prepared: {
      text: 'DeviceProcessEvents',
      basis: 'ingestion',
      preludeAt: 0,
      shapeReason: '',
      shape,
      tables: (tables ?? ['DeviceProcessEvents']).map(tableOf),
      timeCalls: [],
      ownFilters: [],
      unclearFilters: [],
      absorbed: [],
      absorbedMs: null,
      upperMs: 0,
      reachMs: 0,
      usesTime: false,
      usesWindowNames: false,
      identity: identity ?? EVENT_IDENTITY,
      columns: null,
      findings: [],
    },
    effectiveShape: shape,
    ...rest,
  };
}

export function collect(
  rule: RunnableRule,
  rows: readonly Row[],
  columns: readonly Column[] = EVENT_COLUMNS,
  logicalTime = NOON,
): Collected {
  const collector = createHitCollector(rule, { columns, logicalTime });
  for (const row of rows) collector.add(row);
  return collector.finish({ complete: true });
}

export function decideOn(rule: RunnableRule, collected: Collected, changes: Partial<DecideInput> = {}): Decision {
  return decide({
    rule,
    collected,
    known: new Map(),
    quiet: new Map(),
    logicalTime: NOON,
    window: { from: NOON - rule.lookbackMs, to: NOON },
    reachesBackTo: null,
    changedAt: null,
    truncated: false,
    ...changes,
  });
}

export function makeContext(rule: RunnableRule, changes: Partial<AlertContext> = {}): AlertContext {
  return {
    tenant: 'contoso',
    rule,
    runId: 'run-1',
    source: 'graph',
    window: { from: NOON - HOUR, to: NOON, basis: 'ingestion' },
    logicalTime: NOON,
    time: NOON + 1000,
    truncated: false,
    ...changes,
  };
}

/** A valid alert with something in every field. */
export function makeAlert(changes: Partial<Alert> = {}): Alert {
  return {
    schemaVersion: '1.0',
    id: '0123456789abcdef0123456789abcdef',
    revision: 0,
    kind: 'detection',
    status: 'firing',
    time: '2026-01-01T12:00:01Z',
    tenant: 'contoso',
    rule: {
      id: 'sample',
      name: 'Sample rule',
      version: '1.0.0',
      hash: 'f'.repeat(64),
      references: ['https://example.com/a'],
      runbook: null,
      falsePositives: [],
      tags: ['test'],
    },
    title: 'powershell.exe on pc1',
    description: 'A rule for tests.',
    severity: 'high',
    attack: [{ tactic: null, technique: 'T1059.001' }],
    window: { from: '2026-01-01T11:00:00Z', to: '2026-01-01T12:00:00Z', basis: 'ingestion' },
    firstSeen: '2026-01-01T11:50:00.1234567Z',
    lastSeen: '2026-01-01T11:55:00Z',
    rowCount: 2,
    truncated: false,
    entities: [
      { type: 'host', id: 'd1', name: 'pc1' },
      { type: 'account', name: 'bob', domain: 'contoso', sid: 'S-1-5-21' },
      { type: 'process', name: 'powershell.exe', pid: 42, commandLine: 'powershell -enc SQBFAFgA=' },
    ],
    observables: [{ type: 'hostname', value: 'pc1' }],
    details: { CommandLine: 'powershell -enc SQBFAFgA=' },
    evidence: [
      { ActionType: 'ProcessCreated', DeviceName: 'pc1' },
      { ActionType: 'ProcessCreated', DeviceName: 'pc1' },
    ],
    dedupKey: 'fedcba9876543210fedcba9876543210',
    suppressedCount: 0,
    runId: 'run-1',
    source: 'graph',
    ...changes,
  };
}
