import { noted } from './noted.ts';

export const newestNeedless = noted({
  id: 'newest-needless',
  description: '`arg_max` or `arg_min` by a literal, or by a column that the rows are grouped by.',
  why: 'All rows of the group are equal in it: the service compares for nothing, and readers look for the newest row.',
  mend: 'Write `take_any()`, or measure by the time that was meant.',
  severity: 'info',
});
