import { noted } from './noted.ts';

export const filterLate = noted({
  id: 'filter-late',
  description: 'A condition behind `summarize` or `join` that asks only for columns that were there before.',
  why: 'The service groups or joins rows that are dropped right after, and may run into its limits.',
  mend: 'Put the condition into a `where` before the operator.',
  severity: 'info',
});
