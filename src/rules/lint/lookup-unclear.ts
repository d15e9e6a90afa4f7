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
    prepared.tables.flatMap(({ table, lookbackMs, unclear = [] }) =>
      unclear.map(({ start }) => ({
        place: rule.map.place(start),
        message: `This filter does not say how far back it asks for ${table}, which is looked up ${formatDuration(lookbackMs ?? 0)} back: what is older is not found.`,
        suggestion: `Say how far back in "window.tables", for example {${table}: 30d}, or compare its time with a constant distance such as ago(30d).`,
      })),
    ),
};
