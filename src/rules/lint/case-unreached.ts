import { noted } from './noted.ts';

export const caseUnreached = noted({
  id: 'case-unreached',
  description:
    'An arm of `case()` whose condition holds only where an earlier one does: the severity or text behind it is never reached.',
  why: 'Such a rule tells everything as medium and never anything as high, and looks right.',
  mend: 'Put the narrower condition first: `case(Count > 100, "high", Count > 10, "medium", "low")`.',
  severity: 'warning',
});
