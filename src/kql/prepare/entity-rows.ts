import { argumentsOf, childOf, type KqlColumn, type KqlNode } from '../ast.ts';
import { entityIds, timeColumnOf } from '../defender.ts';
import type { Made } from './fan-out.ts';
import type { EntityRows } from './flow.ts';
import { calledName, innermost, nameText } from './nodes.ts';

/** What names the rows of a table as those of one entity; null for other tables. */
export function entityRows(table: string, columns: readonly KqlColumn[]): EntityRows | null {
  const names = entityIds(table);
  if (names.length === 0) return null;
  const ids = columns.filter((column) => names.includes(column.name)).map((column) => column.id);
  return { ids, names, time: columns.find((column) => column.name === timeColumnOf(table))?.id ?? null };
}

/**
 * The same rows, or some gathered of them, behind an operator: as long as one of the entity's ids goes on, also in other letters. null:
 * none does.
 */
export function entityBehind(passed: EntityRows, before: EntityRows, made: Made): EntityRows | null {
  const renewed = made.columns.filter(({ source }) => isId(source, before)).map(({ id }) => id);
  const ids = [...passed.ids, ...renewed];
  return ids.length > 0 ? { ...passed, ids } : null;
}

const SAME_ID = new Set(['tolower', 'toupper', 'tostring', 'trim', 'take_any', 'any']);

/** An id, or what only writes it otherwise. */
function isId(source: KqlNode, entity: EntityRows): boolean {
  const node = innermost(source);
  if (node.kind === 'SimpleNamedExpression') {
    const value = childOf(node, 'Expression');
    return value !== null && isId(value, entity);
  }
  if (node.kind === 'NameReference') return isNamed(node, entity);
  if (node.kind !== 'FunctionCallExpression' || !node.reference?.builtIn) return false;
  return SAME_ID.has(calledName(node)) && argumentsOf(node).some((one) => isId(one, entity));
}

/** By its name, too: the schema may lack an id that the table has. */
function isNamed(node: KqlNode, { ids, names }: EntityRows): boolean {
  return ids.includes(node.reference?.id ?? -1) || names.includes(nameText(node));
}
