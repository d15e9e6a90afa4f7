import type { Analyst, PrepareOptions } from '../kql/prepared.ts';
import { HuntwireError, type Problem } from '../lib/errors.ts';
import { firstInFile } from '../lib/problem-order.ts';
import type { LintSubject } from './lint/check.ts';
import { makeRunnable } from './make-runnable.ts';
import type { Rule, RunnableRule } from './rule.ts';

/** Rules with their queries analyzed. With problems, callers start nothing. */
export interface PreparedRules {
  readonly rules: readonly RunnableRule[];
  readonly problems: readonly Problem[];
  /** Every rule with its analysis, for lint. */
  readonly subjects: readonly LintSubject[];
}

/** Analyzes the query of every rule and joins both to what runs; `progress` is told after each. */
export async function prepareRules(
  rules: readonly Rule[],
  analyst: Analyst,
  progress: (done: number) => void = () => undefined,
): Promise<PreparedRules> {
  const runnable: RunnableRule[] = [];
  const problems: Problem[] = [];
  const subjects: LintSubject[] = [];
  for (const rule of rules) {
    const prepared = await analyst.prepare(rule.query, prepareOptions(rule));
    const made = makeRunnable(rule, prepared);
    subjects.push({ rule, prepared });
    problems.push(...firstInFile(made.problems));
    if (made.rule) runnable.push(made.rule);
    progress(subjects.length);
  }
  return { rules: runnable, problems, subjects };
}

function prepareOptions(rule: Rule): PrepareOptions {
  const { shape, params, schedule } = rule;
  return { ...rule.window, shape, params, lookbackMs: schedule.lookbackMs };
}

/** Throws one RULE_INVALID error with all problems, so that nothing starts with half of the rules. */
export function refuseProblems(problems: readonly Problem[]): void {
  const [first] = problems;
  if (!first) return;
  const count = problems.length === 1 ? 'A rule has a problem' : `The rules have ${problems.length} problems`;
  const place = [first.file, first.line, first.column].filter((part) => part !== null).join(':');
  throw new HuntwireError('RULE_INVALID', `${count}, nothing was started: ${place}: ${first.message}`, { problems });
}
