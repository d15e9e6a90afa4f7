import type { KqlDiagnostic, KqlTree } from '../ast.ts';
import { QueryProblem } from './problem.ts';

/**
 * Findings of the binder that the real engine does not share, or that compiling judges better:
 * value types of arguments (KS107, KS134), unknown names (KS142: bare column arguments of `invoke`, fuzzy legs),
 * plugins without declared schema (KS124).
 */
const LEFT_TO_COMPILING: ReadonlySet<string> = new Set(['KS107', 'KS134', 'KS142', 'KS124']);

/** Throws for the first finding with which the service would refuse the query. */
export function refuseFaulty(tree: KqlTree): void {
  const faulty = tree.diagnostics.filter((one) => one.severity === 'error');
  const syntax = faulty.find((one) => one.syntax);
  if (syntax) throw problemOf('KQL_SYNTAX', syntax);
  const semantic = faulty.find((one) => !LEFT_TO_COMPILING.has(one.code));
  if (semantic) throw problemOf('KQL_FAILED', semantic);
}

function problemOf(code: 'KQL_SYNTAX' | 'KQL_FAILED', finding: KqlDiagnostic): QueryProblem {
  return new QueryProblem(code, `${finding.message} [${finding.code}]`, finding);
}
