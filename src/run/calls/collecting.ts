import { createHitCollector, type HitCollector } from '../../alerts/collect/hits.ts';
import { isOfColumns, type KeyForm } from '../../alerts/collect/row-key.ts';
import type { Column } from '../../kql/types.ts';
import type { RunInput } from '../run-input.ts';

export interface Collecting {
  begin(): void;
  schema(columns: readonly Column[]): void;
  columns(): readonly Column[];
  collector(): HitCollector;
}

/** A result of other columns than the last has other keys, though nobody has edited the rule. */
function formsBefore({ oldForms, lastForm }: RunInput['edited'], columns: readonly Column[]): readonly KeyForm[] {
  return lastForm && !isOfColumns(lastForm, columns) ? [...oldForms, lastForm] : oldForms;
}

/** The collector is made when the schema comes; later slices of the same run bring the same schema and go into the same one. */
export function startCollecting(input: RunInput): Collecting {
  let columns: readonly Column[] = [];
  let collector: HitCollector | null = null;
  const make = (): HitCollector =>
    createHitCollector(input.rule, {
      columns,
      logicalTime: input.planned.logicalTime,
      oldForms: formsBefore(input.edited, columns),
    });
  return {
    begin: () => {
      collector = null;
    },
    schema: (own) => {
      if (collector) return;
      columns = own;
      collector = make();
    },
    columns: () => columns,
    collector: () => {
      collector ??= make();
      return collector;
    },
  };
}
