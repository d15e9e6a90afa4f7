import { afterEach, describe, expect, it } from '@jest/globals';
import { databaseTables, timeAmong, workspaceTables } from '../../src/sources/told-tables.ts';
import { depsOf, grantToken, makeSource, secretAuth, sendJson, startStandIn } from './stand-in.ts';

const KUSTO = { cluster: 'https://c.westeurope.kusto.windows.net', database: 'Security' };
const WORKSPACE = { workspaces: ['12345678-1234-1234-1234-1234567890ab'] };
const METADATA = {
  tables: [
    {
      id: 't/Own_CL',
      name: 'Own_CL',
      timespanColumn: 'At',
      columns: [
        { name: 'At', type: 'datetime', description: 'x' },
        { name: 'Who', type: 'string', isPreferredFacet: true },
      ],
    },
    { name: 'Empty_CL', columns: [] },
    { name: 7 },
    null,
  ],
  functions: [{ name: 'f', body: 'x' }],
};
const OWN = {
  columns: [
    { name: 'At', type: 'datetime' },
    { name: 'Who', type: 'string' },
  ],
};

function schemaCell(cell: unknown) {
  return { Tables: [{ TableName: 'Table_0', Columns: [{ ColumnName: 'DatabaseSchema' }], Rows: [[cell]] }] };
}

const SCHEMA = JSON.stringify({
  Plugins: [],
  Databases: {
    Security: {
      Name: 'Security',
      Tables: {
        Own_CL: {
          Name: 'Own_CL',
          OrderedColumns: [
            { Name: 'At', Type: 'System.DateTime', CslType: 'datetime' },
            { Name: 'Who', Type: 'System.String' },
          ],
        },
        Odd: { OrderedColumns: 'x' },
      },
      Functions: {},
    },
  },
});

describe('all tables of a source', () => {
  it('are what the metadata of a workspace tells, with the time that it names', () => {
    expect([...workspaceTables(METADATA)]).toEqual([['Own_CL', { ...OWN, time: 'At' }]]);
  });

  it('are what the schema of a database tells', () => {
    expect([...databaseTables(schemaCell(SCHEMA))]).toEqual([['Own_CL', { ...OWN, time: null }]]);
    expect([...databaseTables(schemaCell(JSON.parse(SCHEMA)))]).toHaveLength(1);
  });

  it('go by the usual times before what is told', () => {
    const times = ['Other', 'TimeGenerated'].map((name) => ({ name, type: 'datetime' }) as const);
    expect([timeAmong(times, 'Other'), timeAmong(times.slice(0, 1), 'Other'), timeAmong(times.slice(0, 1))]).toEqual([
      'TimeGenerated',
      'Other',
      null,
    ]);
  });

  it.each<[string, (answer: unknown) => unknown, unknown]>([
    ['a list', workspaceTables, []],
    ['tables that are none', workspaceTables, { tables: {} }],
    ['nothing', workspaceTables, null],
    ['no cell', databaseTables, { Tables: [] }],
    ['a cell that is no JSON', databaseTables, schemaCell('{')],
    ['a schema without databases', databaseTables, schemaCell('{}')],
  ])('are not taken from %s', (_, read, answer) => {
    expect(() => read(answer)).toThrow('no complete query result');
  });
});

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function asked(api: string, settings: object, status: number, body: unknown) {
  const server = await startStandIn((seen, response) =>
    seen.path.includes('/oauth2/') ? grantToken(seen, response, []) : sendJson(response, status, body),
  );
  const source = makeSource(api, { baseUrl: server.origin, ...settings }, depsOf(secretAuth(server.origin)));
  closers.push(server.close, source.close);
  const outcome = await source.tables?.(new AbortController().signal).catch((error: unknown) => error);
  return { outcome, seen: server.seen.filter(({ path }) => !path.includes('/oauth2/')), source };
}

describe('the one call for all tables', () => {
  it('is a GET of a workspace and a command of a database', async () => {
    const workspace = await asked('loganalytics', WORKSPACE, 200, METADATA);
    expect(workspace.seen).toMatchObject([
      { method: 'GET', path: `/v1/workspaces/${WORKSPACE.workspaces[0]}/metadata` },
    ]);
    expect(workspace.outcome).toMatchObject({ end: { rows: 1, truncated: false } });
    const database = await asked('kusto', KUSTO, 200, schemaCell(SCHEMA));
    expect(database.seen).toMatchObject([{ method: 'POST', path: '/v1/rest/mgmt' }]);
    expect(JSON.parse(database.seen[0]?.body ?? '')).toEqual({ db: 'Security', csl: '.show database schema as json' });
    expect(database.outcome).toMatchObject({ end: { rows: 1 } });
  });

  it.each<[number, unknown, string]>([
    [403, { error: { code: 'InsufficientAccessError', message: 'x' } }, 'SOURCE_PERMISSION'],
    [429, { error: { code: 'ThrottledError', message: 'x' } }, 'SOURCE_THROTTLED'],
    [200, '<html>', 'SOURCE_RESPONSE_INVALID'],
    [200, '', 'SOURCE_RESPONSE_INVALID'],
    [200, { tables: 'x' }, 'SOURCE_RESPONSE_INVALID'],
  ])('that is answered %d %j fails as a query does: %s', async (status, body, code) => {
    expect((await asked('loganalytics', WORKSPACE, status, body)).outcome).toMatchObject({ code });
  });

  it('is none of the other APIs', async () => {
    for (const api of ['graph', 'lake']) expect((await asked(api, {}, 200, {})).source.tables).toBeUndefined();
  });
});
