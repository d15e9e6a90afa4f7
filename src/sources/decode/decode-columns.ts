import { invalid, type RawColumn } from './decode-state.ts';

/** The columns of a schema: `name` and `type`, or as Kusto calls them. Of its two names of a type the one of the language counts. */
export function schemaColumns(entries: readonly unknown[], most: number): readonly RawColumn[] {
  if (entries.length > most) throw invalid(`its schema has ${entries.length} columns, more than ${most}`);
  return entries.map((entry) => {
    const name = memberValue(entry, ['name', 'columnname']);
    const type = memberValue(entry, ['type', 'columntype', 'datatype']);
    if (typeof name !== 'string' || typeof type !== 'string')
      throw invalid('a column of its schema has no name or type');
    return { name, type };
  });
}

function memberValue(entry: unknown, names: readonly string[]): unknown {
  if (typeof entry !== 'object' || entry === null) return undefined;
  const members = new Map(Object.entries(entry).map(([key, value]) => [key.toLowerCase(), value]));
  return names.map((name) => members.get(name)).find((value) => typeof value === 'string');
}
