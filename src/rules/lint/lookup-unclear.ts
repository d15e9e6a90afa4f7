import type { PreparedQuery, TableReference } from '../../kql/prepared.ts';
import { formatDuration } from '../../lib/duration.ts';
import type { LintCheck } from './check.ts';

/** A table is looked up so far back as a rule or its query says; where neither does, what is older is not there. */
export const lookupUnclear: LintCheck = {
  id: 'lookup-unclear',
  description:
    'A filter on the time of a looked-up table that does not say how far back it asks (a fixed date): older rows are not found; name the table in `window.tables`.',
  why: "A looked-up table is asked for a fixed time back, which the query's fixed date may lie before.",
  mend: 'Name the table in `window.tables`, or compare its time with a constant distance such as `ago(30d)`.',
  severity: 'warning',
  analyzed: true,
  refuses: [],
  check: (rule, { prepared }) =>
    [...filtersOf(prepared)].map(([start, tables]) => {
      const [first] = tables;
      const others =
        tables.length > 1 ? `${tables.map(({ table }) => table).join(', ')}, which are` : `${first?.table}, which is`;
      return {
        place: rule.map.place(start),
        message: `This filter does not say how far back it asks for ${others} looked up ${formatDuration(first?.lookbackMs ?? 0)} back: what is older is not found.`,
        suggestion: `Say how far back in "window.tables", for example {${first?.table}: 30d}, or compare its time with a constant distance such as ago(30d).`,
      };
    }),
};

/** A filter behind a union asks for several tables: by its place those that are looked up equally far back. */
function filtersOf({ tables }: PreparedQuery): ReadonlyMap<number, readonly TableReference[]> {
  const found = new Map<number, readonly TableReference[]>();
  for (const table of tables) {
    for (const { start } of table.unclear ?? []) found.set(start, [...(found.get(start) ?? []), table]);
  }
  return found;
}
