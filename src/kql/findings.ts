import type { QueryFinding } from './prepared.ts';

/** Findings of one query, gathered in any order. */
export type FindingList = QueryFinding[];

interface Span {
  readonly start: number;
  readonly end: number;
}

/** A construct that cannot be searched window by window: refuses the rule. */
export function refuseQuery(findings: FindingList, at: Span, message: string, hint: string): void {
  add(findings, 'window-refused', 'error', at, message, hint);
}

export function fail(findings: FindingList, code: string, at: Span, message: string, hint: string | null): void {
  add(findings, code, 'error', at, message, hint);
}

export function warn(findings: FindingList, code: string, at: Span, message: string, hint: string | null): void {
  add(findings, code, 'warning', at, message, hint);
}

function add(
  findings: FindingList,
  code: string,
  severity: QueryFinding['severity'],
  at: Span,
  message: string,
  hint: string | null,
): void {
  findings.push(Object.freeze({ code, severity, start: at.start, end: at.end, message, hint }));
}

/** By place, errors first where two stand at one place. */
export function sortFindings(findings: readonly QueryFinding[]): readonly QueryFinding[] {
  const rank = { error: 0, warning: 1, info: 2 };
  return [...findings].sort((a, b) => a.start - b.start || rank[a.severity] - rank[b.severity] || a.end - b.end);
}
