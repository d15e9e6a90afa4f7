import { argumentsOf, itemsOf, type KqlDiagnostic, type KqlNode, type KqlTree, walk } from '../kql/ast.ts';
import { nameOf, parametersOf, parameterValue } from './compile/nodes.ts';
import { QueryProblem } from './problem.ts';

/** Findings of the binder that compiling judges better: value types of arguments (KS107, KS134, KS234), plugins without declared schema (KS124). */
const LEFT_TO_COMPILING: ReadonlySet<string> = new Set(['KS107', 'KS134', 'KS124', 'KS234']);
const UNKNOWN_NAME = 'KS142';
/** Of the operators that a partition of a graph may hold the binder knows graph-match alone. */
const NOT_HERE = 'KS177';
const UNKNOWN_DATABASE = 'KS208';
const NO_LITERAL = 'KS131';
const NOT_OF_VALUES = 'KS140';

/** Throws for the first finding with which the service would refuse the query. */
export function refuseFaulty(tree: KqlTree): void {
  const faulty = tree.diagnostics.filter((one) => one.severity === 'error');
  const syntax = faulty.find((one) => one.syntax);
  if (syntax) throw problemOf('KQL_SYNTAX', syntax);
  const semantic = faulty.find((one) => !LEFT_TO_COMPILING.has(one.code) && !isTolerated(one, tree.root));
  if (semantic) throw problemOf('KQL_FAILED', semantic);
}

type Tolerance = (around: KqlNode, finding: KqlDiagnostic) => boolean;

/** Around which nodes a finding of the binder is none of the service. */
const TOLERATED: ReadonlyMap<string, Tolerance> = new Map<string, Tolerance>([
  // Bare column arguments of `invoke`, legs of a fuzzy union, what inner_nodes() holds and patterns of restrict, where the binder does not look.
  [UNKNOWN_NAME, isBeyondBinder],
  [NOT_HERE, ({ kind }) => kind === 'MakeGraphPartitionedByClause'],
  [UNKNOWN_DATABASE, ({ kind }) => kind === 'EntityGroupExpression'],
  // `let unit = 'day'; … datetime_diff(unit, …)`: a name stands for a constant.
  [NO_LITERAL, ({ reference }) => reference?.kind === 'variable' || reference?.kind === 'parameter'],
  // An older spelling in the parts of a time.
  [NOT_OF_VALUES, ({ value }) => value?.toLowerCase() === 'weekofyear'],
]);

function isTolerated(finding: KqlDiagnostic, root: KqlNode): boolean {
  const isFine = TOLERATED.get(finding.code);
  if (!isFine) return false;
  for (const node of walk(root)) {
    if (node.start <= finding.start && finding.end <= node.end && isFine(node, finding)) return true;
  }
  return false;
}

/** `restrict access to (View*)`: a pattern may fit what the binder does not look at. */
function hasPattern(node: KqlNode, finding: KqlDiagnostic): boolean {
  if (node.kind !== 'RestrictStatement') return false;
  const part = itemsOf(node, 'Expressions').find((one) => one.start <= finding.start && finding.end <= one.end);
  return part !== undefined && [...walk(part)].some(({ kind }) => kind === 'WildcardedName');
}

function isBeyondBinder(node: KqlNode, finding: KqlDiagnostic): boolean {
  return node.kind === 'InvokeOperator' || isFuzzyUnion(node) || isOverInnerNodes(node) || hasPattern(node, finding);
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
