import type { ScalarType } from '../../../kql/types.ts';

/** A column as a saved answer declares it; `type` is null where its name is unknown. */
export interface DeclaredColumn {
  readonly name: string;
  readonly type: ScalarType | null;
}

/** KQL's names, those of .NET, and those of the hunting APIs; in lower case. */
const TYPES: Readonly<Record<string, ScalarType>> = {
  string: 'string',
  datetime: 'datetime',
  date: 'datetime',
  bool: 'bool',
  boolean: 'bool',
  sbyte: 'bool',
  int: 'int',
  int32: 'int',
  long: 'long',
  int64: 'long',
  real: 'real',
  double: 'real',
  decimal: 'decimal',
  sqldecimal: 'decimal',
  guid: 'guid',
  uuid: 'guid',
  timespan: 'timespan',
  time: 'timespan',
  dynamic: 'dynamic',
  object: 'dynamic',
};

function textIn(entry: Readonly<Record<string, unknown>>, names: readonly string[]): string | null {
  const value = names.map((name) => entry[name]).find((one) => typeof one === 'string');
  return typeof value === 'string' ? value : null;
}

/** The list of columns of the hunting APIs (`Name`, `Type`), Log Analytics (`name`, `type`), Kusto (`ColumnName`, `ColumnType`) and our own; null for other text. */
export function answerColumns(text: string): readonly DeclaredColumn[] | null {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    return null;
  }
  if (!Array.isArray(list)) return null;
  const columns = list.map((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null) return null;
    const members = entry as Readonly<Record<string, unknown>>;
    const name = textIn(members, ['name', 'Name', 'ColumnName', 'columnName']);
    const type = textIn(members, ['type', 'Type', 'ColumnType', 'columnType', 'DataType', 'dataType']);
    return name === null
      ? null
      : { name, type: TYPES[(type ?? '').replace(/^System\.(Data\.SqlTypes\.)?/, '').toLowerCase()] ?? null };
  });
  return columns.every((column) => column !== null) ? columns : null;
}
