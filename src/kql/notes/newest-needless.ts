import { argumentsOf, childOf, itemsOf, type KqlNode } from '../ast.ts';
import { calledName } from '../prepare/nodes.ts';
import type { NoteFinder, NoteReading } from './note.ts';

export const newestNeedlessNote: NoteFinder = {
  check: 'newest-needless',
  kinds: ['FunctionCallExpression'],
  look: (node, reading) => {
    const name = calledName(node);
    if ((name !== 'arg_max' && name !== 'arg_min') || !node.reference?.builtIn) return [];
    const [measured] = argumentsOf(node);
    if (!measured || !isSame(measured, node, reading)) return [];
    const message = `All rows of a group have the same value here, so ${name}() takes any of them, and sorts for it.`;
    return [{ start: node.start, end: node.end, message, hint: 'Write take_any() with the columns that are wanted.' }];
  },
};

/** A literal, or a column that the rows are grouped by. */
function isSame(measured: KqlNode, call: KqlNode, reading: NoteReading): boolean {
  if (measured.value !== null && measured.kind.endsWith('LiteralExpression')) return true;
  const id = measured.reference?.kind === 'column' && measured.kind === 'NameReference' ? measured.reference.id : null;
  const operator = summarizeAround(call, reading);
  const clause = operator && childOf(operator, 'ByClause');
  return (
    id !== null &&
    clause !== null &&
    itemsOf(clause, 'Expressions').some((key) => key.kind === 'NameReference' && key.reference?.id === id)
  );
}

function summarizeAround(call: KqlNode, { parentOf }: NoteReading): KqlNode | null {
  const parent = parentOf(call);
  const named = parent?.kind === 'SimpleNamedExpression' ? parentOf(parent) : parent;
  const operator = named && parentOf(named);
  if (operator?.kind === 'SummarizeOperator') return operator;
  return named?.kind === 'SummarizeOperator' ? named : null;
}
