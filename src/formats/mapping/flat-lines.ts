import type { Alert } from '../../alerts/alert.ts';
import { factsOf } from './facts.ts';
import type { Field, Part, ValueKind } from './field.ts';
import { MAPPING } from './mapping.ts';
import { type MappedValue, mappedValue } from './value.ts';

/** A line of the mapping as a format of keys and values needs it; all have the same members, so that they are read fast. */
export interface FlatLine {
  readonly part: Part;
  readonly kind: ValueKind;
  readonly read: Field['read'] | null;
  readonly key: string;
  /** Where the standard leaves the key to us: what it holds. */
  readonly label: string | null;
  /** Which group it belongs to; -1: none. */
  readonly group: number;
  /** Another line has the same key, or may take it. */
  readonly shared: boolean;
  readonly line: number;
}

/** Keys that describe one thing together: only one part may fill them. */
export type KeyGroups = readonly (readonly string[])[];

/** The lines that a format sends as `key` or `key:label`, the most important first. */
export function flatLines(placeOf: (field: Field) => string | null, groups: KeyGroups): readonly FlatLine[] {
  const lines = MAPPING.flatMap((field, line) => {
    const place = placeOf(field);
    if (place === null || place === 'header') return [];
    const [key = '', label = null] = place.split(':');
    const group = groups.findIndex((keys) => keys.includes(key));
    return [{ part: field.part, kind: field.kind, read: field.read ?? null, key, label, group, line }];
  });
  return lines.map((one) => ({ ...one, shared: lines.some(({ key, line }) => key === one.key && line !== one.line) }));
}

/** Makes a pair of a line and its value; null where the key cannot hold it. It may take another key than the line's. */
export type MakePair<Line, Pair> = (one: Line, value: MappedValue) => Pair | null;

/** The pairs of an alert, each key once: the first line that has a value for it wins, and with it its part for the whole group. */
export function flatPairs<Line extends FlatLine, Pair extends { readonly key: string }>(
  alert: Alert,
  lines: readonly Line[],
  makePair: MakePair<Line, Pair>,
): readonly Pair[] {
  const { values } = factsOf(alert);
  const pairs: Pair[] = [];
  const used: string[] = [];
  const owners: (Part | undefined)[] = [];
  for (const one of lines) {
    const value = one.read ? mappedValue(one.kind, one.read(alert)) : values[one.line];
    // Most lines have no value: nothing else is looked at before.
    if (value === null || value === undefined) continue;
    const pair = isFree(one, used, owners) ? makePair(one, value) : null;
    if (pair === null || isTaken(pair, one, used)) continue;
    if (one.group >= 0) owners[one.group] = one.part;
    if (one.shared) used.push(pair.key);
    pairs.push(pair);
  }
  return pairs;
}

/** Whether the key is still to be had, and its group belongs to no other part. */
function isFree(
  { key, shared, group, part }: FlatLine,
  used: readonly string[],
  owners: readonly (Part | undefined)[],
) {
  if (shared && used.includes(key)) return false;
  return group < 0 || (owners[group] ?? part) === part;
}

/** Whether a pair that took another key than its line's came too late for it. */
function isTaken(pair: { readonly key: string }, one: FlatLine, used: readonly string[]): boolean {
  return pair.key !== one.key && used.includes(pair.key);
}
