import type { LintFinding } from '../../../src/rules/lint/check.ts';

/** A finding at the beginning of a file unless told otherwise. */
export function findingOf(more: Partial<LintFinding> = {}): LintFinding {
  return {
    check: 'limited-rows',
    severity: 'warning',
    file: '/repo/rules/a.yaml',
    line: 1,
    column: 1,
    endLine: null,
    endColumn: null,
    message: 'It drops rows.',
    suggestion: null,
    fix: null,
    refuses: false,
    ...more,
  };
}
