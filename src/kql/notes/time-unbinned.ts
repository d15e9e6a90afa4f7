import { childOf, itemsOf, type KqlNode } from '../ast.ts';
import type { NoteFinder, NoteReading } from './note.ts';

const TIMES = ['Timestamp', 'TimeGenerated'];
/** Who groups by these, too, means each event. */
const EVENT_KEYS = ['ReportId', 'NetworkMessageId', 'AlertId', 'CorrelationId', 'RequestId'];

export const timeUnbinnedNote: NoteFinder = {
  check: 'time-unbinned',
  kinds: ['SummarizeOperator'],
  look: (node, reading) => {
    if (isMultiplied(node, reading)) return [];
    const clause = childOf(node, 'ByClause');
    const keys = clause ? itemsOf(clause, 'Expressions') : [];
    if (itemsOf(node, 'Aggregates').length === 0 || keys.some(isEventKey)) return [];
    return keys
      .filter((key) => isEventTime(key, reading))
      .map(({ start, end, reference }) => {
        const name = reference?.name ?? 'Timestamp';
        const message = `The rows are grouped by ${name} to the tick: nearly every event is a group of its own.`;
        return { start, end, message, hint: `Group by bin(${name}, 1h), or take its max() instead.` };
      });
  },
};

/** Who has made several rows of each event, puts them together again by its time. */
function isMultiplied(node: KqlNode, { parentOf }: NoteReading): boolean {
  const pipe = parentOf(node);
  for (let before = pipe && childOf(pipe, 'Expression'); before; before = childOf(before, 'Expression')) {
    if (/^Mv(Expand|Apply)Operator$/.test(childOf(before, 'Operator')?.kind ?? '')) return true;
  }
  return false;
}

function isEventKey({ reference }: KqlNode): boolean {
  return reference?.kind === 'column' && EVENT_KEYS.includes(reference.name);
}

/** As the table has it: what was put into bins before is another column. */
function isEventTime({ kind, reference }: KqlNode, { tableOf }: NoteReading): boolean {
  if (kind !== 'NameReference' || reference?.kind !== 'column' || !TIMES.includes(reference.name)) return false;
  return tableOf(reference.id) !== null;
}
