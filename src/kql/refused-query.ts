import { type FindingList, fail, sortFindings } from './findings.ts';
import type { PreparedQuery, PrepareOptions } from './prepared.ts';
import { MAX_QUERY_LENGTH } from './query-limits.ts';

/** A query that cannot be prepared, with the findings that say why. */
export function refusedQuery(text: string, options: PrepareOptions, findings: FindingList): PreparedQuery {
  const { basis, sets = basis } = options;
  const shape = basis === 'none' ? 'snapshot' : (options.shape ?? 'set');
  return Object.freeze({
    text,
    basis: shape === 'set' ? sets : basis,
    preludeAt: 0,
    shape,
    shapeReason: '',
    tables: Object.freeze([]),
    timeCalls: Object.freeze([]),
    ownFilters: Object.freeze([]),
    unclearFilters: Object.freeze([]),
    absorbed: Object.freeze([]),
    absorbedMs: null,
    upperMs: 0,
    reachMs: 0,
    usesTime: false,
    usesWindowNames: false,
    identity: Object.freeze({ kind: 'none', columns: Object.freeze([]) }),
    columns: null,
    findings: Object.freeze(sortFindings(findings)),
  });
}

/** A prepared query that only says that it asks too much. */
export function refuseLarge(text: string, options: PrepareOptions, message: string): PreparedQuery {
  const findings: FindingList = [];
  fail(findings, 'query-too-large', { start: 0, end: 0 }, message, 'Split the rule, or shorten its lists.');
  return refusedQuery(text, options, findings);
}

/** One that is refused for its length alone; null: it is short enough to be analyzed. */
export function refuseLong(text: string, options: PrepareOptions): PreparedQuery | null {
  if (text.length <= MAX_QUERY_LENGTH) return null;
  const message = `The query has ${text.length} characters; at most ${MAX_QUERY_LENGTH} are analyzed.`;
  return refuseLarge(text, options, message);
}
