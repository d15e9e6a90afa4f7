import type { Branch } from '../engine/branches.ts';
import type { Place } from '../lib/yaml/parse-yaml.ts';
import type { RunnableRule } from '../rules/rule.ts';
import type { RuleTestResult } from './test-rule.ts';

/**
 * Why a part of a query counts as untested: `query`: no test has events that it runs over; `never-asked`: no row came so far;
 * `never-true`, `never-false`: no row for which it is so; `never-chosen`: an arm of `iff` or `case` that no row took.
 */
export type UntestedReason = 'query' | 'never-asked' | 'never-true' | 'never-false' | 'never-chosen';

/** A part of a rule's query that none of its tests has shown to do what it is there for. */
export interface Untested extends Place {
  readonly rule: string;
  readonly file: string;
  readonly part: Branch['part'] | 'query';
  readonly because: UntestedReason;
  /** Its text. */
  readonly text: string;
}

/** What no test of the rule reached, in the order of its query. */
export function untestedParts(rule: RunnableRule, results: readonly RuleTestResult[]): readonly Untested[] {
  const ran = results.flatMap((one) => (one.rule === rule.id && one.branches ? [one.branches] : []));
  if (ran.length === 0) return [untested(rule, { part: 'query', start: 0, end: 0 }, 'query')];
  const found = merged(ran).flatMap((branch): readonly Found[] => {
    const because = reasonOf(branch);
    return because ? [{ branch, because }] : [];
  });
  return found
    .filter((one) => !found.some((outer) => says(outer, one)))
    .map(({ branch, because }) => untested(rule, branch, because));
}

interface Found {
  readonly branch: Branch;
  readonly because: UntestedReason;
}

function merged(ran: readonly (readonly Branch[])[]): readonly Branch[] {
  const byPlace = new Map<string, Branch>();
  for (const branch of ran.flat()) {
    const key = `${branch.start}:${branch.end}`;
    const before = byPlace.get(key);
    const [held, failed] = [branch.held || before?.held === true, branch.failed || before?.failed === true];
    byPlace.set(key, { ...branch, held, failed });
  }
  return [...byPlace.values()].sort((a, b) => a.start - b.start || b.end - a.end);
}

function reasonOf({ part, held, failed }: Branch): UntestedReason | null {
  if (part === 'arm') return held ? null : 'never-chosen';
  if (!held) return failed || part === 'or' ? 'never-true' : 'never-asked';
  // What an operand of `or` lets through is its job; that it does not let all through, that of the whole.
  return failed || part === 'or' ? null : 'never-false';
}

/**
 * Whether the other already says it: where no row came to the whole, none came to its parts; where none passes a list of `or`, none
 * passes by an operand; and what holds of an operand of `and` holds of the whole for its sake.
 */
function says(other: Found, { branch, because }: Found): boolean {
  if (other.branch === branch) return false;
  if (other.because === 'never-asked') return holds(other.branch, branch);
  if (other.because !== because) return false;
  if (holds(branch, other.branch)) return other.branch.part === 'and';
  return because === 'never-true' && branch.part === 'or' && holds(other.branch, branch);
}

function holds(outer: Branch, inner: Branch): boolean {
  return outer.part !== 'arm' && outer.start <= inner.start && outer.end >= inner.end;
}

function untested(
  rule: RunnableRule,
  { part, start, end }: { readonly part: Untested['part']; readonly start: number; readonly end: number },
  because: UntestedReason,
): Untested {
  const { line, column } = rule.map.place(start);
  return { rule: rule.id, file: rule.map.file, line, column, part, because, text: rule.query.slice(start, end) };
}
