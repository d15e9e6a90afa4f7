import type { KqlTree } from '../ast.ts';
import { itemsOf, walk } from '../ast.ts';

/** Names that packs declare begin so. */
export const PACK_PREFIX = '_huntwire_';

const STATEMENTS: ReadonlySet<string> = new Set(['LetStatement', 'ExpressionStatement']);

/**
 * What says something in a query of its own and not in the body of a function: an order that a union does not keep, names that hold beyond
 * the operator that gives them, more than one table, a chart.
 */
const OF_WHOLE_QUERIES: ReadonlySet<string> = new Set([
  'SortOperator',
  'TopOperator',
  'TopNestedOperator',
  'TopHittersOperator',
  'SerializeOperator',
  'ScanOperator',
  'AsOperator',
  'ForkOperator',
  'FacetOperator',
  'RenderOperator',
  'ConsumeOperator',
  'MacroExpandOperator',
  'FindOperator',
  'SearchOperator',
]);

/** Whether the query means the same as the body of a function without parameters, beside others in one union. */
export function isPackable(tree: KqlTree): boolean {
  if (!itemsOf(tree.root, 'Statements').every(({ kind }) => STATEMENTS.has(kind))) return false;
  if (/^\s*#/m.test(tree.text)) return false;
  for (const { kind, text } of walk(tree.root)) {
    if (OF_WHOLE_QUERIES.has(kind)) return false;
    if (text.toLowerCase() === 'withsource' || text.includes(PACK_PREFIX)) return false;
  }
  return true;
}
