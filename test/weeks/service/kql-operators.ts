import { createReader, readExpression } from './kql-expressions.ts';
import type { ModelColumn, ModelRow, ModelTable, Reader, Value } from './kql-values.ts';

/** The rows of a table that queries see now. */
export type TableOf = (name: string) => ModelTable;

/**
 * The few operators that the rules of the weeks are made of, over rows in memory. Written for itself: neither our parser nor our engine
 * has a part in it. Throws on anything else.
 */
export function answerQuery(text: string, tableOf: TableOf): ModelTable {
  const reader = createReader(text);
  const result = readPipeline(reader, tableOf);
  if (!reader.ended()) throw new Error(`the service does not read the query from ${reader.peek()} on`);
  return result;
}

function readPipeline(reader: Reader, tableOf: TableOf): ModelTable {
  let table = readSource(reader, tableOf);
  while (reader.take('|')) table = readOperator(reader, table, tableOf);
  return table;
}

function readSource(reader: Reader, tableOf: TableOf): ModelTable {
  if (!reader.take('(')) return tableOf(reader.name());
  const inner = readPipeline(reader, tableOf);
  reader.expect(')');
  return inner;
}

function readOperator(reader: Reader, table: ModelTable, tableOf: TableOf): ModelTable {
  const name = reader.name();
  if (name === 'where') {
    const keep = readExpression(reader, table.columns);
    return { columns: table.columns, rows: table.rows.filter((row) => keep.evaluate(row) === true) };
  }
  if (name === 'extend') return extend(reader, table);
  if (name === 'summarize') return summarize(reader, table);
  if (name === 'mv-expand') return expand(reader, table);
  if (name === 'join' || name === 'lookup') return join(reader, table, tableOf);
  if (name === 'as') {
    reader.name();
    return table;
  }
  throw new Error(`the service does not know the operator ${name}`);
}

function extend(reader: Reader, table: ModelTable): ModelTable {
  const name = reader.name();
  reader.expect('=');
  const value = readExpression(reader, table.columns);
  const columns = [...table.columns.filter((column) => column.name !== name), { name, type: value.type }];
  return { columns, rows: table.rows.map((row) => ({ ...row, cells: { ...row.cells, [name]: value.evaluate(row) } })) };
}

function expand(reader: Reader, table: ModelTable): ModelTable {
  const name = reader.name();
  reader.expect('=');
  const value = readExpression(reader, table.columns);
  for (const word of ['to', 'typeof', '(', 'string', ')']) reader.expect(word);
  const columns = [...table.columns, { name, type: 'string' as const }];
  const rows = table.rows.flatMap((row) =>
    (value.evaluate(row) as readonly string[]).map((part) => ({ ...row, cells: { ...row.cells, [name]: part } })),
  );
  return { columns, rows };
}

interface Aggregate {
  readonly columns: readonly ModelColumn[];
  over(rows: readonly ModelRow[]): Readonly<Record<string, Value>>;
}

function summarize(reader: Reader, table: ModelTable): ModelTable {
  const aggregates: Aggregate[] = [];
  do aggregates.push(readAggregate(reader, table.columns));
  while (reader.take(','));
  reader.expect('by');
  const by = readNames(reader).map((name) => columnOf(table.columns, name));
  const groups = new Map<string, ModelRow[]>();
  for (const row of table.rows) {
    const key = JSON.stringify(by.map((column) => row.cells[column.name]));
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  const rows = [...groups.values()].map((group) => {
    const first = group[0] as ModelRow;
    const keys = Object.fromEntries(by.map((column) => [column.name, first.cells[column.name] ?? null]));
    return { arrival: null, cells: Object.assign({}, keys, ...aggregates.map((one) => one.over(group))) };
  });
  return { columns: [...by, ...aggregates.flatMap((one) => one.columns)], rows };
}

function readAggregate(reader: Reader, columns: readonly ModelColumn[]): Aggregate {
  const first = reader.name();
  if (first === 'arg_max') return readArgMax(reader, columns);
  reader.expect('=');
  const call = reader.name();
  reader.expect('(');
  const name = first;
  if (call === 'count') {
    reader.expect(')');
    return { columns: [{ name, type: 'long' }], over: (rows) => ({ [name]: rows.length }) };
  }
  const column = columnOf(columns, reader.name());
  reader.expect(')');
  const choose = call === 'max' ? Math.max : call === 'min' ? Math.min : null;
  if (!choose) throw new Error(`the service does not know ${call}()`);
  const over = (rows: readonly ModelRow[]) => ({
    [name]: choose(...rows.map((row) => Number(row.cells[column.name]))),
  });
  return { columns: [{ name, type: column.type }], over };
}

function readArgMax(reader: Reader, columns: readonly ModelColumn[]): Aggregate {
  reader.expect('(');
  const [most = '', ...others] = readNames(reader);
  reader.expect(')');
  const kept = [most, ...others].map((name) => columnOf(columns, name));
  return {
    columns: kept,
    over: (rows) => {
      const newest = rows.reduce((best, row) => (Number(row.cells[most]) > Number(best.cells[most]) ? row : best));
      return Object.fromEntries(kept.map((column) => [column.name, newest.cells[column.name] ?? null]));
    },
  };
}

/** Inner or leftouter, on columns of one name; the right side's columns with a taken name get a 1 behind it. */
function join(reader: Reader, left: ModelTable, tableOf: TableOf): ModelTable {
  reader.expect('kind');
  reader.expect('=');
  const kind = reader.name();
  const right = readSource(reader, tableOf);
  reader.expect('on');
  const on = readNames(reader);
  const taken = new Set(left.columns.map((column) => column.name));
  const named = right.columns.map((column) => ({
    column,
    name: taken.has(column.name) ? `${column.name}1` : column.name,
  }));
  const keyOf = (row: ModelRow): string => JSON.stringify(on.map((name) => row.cells[name]));
  const matches = new Map<string, ModelRow[]>();
  for (const row of right.rows) matches.set(keyOf(row), [...(matches.get(keyOf(row)) ?? []), row]);
  const rows = left.rows.flatMap((row) => {
    const found: readonly (ModelRow | null)[] = matches.get(keyOf(row)) ?? (kind === 'leftouter' ? [null] : []);
    return found.map((other) => ({
      arrival: row.arrival,
      cells: {
        ...row.cells,
        ...Object.fromEntries(named.map(({ column, name }) => [name, other?.cells[column.name] ?? null])),
      },
    }));
  });
  return { columns: [...left.columns, ...named.map(({ column, name }) => ({ name, type: column.type }))], rows };
}

function readNames(reader: Reader): readonly string[] {
  const names = [reader.name()];
  while (reader.take(',')) names.push(reader.name());
  return names;
}

function columnOf(columns: readonly ModelColumn[], name: string): ModelColumn {
  const column = columns.find((one) => one.name === name);
  if (!column) throw new Error(`there is no column ${name}`);
  return column;
}
