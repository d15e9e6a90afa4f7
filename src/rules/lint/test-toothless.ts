import type { Rule, RuleTest } from '../rule.ts';
import type { LintCheck } from './check.ts';

/** A test is worth what it would notice. */
export const testToothless: LintCheck = {
  id: 'test-toothless',
  description: 'A test that cannot fail: it gives no rows and expects no alert.',
  why: 'It passes whatever the query says, and looks like a test of what the rule leaves alone.',
  mend: 'Give it rows that are near to a hit and must stay quiet.',
  severity: 'warning',
  analyzed: false,
  refuses: [],
  check: (rule) =>
    rule.tests.flatMap((test) => {
      const { file, line, column } = test;
      if (test.alerts.length > 0 || hasRows(test) || tellsNothing(rule)) return [];
      const message = `The test "${test.name}" gives no rows and expects no alert, so that it cannot fail.`;
      const suggestion = 'Give it rows that are near to a hit and must stay quiet.';
      return [{ place: { line, column, ...(file && { file }) }, message, suggestion }];
    }),
};

function hasRows({ rows, tables, functions, externaldata }: RuleTest): boolean {
  const given = [...Object.values(tables ?? {}), ...Object.values(functions), ...Object.values(externaldata)];
  return (rows?.length ?? 0) > 0 || given.some((one) => one.length > 0);
}

/** A rule that is told when nothing is there may be loud over no rows. */
function tellsNothing({ threshold }: Rule): boolean {
  return threshold.operator !== '>' && threshold.operator !== '>=';
}
