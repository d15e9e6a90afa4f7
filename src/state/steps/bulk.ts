import type { NamedValues } from './bind.ts';
import type { AskedRows, Built, Bulk, ColumnType, Items } from './steps.ts';

type ColumnsOf<Item> = { readonly [Name in keyof Item]: ColumnType };

/** `build` makes the statement; `shared` holds places in the stead of values. */
export function createBulk<Item extends NamedValues, Shared extends NamedValues, Row>(
  columns: ColumnsOf<Item>,
  build: (items: Items, shared: Shared) => Built<Row>,
  {
    isLarge = false,
    unique = null,
    isNew = false,
  }: { readonly isLarge?: boolean; readonly unique?: (keyof Item & string) | null; readonly isNew?: boolean } = {},
): (items: readonly Item[], shared: Shared) => AskedRows<Row> {
  const bulk: Bulk<Row> = { columns, isLarge, unique, isNew, build: (items, shared) => build(items, shared as Shared) };
  return (items, shared) => ({ kind: 'many', bulk, items, shared });
}
