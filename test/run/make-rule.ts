import type { PreparedQuery } from '../../src/kql/prepared.ts';
import type { RunnableRule } from '../../src/rules/rule.ts';

const HOUR = 3_600_000;

export function makePrepared(over: Partial<PreparedQuery> = {}): PreparedQuery {
  return {
    text: 'DeviceEvents',
    basis: 'ingestion',
    preludeAt: 0,
    shape: 'stream',
    shapeReason: '',
    tables: [
      {
        table: 'DeviceEvents',
        known: true,
        expanded: false,
        role: 'driving',
        timeColumn: 'Timestamp',
        start: 0,
        end: 12,
        lookbackMs: null,
        ownMs: null,
        filter: null,
        nameLeg: false,
      },
    ],
    timeCalls: [],
    ownFilters: [],
    unclearFilters: [],
    absorbed: [],
    absorbedMs: null,
    upperMs: 0,
    reachMs: 0,
    usesTime: false,
    usesWindowNames: false,
    identity: { kind: 'row', columns: [] },
    columns: null,
    findings: [],
    ...over,
  };
}

/** A runnable rule for tests: a stream over DeviceEvents every hour, unless said otherwise. */
export function makeRule(over: Partial<RunnableRule> = {}, prepared: Partial<PreparedQuery> = {}): RunnableRule {
  return {
    id: 'rule',
    name: 'Rule',
    description: 'A rule of a test.',
    severity: 'medium',
    version: '1.0.0',
    status: 'enabled',
    attack: [],
    tags: [],
    author: null,
    references: [],
    falsePositives: [],
    runbook: null,
    params: {},
    query: 'DeviceEvents',
    shape: null,
    schedule: { kind: 'every', everyMs: HOUR, lookbackMs: null },
    window: { basis: 'ingestion', tables: {}, keepFilters: 'never' },
    threshold: { measure: 'rows', column: null, operator: '>', value: 0, groupBy: [] },
    alert: {
      per: 'row',
      title: null,
      description: null,
      severityColumn: null,
      entities: null,
      details: {},
      dedupColumns: null,
      suppressMs: null,
      limit: 150,
      evidence: 20,
    },
    exceptions: [],
    targets: null,
    tests: [],
    hash: 'hash',
    map: {
      file: 'rule.yaml',
      place: () => ({ line: 1, column: 1 }),
      placeOf: () => ({ line: 1, column: 1 }),
      textPlace: () => ({ line: 1, column: 1 }),
      folds: null,
    },
    effectiveShape: 'stream',
    lookbackMs: HOUR,
    ...over,
    prepared: makePrepared(prepared),
  };
}
