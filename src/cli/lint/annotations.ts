import { visibleLine } from '../../lib/visible.ts';
import { LINT_SEVERITIES, type LintFinding } from '../../rules/lint/check.ts';
import { relativePath } from './relative-path.ts';

const COMMANDS = { error: 'error', warning: 'warning', info: 'notice' } as const;

/**
 * Findings as GitHub's workflow commands, the severest first, because GitHub shows only the first ten of a kind. Texts of rules cannot end
 * a command or begin another: everything is one line, and what divides the parts of a command is escaped.
 */
export function annotationsOf(findings: readonly LintFinding[], cwd: string): readonly string[] {
  const rank = ({ severity }: LintFinding): number => LINT_SEVERITIES.indexOf(severity);
  return [...findings].sort((left, right) => rank(left) - rank(right)).map((finding) => annotationOf(finding, cwd));
}

function annotationOf(finding: LintFinding, cwd: string): string {
  const { check, severity, file, line, column, endLine, endColumn, message, suggestion } = finding;
  const properties = {
    file: relativePath(cwd, file),
    line,
    // GitHub shows no annotation whose columns lie on different lines.
    ...(endLine === line && endColumn !== null && { endLine, col: column, endColumn }),
    ...(endLine === null && { col: column }),
    title: check,
  };
  const given = Object.entries(properties).map(([key, value]) => `${key}=${inProperty(String(value))}`);
  const text = suggestion === null ? message : `${message} ${suggestion}`;
  return `::${COMMANDS[severity]} ${given.join(',')}::${inMessage(text)}`;
}

function inMessage(text: string): string {
  return visibleLine(text)
    .replaceAll('%', '%25')
    .replace(/##(?=(?:vso|teamcity)?\[)/g, '# #');
}

function inProperty(text: string): string {
  return inMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
