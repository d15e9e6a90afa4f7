import { argumentsOf, type KqlDiagnostic, type KqlNode, type KqlTree, walk } from '../kql/ast.ts';
import { nameOf, parametersOf, parameterValue } from './compile/nodes.ts';
import { QueryProblem } from './problem.ts';

/** Findings of the binder that compiling judges better: value types of arguments (KS107, KS134, KS234), plugins without declared schema (KS124). */
const LEFT_TO_COMPILING: ReadonlySet<string> = new Set(['KS107', 'KS134', 'KS124', 'KS234']);
const UNKNOWN_NAME = 'KS142';

/** Throws for the first finding with which the service would refuse the query. */
export function refuseFaulty(tree: KqlTree): void {
  const faulty = tree.diagnostics.filter((one) => one.severity === 'error');
  const syntax = faulty.find((one) => one.syntax);
  if (syntax) throw problemOf('KQL_SYNTAX', syntax);
  const semantic = faulty.find((one) => !LEFT_TO_COMPILING.has(one.code) && !isTolerated(one, tree.root));
  if (semantic) throw problemOf('KQL_FAILED', semantic);
}

/** Unknown names are fine as bare column arguments of `invoke`, as legs of a fuzzy union, and where the binder does not look into inner_nodes(). */
function isTolerated(finding: KqlDiagnostic, root: KqlNode): boolean {
  if (finding.code !== UNKNOWN_NAME) return false;
  for (const node of walk(root)) {
    const isAround = node.start <= finding.start && finding.end <= node.end;
    if (isAround && (node.kind === 'InvokeOperator' || isFuzzyUnion(node) || isOverInnerNodes(node))) return true;
  }
  return false;
}

/** `map(inner_nodes(path), property)` and its like. */
function isOverInnerNodes(node: KqlNode): boolean {
  const [path] = node.kind === 'FunctionCallExpression' ? argumentsOf(node) : [];
  return path?.kind === 'FunctionCallExpression' && nameOf(path) === 'inner_nodes';
}

function isFuzzyUnion(node: KqlNode): boolean {
  if (node.kind !== 'UnionOperator') return false;
  return parameterValue(parametersOf(node).get('isfuzzy'))?.toLowerCase() === 'true';
}

function problemOf(code: 'KQL_SYNTAX' | 'KQL_FAILED', finding: KqlDiagnostic): QueryProblem {
  return new QueryProblem(code, `${finding.message} [${finding.code}]`, finding);
}
