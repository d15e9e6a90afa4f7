import { type KqlNode, type KqlTree, walk } from '../ast.ts';
import { type FindingList, fail, tell, warn } from '../findings.ts';
import { DEFENDER_FUNCTIONS } from '../stored-functions.ts';
import { listOf } from './nodes.ts';

/** A rule is one query that gives one table: counts the statements that give one. */
export function checkStatements(tree: KqlTree, findings: FindingList): void {
  const statements = listOf(tree.root, 'Statements').filter((node) => node.kind === 'ExpressionStatement');
  const [first, second] = statements;
  if (tree.root.kind !== 'QueryBlock') {
    fail(findings, 'no-query', tree.root, 'This is a management command and no query.', null);
  } else if (!first) {
    const end = { start: tree.root.end, end: tree.root.end };
    fail(
      findings,
      'no-query',
      end,
      'There is no statement that gives rows.',
      'End the query with a table or variable.',
    );
  } else if (second) {
    fail(
      findings,
      'several-queries',
      second,
      'A rule is one query: this is a second one.',
      'Use `union`, or two rules.',
    );
  } else if (tree.columns === null && tree.diagnostics.length === 0) {
    fail(findings, 'no-query', first, 'This gives a value and no rows.', 'End the query with a table or variable.');
  }
}

/** Where reserved lets and params can be put in without moving a line: behind comments and directives. */
export function preludePlace(tree: KqlTree): number {
  return listOf(tree.root, 'Statements')[0]?.start ?? 0;
}

const CUTS: Readonly<Record<string, string>> = {
  TakeOperator: 'take',
  SampleOperator: 'sample',
  TopOperator: 'top',
  SampleDistinctOperator: 'sample-distinct',
};

const RANDOM = ['rand', 'new_guid'];

/** What makes a run tell less than it found, or differ from a repeat of it. */
export function adviseOperators(tree: KqlTree, findings: FindingList): void {
  for (const node of walk(tree.root)) {
    const cut = CUTS[node.kind];
    if (cut)
      warn(findings, 'row-limit', node, `\`${cut}\` keeps some rows; the others are never told.`, 'Leave it out.');
    const name = unrepeatable(node);
    if (name)
      tell(findings, 'not-repeatable', node, `\`${name}\` may give other values when a window is asked again.`, null);
  }
}

function unrepeatable(node: KqlNode): string | null {
  if (node.kind === 'ExternalDataExpression') return 'externaldata';
  if (node.kind !== 'FunctionCallExpression' || !node.reference) return null;
  const { name, builtIn } = node.reference;
  const stored = DEFENDER_FUNCTIONS.some((one) => one.name === name);
  return (builtIn && RANDOM.includes(name)) || (stored && !builtIn) ? name : null;
}
