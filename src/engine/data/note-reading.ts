import { defenderTables } from '../../kql/defender.ts';
import type { DataNotes } from './data-notes.ts';
import type { FilePart } from './file-part.ts';

/** Tells what of a file was not read as it stands there. */
export function noteReading(
  table: string,
  { file, found, zones }: Pick<FilePart, 'file' | 'found' | 'zones'>,
  notes: DataNotes,
): void {
  const { name } = file;
  if (found.broken) notes.lose(`${name} holds bytes that are no text; they are read as \uFFFD.`);
  if (found.long > 0)
    notes.lose(`${name}: ${rows(found.long)} more cells than the header; what is beyond it is not read.`);
  if (found.short > 0) notes.say(`${name}: ${rows(found.short)} fewer cells than the header; the rest is empty.`);
  if (found.renamed.length > 0)
    notes.say(`${name}: names that stand twice or are empty in the header became ${found.renamed.join(', ')}.`);
  if (found.nameless > 0)
    notes.lose(
      `${name}: ${found.nameless} records are not read, because neither they nor the file's name say of which table they are; rename it, or name its table in tables.yaml.`,
    );
  for (const [other, count] of strangers(file.table, found.others))
    notes.lose(
      `${name}: ${count} records of ${other} are not read${file.table === null ? '' : `, because the file is named for ${table}`}.`,
    );
  for (const [column, zone] of zones)
    if (!isUtc(zone)) notes.say(`${name}: ${column} is local time by its header (${zone}); it is read as UTC.`);
}

function rows(count: number): string {
  return count === 1 ? 'one row has' : `${count} rows have`;
}

/** In a file that holds the export of several tables, those of known tables are read when a query names them. */
function strangers(table: string | null, others: ReadonlyMap<string, number>): readonly (readonly [string, number])[] {
  const known = new Set(defenderTables());
  return [...others].filter(([name]) => table !== null || !known.has(name));
}

export function isUtc(zone: string): boolean {
  return /^(utc|gmt|z)$/i.test(zone.trim());
}
