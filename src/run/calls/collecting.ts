import { createHitCollector, type HitCollector } from '../../alerts/collect/hits.ts';
import { isOfColumns, type KeyForm } from '../../alerts/collect/row-key.ts';
import type { Collected } from '../../alerts/hit.ts';
import type { Column } from '../../kql/types.ts';
import type { Row } from '../../sources/source.ts';
import type { RunInput } from '../run-input.ts';
import { startPutOff } from './put-off.ts';

/** Takes the rows of a run and makes hits of them. `begin`: rows that came so far count for nothing. */
export interface Collecting {
  begin(): void;
  schema(columns: readonly Column[]): void;
  row(row: Row): void;
  columns(): readonly Column[];
  /** As `finish` of the collector. */
  finish(end: { readonly complete: boolean }): Promise<Collected>;
}

/** A result of other columns than the last has other keys, though nobody has edited the rule. */
function formsBefore({ oldForms, lastForm }: RunInput['edited'], columns: readonly Column[]): readonly KeyForm[] {
  return lastForm && !isOfColumns(lastForm, columns) ? [...oldForms, lastForm] : oldForms;
}

/** The collector is made when the schema comes; later slices of the same run bring the same schema and go into the same one. */
export function startCollecting(input: RunInput): Collecting {
  let columns: readonly Column[] = [];
  let collector: HitCollector | null = null;
  const made = (): HitCollector => {
    collector ??= createHitCollector(input.rule, {
      columns,
      logicalTime: input.planned.logicalTime,
      oldForms: formsBefore(input.edited, columns),
    });
    return collector;
  };
  const start = () => startPutOff<Row>((row) => made().add(row));
  let rows = start();
  return {
    begin: () => {
      collector = null;
      rows = start();
    },
    schema: (own) => {
      if (collector) return;
      columns = own;
      made();
    },
    row: (row) => rows.take(row),
    columns: () => columns,
    finish: async (end) => {
      await rows.finish();
      return made().finish(end);
    },
  };
}
