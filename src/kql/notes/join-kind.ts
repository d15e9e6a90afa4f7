import { childOf, itemsOf, type KqlNode, walk } from '../ast.ts';
import { nameText, parameterText } from '../prepare/nodes.ts';
import type { NoteFinder } from './note.ts';

export const joinKindNote: NoteFinder = {
  check: 'join-kind-missing',
  kinds: ['JoinOperator'],
  look: (node, { parentOf }) => {
    const keyword = childOf(node, 'JoinKeyword');
    if (!keyword || parameterText(node, /^kind$/i) !== '') return [];
    const pipe = parentOf(node);
    if (pipe && hasOneRowAKey(childOf(pipe, 'Expression'), keysOf(node))) return [];
    const message =
      'Without a kind, join is "innerunique": of all left rows with one key a single one is joined, whichever comes first.';
    return [
      {
        start: keyword.start,
        end: keyword.end,
        message,
        hint: 'Write "join kind=inner", or kind=innerunique where that is meant.',
      },
    ];
  },
};

/** The columns of the left side by which it is joined, where they are plain. */
function keysOf(join: KqlNode): readonly string[] {
  const clause = join.children.find(({ kind }) => kind === 'JoinOnClause');
  const keys = clause ? itemsOf(clause, 'Expressions') : [];
  return keys.map((key) => {
    if (key.kind !== 'EqualExpression') return nameText(key);
    const names = [...walk(childOf(key, 'Left') ?? key)].filter(({ kind }) => kind === 'NameReference').map(nameText);
    return names[0] === '$left' ? (names.at(-1) ?? '') : '';
  });
}

/** What passes rows on as they are, or leaves some out. */
const PASSING = ['FilterOperator', 'SortOperator'];

/** Whether the left side was just grouped by no more than these columns: then nothing is left out. */
function hasOneRowAKey(left: KqlNode | null, keys: readonly string[]): boolean {
  const operator = left?.kind === 'PipeExpression' ? childOf(left, 'Operator') : null;
  if (!left || !operator) return false;
  if (PASSING.includes(operator.kind)) return hasOneRowAKey(childOf(left, 'Expression'), keys);
  const grouped = groupsOf(operator);
  return grouped.length > 0 && grouped.every((one) => one.kind === 'NameReference' && keys.includes(nameText(one)));
}

function groupsOf(operator: KqlNode): readonly KqlNode[] {
  if (operator.kind === 'DistinctOperator') return itemsOf(operator, 'Expressions');
  const clause = operator.kind === 'SummarizeOperator' ? childOf(operator, 'ByClause') : null;
  return clause ? itemsOf(clause, 'Expressions') : [];
}
