import type { LintCheck } from './check.ts';

/** What the analysis of the query says: syntax, names that the schema does not know, expanded wildcards, outdated columns. */
export const queryFinding: LintCheck = {
  id: 'query-finding',
  description:
    'What the analysis of the query says, as severe as it is: syntax errors (refused), names that the schema does not know (an error where one is misspelt; the rule runs all the same), expanded wildcards.',
  severity: 'warning',
  analyzed: false,
  refuses: [],
  check: (rule, { prepared }) =>
    prepared.findings.map((finding) => ({
      place: rule.map.place(finding.start),
      message: `${finding.message} [${finding.code}]`,
      suggestion: finding.hint,
      severity: finding.sure ? 'error' : finding.severity,
    })),
};
