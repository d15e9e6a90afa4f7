import { defenderSchema } from '../../kql/defender.ts';
import { json, type RefusalContext, type Reply, refuse } from '../refusals.ts';
import { WIRE_TYPES } from '../wire-types.ts';

const METADATA_PATH = /^\/v1\/workspaces\/[^/]+\/metadata$/;
const COMMAND_PATH = '/v1/rest/mgmt';
const SHOW_SCHEMA = /^\s*\.show\s+database\s+schema\s+as\s+json\s*$/i;

/** Which API tells all its tables at a path; null: none does. */
export function catalogAt(path: string): 'loganalytics' | 'kusto' | null {
  if (METADATA_PATH.test(path)) return 'loganalytics';
  return path === COMMAND_PATH ? 'kusto' : null;
}

/** All tables that the stand-in knows, as the API tells them. */
export function answerCatalog(context: RefusalContext, body: string): Reply {
  const tables = Object.entries(defenderSchema().tables);
  if (context.api === 'loganalytics') {
    const told = tables.map(([name, columns]) => ({
      id: `t/${name}`,
      name,
      timespanColumn: 'TimeGenerated',
      columns: columns.map((column) => ({ name: column.name, type: column.type })),
    }));
    return json({ tables: told, functions: [], solutions: [] });
  }
  const { db, csl } = readCommand(body);
  if (!SHOW_SCHEMA.test(csl))
    return refuse(context, 400, 'BadRequest', `Syntax error: the stand-in does not know ${csl}`);
  const ordered = tables.map(([name, columns]) => [
    name,
    {
      Name: name,
      OrderedColumns: columns.map((column) => ({
        Name: column.name,
        Type: `System.${WIRE_TYPES[column.type]}`,
        CslType: column.type,
      })),
    },
  ]);
  const schema = JSON.stringify({ Databases: { [db]: { Name: db, Tables: Object.fromEntries(ordered) } } });
  const columns = [{ ColumnName: 'DatabaseSchema', DataType: 'String', ColumnType: 'string' }];
  return json({ Tables: [{ TableName: 'Table_0', Columns: columns, Rows: [[schema]] }] });
}

function readCommand(body: string): { readonly db: string; readonly csl: string } {
  try {
    const { db, csl } = JSON.parse(body) as { readonly db?: unknown; readonly csl?: unknown };
    return { db: String(db), csl: String(csl) };
  } catch {
    return { db: '', csl: '' };
  }
}
