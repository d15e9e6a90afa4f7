import type { Field, Part, ValueKind } from './field.ts';
import { ALERT_FIELDS, LAST_FIELDS } from './fields-of-alerts.ts';
import { THING_FIELDS } from './fields-of-things.ts';
import { MAIL_FIELDS, TRAFFIC_FIELDS } from './fields-of-traffic.ts';

/**
 * The one table that every format is written from: what an alert, its entities and its rows say, and the place that each format has for
 * it. The most important lines come first. docs/alerts.md shows it.
 */
export const MAPPING: readonly Field[] = [
  ...ALERT_FIELDS,
  ...THING_FIELDS.filter(({ part }) => part === 'host' || part === 'account' || part === 'actor'),
  ...MAIL_FIELDS,
  ...THING_FIELDS.filter(({ part }) => part === 'file' || part === 'process' || part === 'parent'),
  ...TRAFFIC_FIELDS,
  ...LAST_FIELDS,
];

/** The part of each line, by itself because it is asked for every cell. */
export const PARTS: readonly Part[] = MAPPING.map(({ part }) => part);

/** Where a line of a part stands in MAPPING, by the name of an entity's field. */
export const LINES: ReadonlyMap<Part, ReadonlyMap<string, number>> = linesByPart();

function linesByPart(): Map<Part, Map<string, number>> {
  const found = new Map<Part, Map<string, number>>();
  for (const [index, { part, name }] of MAPPING.entries()) {
    found.set(part, (found.get(part) ?? new Map<string, number>()).set(name, index));
  }
  return found;
}

/** How a row is to be read. */
export interface RowTraits {
  /** The file columns tell of the process, `InitiatingProcess*` of its parent; else of a file and the process that touched it. */
  readonly ofProcess: boolean;
  /** The remote address is where it comes from. */
  readonly inbound: boolean;
}

/** A column's line, and its rank among the columns of that line: the lowest rank that has a value wins. */
export interface ColumnUse {
  readonly line: number;
  readonly rank: number;
  readonly kind: ValueKind;
}

/** The lines of a column, by how its row is read. */
export function usesOf(traits: RowTraits): ReadonlyMap<string, readonly ColumnUse[]> {
  return USES[(traits.ofProcess ? 2 : 0) + (traits.inbound ? 1 : 0)] ?? new Map();
}

const USES = [
  columnUses({ ofProcess: false, inbound: false }),
  columnUses({ ofProcess: false, inbound: true }),
  columnUses({ ofProcess: true, inbound: false }),
  columnUses({ ofProcess: true, inbound: true }),
];

/** The columns of a line in the order in which they are asked, in rows that are read so. */
export function columnsAsked(field: Field, { ofProcess, inbound }: RowTraits): readonly string[] {
  const ofKind = ofProcess ? field.process : field.file;
  const ofEnd = inbound ? field.inbound : field.outbound;
  return [...(field.columns ?? []), ...(ofKind ?? []), ...(ofEnd ?? [])];
}

function columnUses(traits: RowTraits): ReadonlyMap<string, readonly ColumnUse[]> {
  const uses = new Map<string, ColumnUse[]>();
  for (const [line, field] of MAPPING.entries()) {
    for (const [rank, column] of columnsAsked(field, traits).entries()) {
      uses.set(column, [...(uses.get(column) ?? []), { line, rank, kind: field.kind }]);
    }
  }
  return uses;
}
