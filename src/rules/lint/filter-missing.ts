import type { LintCheck } from './check.ts';
import { noted } from './noted.ts';

const told = noted({
  id: 'filter-missing',
  description: 'A query that asks its tables for nothing but time.',
  why: 'It tells every event that there is, or counts over all of them, and costs run time by the size of the tenant.',
  mend: 'Add a `where` for what makes a row worth telling.',
  severity: 'warning',
});

/** A rule that is told when rows are missing, or that measures them, may well read all. */
export const filterMissing: LintCheck = {
  ...told,
  check: (rule, context) => {
    const { measure, operator, value } = rule.threshold;
    const tellsRows = measure === 'rows' && (operator === '>' || operator === '>=') && value <= 1;
    return tellsRows ? told.check(rule, context) : [];
  },
};
