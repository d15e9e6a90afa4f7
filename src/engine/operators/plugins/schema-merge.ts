import type { KqlNode } from '../../../kql/ast.ts';
import { argumentsOf } from '../../../kql/ast.ts';
import type { Scope, TableStep } from '../../compile/scope.ts';
import { queryFailed } from '../../problem.ts';
import { columnOf } from '../../runtime/column.ts';
import { findColumn, type Table, tableOf } from '../../runtime/table.ts';
import type { Value } from '../../value.ts';
import { pluginOptions } from './plugin-options.ts';

const COLUMNS = ['ColumnName', 'ColumnOrdinal', 'DataType', 'ColumnType'] as const;
const OUT_OF_ORDER = 'ERROR(columns are out of order)';

interface MergedColumn {
  readonly name: string;
  readonly dataType: string;
  readonly type: string;
  readonly places: Set<number>;
}

/** `schema_merge(PreserveOrder)`: one schema of the rows of several `getschema`; a column that stands in two places has none. */
export function compileSchemaMerge(call: KqlNode, scope: Scope): TableStep {
  const options = pluginOptions(argumentsOf(call), ['PreserveOrder'], 'schema_merge', scope);
  const keepsOrder = options.get('PreserveOrder') !== false;
  return (input) => {
    const columns = [...mergeColumns(input, call)].sort((a, b) => Math.max(...a.places) - Math.max(...b.places));
    const rows = columns.map(({ name, dataType, type, places }, ordinal): Value[] =>
      keepsOrder && places.size > 1
        ? [name, -1, `ERROR(unknown CSL type:${OUT_OF_ORDER})`, OUT_OF_ORDER]
        : [name, ordinal, dataType, type],
    );
    scope.compilation.budget.spend(rows.length);
    return tableOf(
      COLUMNS.map((name, at) =>
        columnOf(
          name,
          name === 'ColumnOrdinal' ? 'long' : 'string',
          rows.map((row) => row[at] ?? null),
        ),
      ),
      rows.length,
    );
  };
}

function mergeColumns(input: Table, call: KqlNode): Iterable<MergedColumn> {
  const [names, ordinals, dataTypes, types] = COLUMNS.map((name) => {
    const column = findColumn(input, name);
    if (!column) throw queryFailed(`schema_merge() needs the column '${name}', as getschema makes it.`, call);
    return column.values();
  });
  const merged = new Map<string, MergedColumn>();
  for (let row = 0; row < input.rowCount; row += 1) {
    const [name, dataType, type] = [names, dataTypes, types].map((values) => String(values?.[row] ?? ''));
    const column = merged.get(name ?? '') ?? {
      ...{ name: name ?? '', dataType: dataType ?? '', type: type ?? '' },
      places: new Set<number>(),
    };
    if (column.type !== type)
      throw queryFailed(`The column '${name}' has two types: ${column.type} and ${type}.`, call);
    merged.set(column.name, column);
    column.places.add(Number(ordinals?.[row] ?? 0));
  }
  return merged.values();
}
