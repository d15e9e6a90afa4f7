import type { LintCheck } from './check.ts';
import { querySpan } from './query-span.ts';

/** The older API of Defender for Endpoint knows devices only. */
export const tableNotOffered: LintCheck = {
  id: 'table-not-offered',
  description: 'A table that the API of the configuration does not offer: `mde` has the `Device` tables only.',
  why: 'The service answers that there is no such table, and the rule is blocked.',
  mend: 'Run the rule over `graph`, which offers all tables of Defender XDR.',
  severity: 'error',
  analyzed: true,
  refuses: [],
  check: ({ map }, { prepared, offer }) => {
    if (!offer?.devicesOnly) return [];
    const others = prepared.tables.filter(({ table, known }) => known && !table.startsWith('Device'));
    return others.map((table) => ({
      ...querySpan(map, table),
      message: `The API "mde" does not offer ${table.table}: it has the tables of devices only.`,
      suggestion: 'Set "source.api" to graph, or name the rule for another tenant.',
    }));
  },
};
