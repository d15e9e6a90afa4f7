import { childOf, itemsOf, type KqlNode, walk } from '../ast.ts';
import { innermost, parameterText } from '../prepare/nodes.ts';
import type { NoteFinder, NoteReading } from './note.ts';

/** Kinds of joins whose left rows are filtered before or behind them alike. */
const LEFT_KINDS = ['inner', 'leftouter', 'leftsemi', 'leftanti', 'leftantisemi', 'anti'];

export const filterLateNote: NoteFinder = {
  check: 'filter-late',
  kinds: ['FilterOperator'],
  look: (node, reading) => {
    const before = operatorBefore(node, reading);
    const condition = childOf(node, 'Condition');
    const early = before && earlyColumns(before, reading);
    if (!before || !condition || !early) return [];
    const movable = conjunctsOf(condition).filter((one) => asksOnly(one, early));
    return movable.map(({ start, end }) => {
      const what = before.kind === 'JoinOperator' ? 'join' : 'summarize';
      const message = `This condition asks only for what stands before the ${what}: there it spares the ${what} the rows that it drops here.`;
      return { start, end, message, hint: `Put it into a where before the ${what}.` };
    });
  },
};

/** The operator whose rows a filter takes, other filters passed over. */
function operatorBefore(filter: KqlNode, { parentOf }: NoteReading): KqlNode | null {
  const pipe = parentOf(filter);
  let input = pipe?.kind === 'PipeExpression' ? childOf(pipe, 'Expression') : null;
  while (input?.kind === 'PipeExpression') {
    const operator = childOf(input, 'Operator');
    if (operator?.kind !== 'FilterOperator') return operator;
    input = childOf(input, 'Expression');
  }
  return null;
}

/** Ids of columns that the operator passes on row by row, and by which it may be filtered before; null for other operators. */
function earlyColumns(operator: KqlNode, { parentOf }: NoteReading): ReadonlySet<number> | null {
  if (operator.kind === 'SummarizeOperator') {
    const clause = childOf(operator, 'ByClause');
    const keys = clause ? itemsOf(clause, 'Expressions') : [];
    const bare = keys.filter(({ kind, reference }) => kind === 'NameReference' && reference?.kind === 'column');
    return new Set(bare.map(({ reference }) => reference?.id ?? -1));
  }
  if (operator.kind !== 'JoinOperator' || !LEFT_KINDS.includes(parameterText(operator, /^kind$/i))) return null;
  const pipe = parentOf(operator);
  return new Set((pipe && childOf(pipe, 'Expression')?.columns)?.map(({ id }) => id) ?? []);
}

function conjunctsOf(condition: KqlNode): readonly KqlNode[] {
  const node = innermost(condition);
  if (node.kind !== 'AndExpression') return [condition];
  return node.children.filter(({ role }) => role === 'Left' || role === 'Right').flatMap(conjunctsOf);
}

/** It names a column, no other than these, and calls nothing that is not the same for every row. */
function asksOnly(condition: KqlNode, columns: ReadonlySet<number>): boolean {
  let named = 0;
  for (const { kind, reference } of walk(condition)) {
    if (kind === 'PipeExpression' || reference?.kind === 'table' || reference?.name === 'rand') return false;
    if (reference?.kind !== 'column' || kind !== 'NameReference') continue;
    if (!columns.has(reference.id)) return false;
    named += 1;
  }
  return named > 0;
}
