import { childOf, itemsOf, type KqlNode } from '../ast.ts';
import type { NoteFinder, NoteReading } from './note.ts';

/** Names of files, folders and registry keys: Windows takes them in any letter case, and they are logged as they were written. */
const COLUMNS =
  /^(?:(?:InitiatingProcess|InitiatingProcessParent|Previous)?(?:FileName|FolderPath)|(?:Previous)?Registry(?:Key|ValueName))$/;
const INSTEAD: Readonly<Record<string, string>> = { '==': '=~', '!=': '!~', in: 'in~', '!in': '!in~' };

export const nameCaseNote: NoteFinder = {
  check: 'name-case',
  kinds: ['EqualExpression', 'NotEqualExpression', 'InExpression', 'NotInExpression'],
  look: (node, reading) => {
    const [left, operator, right] = [childOf(node, 'Left'), childOf(node, 'Operator'), childOf(node, 'Right')];
    const instead = INSTEAD[operator?.text.toLowerCase() ?? ''];
    if (!left || !operator || !right || !instead || !isWindowsName(left, reading) || !areNames(right)) return [];
    const name = left.reference?.name ?? '';
    const message = `"${operator.text}" tells letter case apart, Windows does not: ${name} comes as whoever started it wrote it.`;
    return [{ start: operator.start, end: operator.end, message, hint: `Write "${instead}".` }];
  },
};

function isWindowsName({ kind, reference }: KqlNode, { tableOf }: NoteReading): boolean {
  if (kind !== 'NameReference' || reference?.kind !== 'column' || !COLUMNS.test(reference.name)) return false;
  return tableOf(reference.id)?.startsWith('Device') ?? false;
}

/** Literals that have letters. */
function areNames(right: KqlNode): boolean {
  const values = right.kind === 'ExpressionList' ? itemsOf(right, 'Expressions') : [right];
  return (
    values.length > 0 &&
    values.every(({ kind }) => kind === 'StringLiteralExpression') &&
    values.some(({ value }) => /\p{L}/u.test(value ?? ''))
  );
}
