import { type Decoding, invalid, type RawColumn, type ServiceRow } from './decode-state.ts';
import { setMember } from './normalize-dynamic.ts';

/** What cells of rows that are lists are called: as their columns, but of columns with one name the first alone. */
export function cellNames(columns: readonly RawColumn[]): readonly string[] {
  const seen = new Set<string>();
  return columns.map(({ name }, index) => {
    if (seen.has(name)) return `${name}\u0000${index}`;
    seen.add(name);
    return name;
  });
}

/** A parsed row by the names of its columns. */
export function rowOf({ answer, names }: Pick<Decoding, 'answer' | 'names'>, value: unknown): ServiceRow {
  if (!answer.hasCells) return value as ServiceRow;
  if (!Array.isArray(value) || value.length !== names.length)
    throw invalid(`a row has not as many cells as there are columns (${names.length})`);
  const row: ServiceRow = {};
  for (let index = 0; index < names.length; index++) {
    const name = names[index] as string;
    if (name !== '__proto__') row[name] = value[index];
    else setMember(row as Parameters<typeof setMember>[0], name, value[index]);
  }
  return row;
}
