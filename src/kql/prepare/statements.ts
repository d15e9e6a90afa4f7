import type { KqlTree } from '../ast.ts';
import { itemsOf } from '../ast.ts';
import { type FindingList, fail } from '../findings.ts';

/** A rule is one query that gives one table: counts the statements that give one. */
export function checkStatements(tree: KqlTree, findings: FindingList): void {
  const statements = itemsOf(tree.root, 'Statements').filter((node) => node.kind === 'ExpressionStatement');
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
  return itemsOf(tree.root, 'Statements')[0]?.start ?? 0;
}
