import type { LintCheck } from './check.ts';
import { querySpan } from './query-span.ts';

/** What the analysis of the query says: syntax, names that the schema does not know, expanded wildcards, outdated columns. */
export const queryFinding: LintCheck = {
  id: 'query-finding',
  description:
    'What the analysis of the query says, as severe as it is: syntax errors (refused), names that the schema does not know (an error where one is misspelt; the rule runs all the same), expanded wildcards.',
  why: 'Part of it is refused by the service, and part is a name that your tenant may or may not have.',
  mend: 'Follow the hint of the finding.',
  severity: 'warning',
  analyzed: false,
  refuses: [],
  check: (rule, { prepared }) =>
    prepared.findings.map((finding) => ({
      ...querySpan(rule.map, finding),
      message: `${finding.message} [${finding.code}]`,
      suggestion: finding.hint,
      severity: finding.sure ? 'error' : finding.severity,
      refuses: finding.severity === 'error',
    })),
};
