import type { KqlDiagnostic, KqlSeverity } from '../ast.ts';
import { call, type Foreign, foreignList, foreignText, member } from './foreign.ts';

/** What the parser and its binder complain of. Those of the syntax are found by a walk of their own, and are among all. */
export function convertDiagnostics(code: Foreign): readonly KqlDiagnostic[] {
  const all = foreignList(call(code, 'GetDiagnostics'));
  if (all.length === 0) return [];
  const syntax = new Set(foreignList(call(code, 'GetSyntaxDiagnostics')).map(diagnosticKey));
  return Object.freeze(all.map((item) => toDiagnostic(item, syntax.has(diagnosticKey(item)))));
}

function diagnosticKey(item: Foreign): string {
  return `${member(item, 'Code')}:${member(item, 'Start')}:${member(item, 'Length')}`;
}

const SEVERITIES: Readonly<Record<string, KqlSeverity>> = {
  Error: 'error',
  Warning: 'warning',
  Suggestion: 'info',
  Information: 'info',
};

function toDiagnostic(item: Foreign, syntax: boolean): KqlDiagnostic {
  const start = Number(member(item, 'Start'));
  return Object.freeze({
    code: foreignText(member(item, 'Code')),
    severity: SEVERITIES[foreignText(member(item, 'Severity'))] ?? 'info',
    start,
    end: start + Number(member(item, 'Length')),
    message: foreignText(member(item, 'Message')),
    syntax,
  });
}
