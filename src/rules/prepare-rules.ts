import type { Analyst, PrepareOptions } from '../kql/prepared.ts';
import { HuntwireError, type Problem } from '../lib/errors.ts';
import { mapFew } from '../lib/loop/map-few.ts';
import { firstInFile } from '../lib/problem-order.ts';
import type { LintSubject } from './lint/check.ts';
import { makeRunnable } from './make-runnable.ts';
import type { Rule, RunnableRule } from './rule.ts';

/** Rules with their queries analyzed. With problems, callers start nothing. */
export interface PreparedRules {
  readonly rules: readonly RunnableRule[];
  readonly problems: readonly Problem[];
  /** What refuses rules of other products. They are left out and told, and the others run. */
  readonly refusals: readonly Problem[];
  /** By the id of every rule that cannot run the first reason. */
  readonly refused: ReadonlyMap<string, string>;
  /** Every rule with its analysis, for lint. */
  readonly subjects: readonly LintSubject[];
}

/** More than have all hands of an analyst at work; of thousands at once, all texts that answers are read from would be in memory together. */
const MOST_AT_ONCE = 256;

/** Analyzes the query of every rule, as many at once as the analyst has hands, and joins both to what runs; `progress` is told after each. */
export async function prepareRules(
  rules: readonly Rule[],
  analyst: Analyst,
  progress: (done: number) => void = () => undefined,
): Promise<PreparedRules> {
  const runnable: RunnableRule[] = [];
  const problems: Problem[] = [];
  const refusals: Problem[] = [];
  const refused = new Map<string, string>();
  let done = 0;
  const subjects = await mapFew(rules, MOST_AT_ONCE, async (read): Promise<LintSubject> => {
    const subject = await prepareRule(read, analyst);
    done += 1;
    progress(done);
    return subject;
  });
  for (const { rule, prepared } of subjects) {
    const made = makeRunnable(rule, prepared);
    (rule.origin ? refusals : problems).push(...firstInFile(made.problems));
    if (made.rule) runnable.push(made.rule);
    else refused.set(rule.id, made.problems[0]?.message ?? 'The query cannot be run.');
  }
  return { rules: runnable, problems, refusals, refused, subjects };
}

/** What a window counts may depend on the shape of the query, which only the analysis knows. */
export async function prepareRule(rule: Rule, analyst: Pick<Analyst, 'prepare'>): Promise<LintSubject> {
  const prepared = await analyst.prepare(rule.query, prepareOptions(rule));
  const { sets, ...window } = rule.window;
  if (sets === undefined || prepared.shape !== 'set') return { rule, prepared };
  return { rule: Object.freeze({ ...rule, window: Object.freeze({ ...window, basis: sets }) }), prepared };
}

function prepareOptions(rule: Rule): PrepareOptions {
  const { shape, params, schedule } = rule;
  const { basis, sets, tables, keepFilters } = rule.window;
  return { basis, sets, tables, keepFilters, shape, params, lookbackMs: schedule.lookbackMs };
}

/** Throws one RULE_INVALID error with all problems, so that nothing starts with half of the rules. */
export function refuseProblems(problems: readonly Problem[]): void {
  const [first] = problems;
  if (!first) return;
  const count = problems.length === 1 ? 'A rule has a problem' : `The rules have ${problems.length} problems`;
  const place = [first.file, first.line, first.column].filter((part) => part !== null).join(':');
  throw new HuntwireError('RULE_INVALID', `${count}, nothing was started: ${place}: ${first.message}`, { problems });
}
