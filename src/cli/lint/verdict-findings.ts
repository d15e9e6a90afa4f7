import type { LintFinding } from '../../rules/lint/check.ts';
import type { Verdict } from '../../rules/readers/verdict.ts';

/** What reading a file of another product found odd, as findings. */
export function findingsOfVerdict({ file, warnings }: Verdict): readonly LintFinding[] {
  return warnings.map(({ line, column, message }) => ({
    check: 'vendor-file',
    severity: 'warning',
    file,
    line,
    column,
    endLine: null,
    endColumn: null,
    message,
    suggestion: null,
    fix: null,
    refuses: false,
  }));
}
