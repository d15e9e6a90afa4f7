import { basename, dirname } from 'node:path';
import { defenderTables } from '../../kql/defender.ts';

let folded: { readonly of: readonly string[]; readonly names: ReadonlyMap<string, string> } | null = null;

/** The names of all known tables, by their lower case. */
function foldedNames(): ReadonlyMap<string, string> {
  const of = defenderTables();
  if (folded?.of !== of) folded = { of, names: new Map(of.map((name) => [name.toLowerCase(), name])) };
  return folded.names;
}
const CONTAINER = /^insights-logs-advancedhunting-(\w+)$/i;
/** A date or number behind a name: `_20261126`, `-2`, ` (1)`, `.part-00001`. */
const BEHIND_KNOWN = /^[-_.\s(]*[-_.\s(\w:)]*\d[-_.\s(\w:)]*$/;
const BEHIND_OWN = /(?:[-.\s(]+[-_.\s(\w:)]*\d|_\d{4})[-_.\s(\w:)]*$/;
const OWN_NAME = /^[A-Z]\w*$/;
/** The file that a storage export writes every hour. */
const EXPORT_HOUR = /^PT\d/;

/**
 * The table that a file belongs to: the one its own name is or begins with (before a date or number), whatever the letter case, else the
 * nearest folder that is named for one, else a table of the file's own name where that looks like one. Null: nothing tells.
 */
export function tableOfName(name: string, root: string): string | null {
  const file = basename(name);
  const known = knownTable(file.split('.')[0] ?? '') ?? tableBefore(file);
  if (known) return known;
  const folders = dirname(name).split(/[\\/]/).reverse();
  for (const folder of [...folders, basename(root)]) {
    const table = knownTable(CONTAINER.exec(folder)?.[1] ?? folder);
    if (table) return table;
  }
  return ownTable(file);
}

function knownTable(name: string): string | null {
  return foldedNames().get(name.toLowerCase()) ?? null;
}

/** The longest table that the name begins with, with a date or number and nothing else behind it. */
function tableBefore(file: string): string | null {
  const [word = ''] = /^[A-Za-z]+/.exec(file) ?? [];
  const table = knownTable(word);
  const rest = file.slice(word.length);
  return table && !/^_CL\b/i.test(rest) && BEHIND_KNOWN.test(rest) ? table : null;
}

function ownTable(file: string): string | null {
  const name = (file.split('.')[0] ?? '').replace(BEHIND_OWN, '');
  return OWN_NAME.test(name) && !EXPORT_HOUR.test(file) ? name : null;
}
