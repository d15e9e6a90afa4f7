import type { PreparedQuery } from '../../src/kql/prepared.ts';

/** What an analysis might say; a plain stream unless told otherwise. */
export function preparedOf(more: Partial<PreparedQuery> = {}): PreparedQuery {
  return {
    text: '',
    basis: 'ingestion',
    preludeAt: 0,
    shape: 'stream',
    shapeReason: '',
    tables: [],
    timeCalls: [],
    ownFilters: [],
    unclearFilters: [],
    absorbed: [],
    absorbedMs: null,
    upperMs: 0,
    reachMs: 0,
    usesTime: false,
    usesWindowNames: false,
    identity: { kind: 'event', columns: ['Timestamp', 'DeviceId', 'ReportId'] },
    columns: null,
    findings: [],
    ...more,
  };
}
