import { A_TEXT, AN_INTEGER, gives, listOf, takes, word } from '../../actions/schema.ts';
import { columnsOfTable, defenderTables, SCHEMA_DATE } from '../../kql/defender.ts';
import { COLUMN_SENTENCES, listedValues, TABLE_SENTENCES } from '../../kql/language/meanings.ts';
import { HuntwireError } from '../../lib/errors.ts';
import { suggest } from '../../lib/nearest.ts';
import type { Tool } from '../tool.ts';

export const listTables: Tool = {
  name: 'list_tables',
  title: 'List tables',
  description:
    'The tables that queries may name: what their rows tell, and how many columns each has. For the columns ask table_schema.',
  needs: [],
  input: takes({ like: word('Only tables with this in their name, whatever its letter case.') }),
  answer: gives({
    schemaDate: A_TEXT,
    tables: listOf(gives({ name: A_TEXT, columns: AN_INTEGER, meaning: A_TEXT }, ['meaning'])),
  }),
  call: async ({ like = '' }) => {
    const part = String(like).toLowerCase();
    const names = defenderTables().filter((name) => name.toLowerCase().includes(part));
    const tables = [...names].sort().map((name) => {
      const meaning = TABLE_SENTENCES[name];
      return { name, columns: columnsOfTable(name)?.length ?? 0, ...(meaning && { meaning }) };
    });
    return { schemaDate: SCHEMA_DATE, tables };
  },
};

export const tableSchema: Tool = {
  name: 'table_schema',
  title: 'Columns of a table',
  description: 'The columns of one table, with their types, what they hold, and values that are known of them.',
  needs: [],
  input: takes({ table: word('Name of the table, as list_tables has it.') }, ['table']),
  answer: gives({
    table: A_TEXT,
    columns: listOf(
      gives({ name: A_TEXT, type: A_TEXT, meaning: A_TEXT, values: listOf(A_TEXT) }, ['meaning', 'values']),
    ),
  }),
  call: async ({ table }) => {
    const name = String(table);
    const columns = columnsOfTable(name);
    if (columns) return { table: name, columns: columns.map((column) => ({ ...column, ...meaningOf(name, column) })) };
    throw new HuntwireError('NOT_FOUND', `There is no table "${name}".${suggest(name, defenderTables())}`);
  },
};

function meaningOf(table: string, { name }: { readonly name: string }): object {
  const [meaning, values] = [COLUMN_SENTENCES[name], listedValues(name, [table])];
  return { ...(meaning && { meaning }), ...(values.length > 0 && { values }) };
}
