import type { EntityMapping, RunnableRule } from '../../rules/rule.ts';
import type { Row } from '../../sources/source.ts';
import type { AlertEntity } from '../alert.ts';
import { byColumns } from './by-columns.ts';
import { type EntityShape, entityOf, narrowTo } from './entity.ts';
import { shapesFor } from './entity-shapes.ts';
import { drivingTables, remoteEnd, rowKind } from './row-kind.ts';

const MAX_ENTITIES = 100;

/** Gives the entities of rows, each once, at most 100: those the rule names, else those that well-known columns hold. */
export type EntityMapper = (rows: readonly Row[]) => readonly AlertEntity[];

export function createEntityMapper(rule: Pick<RunnableRule, 'alert' | 'prepared'>): EntityMapper {
  const given = rule.alert.entities?.map(shapeOf);
  const tables = drivingTables(rule.prepared.tables);
  const narrow = byColumns(narrowing);
  const inferred = (row: Row): readonly EntityShape[] =>
    narrow(row)(shapesFor(rowKind(row, tables), remoteEnd(row, tables)));
  if (!given) return (rows) => collect(rows, inferred);
  return (rows) => collect(rows, (row) => (rule.alert.inferred ? [...inferred(row), ...given] : given));
}

/** Of the many columns that are known a result has few: the others are asked for once, and not in each row. */
function narrowing(row: Row): (shapes: readonly EntityShape[]) => readonly EntityShape[] {
  const narrowed = new Map<readonly EntityShape[], readonly EntityShape[]>();
  return (shapes) => {
    const known = narrowed.get(shapes) ?? narrowTo(shapes, row);
    narrowed.set(shapes, known);
    return known;
  };
}

function shapeOf(mapping: EntityMapping): EntityShape {
  const fields = Object.entries(mapping.fields).map(([field, column]) => [field, [column]] as const);
  return { type: mapping.type, role: null, fields, needs: null };
}

function collect(rows: readonly Row[], shapesOf: (row: Row) => readonly EntityShape[]): readonly AlertEntity[] {
  const found: AlertEntity[] = [];
  for (const row of rows) {
    for (const shape of shapesOf(row)) {
      const entity = entityOf(shape, row);
      if (entity === null || holds(found, entity)) continue;
      found.push(entity);
      if (found.length >= MAX_ENTITIES) return found;
    }
  }
  return found;
}

function holds(found: readonly AlertEntity[], entity: AlertEntity): boolean {
  for (const one of found) if (isSame(one, entity)) return true;
  return false;
}

/** With the same fields, which hold text, numbers and booleans. */
function isSame(one: AlertEntity, other: AlertEntity): boolean {
  if (one.type !== other.type) return false;
  let more = 0;
  for (const field in one) {
    if (one[field] !== other[field]) return false;
    more++;
  }
  for (const _ in other) more--;
  return more === 0;
}
