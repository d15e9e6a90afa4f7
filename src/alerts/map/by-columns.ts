import type { Row } from '../../sources/source.ts';

/**
 * Makes something of the columns that a row has, whatever is in them, and takes it as it was made for a row with the same columns in the
 * same order: nearly all rows of a result are alike in that.
 */
export function byColumns<Made>(make: (row: Row) => Made): (row: Row) => Made {
  let last: { readonly names: readonly string[]; readonly made: Made } | null = null;
  return (row) => {
    const names = Object.keys(row);
    if (last === null || !isSame(names, last.names)) last = { names, made: make(row) };
    return last.made;
  };
}

function isSame(names: readonly string[], others: readonly string[]): boolean {
  if (names.length !== others.length) return false;
  for (let index = 0; index < names.length; index++) if (names[index] !== others[index]) return false;
  return true;
}
