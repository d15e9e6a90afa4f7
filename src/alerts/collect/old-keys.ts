import type { Column } from '../../kql/types.ts';
import type { Row } from '../../sources/source.ts';
import { createRowKeyer, hasKeyColumns, type KeyForm } from './row-key.ts';

/** Gathers the keys that rows had under earlier forms, by the keys that they have now. */
export interface OldKeys {
  note(key: string, row: Row): void;
  readonly found: ReadonlyMap<string, readonly string[]>;
}

/** Forms that the result lacks columns for tell nothing. */
export function startOldKeys(forms: readonly KeyForm[], columns: readonly Column[]): OldKeys {
  const keyers = forms.filter((form) => hasKeyColumns(form, columns)).map((form) => createRowKeyer(form, columns));
  const found = new Map<string, string[]>();
  const note = (key: string, row: Row): void => {
    const known = found.get(key) ?? [];
    for (const keyer of keyers) {
      const old = keyer(row);
      if (old !== key && !known.includes(old)) known.push(old);
    }
    found.set(key, known);
  };
  return { note: keyers.length === 0 ? () => undefined : note, found };
}
