import type { Exception, RuleTest, RunnableRule } from '../rules/rule.ts';
import type { Difference } from './match-alerts.ts';
import { rehearse, type TestStage } from './test-stage.ts';

export interface ExceptionRuns {
  /** By exception, how many rows of the test it takes out where it stands alone. */
  readonly rows: readonly number[];
  readonly differences: readonly Difference[];
}

/**
 * The test's data once more for each exception of the rule, with that one alone: the run must go well, and where the query ran, the
 * columns that it names must be in the result.
 */
export async function tryExceptions(rule: RunnableRule, test: RuleTest, stage: TestStage): Promise<ExceptionRuns> {
  const rows: number[] = [];
  const differences: Difference[] = [];
  for (const [index, exception] of rule.exceptions.entries()) {
    const report = await rehearse({ ...rule, exceptions: [exception] }, stage);
    rows.push(report?.run.rowReasons.excepted ?? 0);
    const wrong = report && whatIsWrong(report, exception, test);
    if (wrong) differences.push({ path: `exceptions[${index}] alone`, ...wrong });
  }
  return { rows, differences };
}

type Rehearsed = NonNullable<Awaited<ReturnType<typeof rehearse>>>;

function whatIsWrong(
  { run, answer }: Rehearsed,
  { where }: Exception,
  test: RuleTest,
): Pick<Difference, 'expected' | 'actual'> | null {
  if (run.error) return { expected: 'a run that goes well', actual: `${run.error.code}: ${run.error.message}` };
  if (answer.kind === 'failed' || test.rows) return null;
  const columns = new Set(answer.columns.map(({ name }) => name));
  const missing = Object.keys(where).filter((name) => !columns.has(name));
  if (missing.length === 0) return null;
  return { expected: 'columns of the result', actual: `the result has no ${missing.join(', ')}: it takes nothing out` };
}
