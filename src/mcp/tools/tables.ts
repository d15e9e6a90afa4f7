import { takes, word } from '../../actions/schema.ts';
import { columnsOfTable, defenderTables, SCHEMA_DATE } from '../../kql/defender.ts';
import { HuntwireError } from '../../lib/errors.ts';
import { suggest } from '../../lib/nearest.ts';
import type { Tool } from '../tool.ts';

export const listTables: Tool = {
  name: 'list_tables',
  title: 'List tables',
  description: 'The tables that queries may name, with how many columns each has. For the columns ask table_schema.',
  needs: [],
  input: takes({ like: word('Only tables with this in their name, whatever its letter case.') }),
  call: async ({ like = '' }) => {
    const part = String(like).toLowerCase();
    const names = defenderTables().filter((name) => name.toLowerCase().includes(part));
    const tables = [...names].sort().map((name) => ({ name, columns: columnsOfTable(name)?.length ?? 0 }));
    return { schemaDate: SCHEMA_DATE, tables };
  },
};

export const tableSchema: Tool = {
  name: 'table_schema',
  title: 'Columns of a table',
  description: 'The columns of one table, with their types.',
  needs: [],
  input: takes({ table: word('Name of the table, as list_tables has it.') }, ['table']),
  call: async ({ table }) => {
    const name = String(table);
    const columns = columnsOfTable(name);
    if (columns) return { table: name, columns };
    throw new HuntwireError('NOT_FOUND', `There is no table "${name}".${suggest(name, defenderTables())}`);
  },
};
