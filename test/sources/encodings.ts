import type { Column } from '../../src/kql/types.ts';
import type { Row } from '../../src/sources/source.ts';

/** One row as the three APIs write it (the older two alike), and the one normal form of it. */
export const SCHEMA = [
  ['Timestamp', 'DateTime'],
  ['Seen', 'DateTime'],
  ['ReportId', 'Int64'],
  ['Count', 'Int32'],
  ['IsAdmin', 'SByte'],
  ['IsUnknown', 'SByte'],
  ['Score', 'Double'],
  ['Amount', 'SqlDecimal'],
  ['Id', 'Guid'],
  ['Span', 'TimeSpan'],
  ['Name', 'String'],
  ['Empty', 'String'],
  ['Users', 'Int64'],
  ['Publisher', 'Object'],
  ['Permissions', 'Object'],
  ['Tags', 'Object'],
  ['Nobody', 'Object'],
] as const;

const COMMON =
  '"Id":"51958331-784d-4d16-91f2-de484fbf9f6f","Span":"4.01:02:03.5670000","Name":"pc\\"1\\u00e9","Empty":""';

export const GRAPH_ROW =
  '{"Timestamp":"2026-07-23T18:03:20.928Z","Seen":{},"ReportId":639199803770463703,"Count":56,' +
  '"IsAdmin@odata.type":"#SByte","IsAdmin":1,"IsUnknown":{},"Score":10.0,"Amount":"1.50",' +
  `${COMMON},"Users":{},` +
  '"Publisher":{"@odata.type":"#microsoft.graph.security.dynamicColumnValue","displayName":"OpenAI","added":"2023-10-05T00:00:00.0000000Z",' +
  '"ids@odata.type":"#Collection(String)","ids":["1","2"],"inner":{"@odata.type":"#microsoft.graph.security.dynamicColumnValue","ok":true}},' +
  '"Permissions@odata.type":"#Collection(String)","Permissions":["{\\"Value\\":\\"Files.Read.All\\",\\"InUse\\":true,\\"Id\\":639199803770463703}"],' +
  '"Tags@odata.type":"#Collection(String)","Tags":[],"Nobody":{}}';

export const LEGACY_ROW =
  '{"Timestamp":"2026-07-23T18:03:20.9280000Z","Seen":null,"ReportId":639199803770463703,"Count":56,' +
  '"IsAdmin":1,"IsUnknown":null,"Score":10.0,"Amount":"1.50",' +
  `${COMMON},"Users":null,` +
  '"Publisher":{"displayName":"OpenAI","added":"2023-10-05","ids":["1","2"],"inner":{"ok":true}},' +
  '"Permissions":[{"Value":"Files.Read.All","InUse":true,"Id":639199803770463703}],"Tags":[],"Nobody":null}';

/** The same with dynamic values as JSON text and booleans as such, which is also seen. */
export const LEGACY_TEXT_ROW =
  '{"Timestamp":"2026-07-23T18:03:20.928","Seen":null,"ReportId":639199803770463703,"Count":56,' +
  '"IsAdmin":true,"IsUnknown":null,"Score":10,"Amount":"1.50",' +
  `${COMMON},"Users":null,` +
  '"Publisher":"{\\"displayName\\":\\"OpenAI\\",\\"added\\":\\"2023-10-05\\",\\"ids\\":[\\"1\\",\\"2\\"],\\"inner\\":{\\"ok\\":true}}",' +
  '"Permissions":"[{\\"Value\\":\\"Files.Read.All\\",\\"InUse\\":true,\\"Id\\":639199803770463703}]","Tags":"[]","Nobody":null}';

export const NORMAL_ROW: Row = {
  Timestamp: '2026-07-23T18:03:20.928Z',
  Seen: null,
  ReportId: '639199803770463703',
  Count: 56,
  IsAdmin: true,
  IsUnknown: null,
  Score: 10,
  Amount: '1.50',
  Id: '51958331-784d-4d16-91f2-de484fbf9f6f',
  Span: '4.01:02:03.5670000',
  Name: 'pc"1é',
  Empty: '',
  Users: null,
  Publisher: { displayName: 'OpenAI', added: '2023-10-05T00:00:00Z', ids: ['1', '2'], inner: { ok: true } },
  Permissions: [{ Value: 'Files.Read.All', InUse: true, Id: '639199803770463703' }],
  Tags: [],
  Nobody: null,
};

const TYPES: Readonly<Record<string, Column['type']>> = {
  DateTime: 'datetime',
  Int64: 'long',
  Int32: 'int',
  SByte: 'bool',
  Double: 'real',
  SqlDecimal: 'decimal',
  Guid: 'guid',
  TimeSpan: 'timespan',
  String: 'string',
  Object: 'dynamic',
};

export const COLUMNS: readonly Column[] = SCHEMA.map(([name, type]) => ({ name, type: TYPES[type] ?? 'dynamic' }));

/** A whole answer of an API with these rows, given as JSON text. */
export function envelope(api: string, rows: readonly string[]): string {
  const results = `[${rows.join(',')}]`;
  if (api === 'graph') {
    const schema = SCHEMA.map(([name, type]) => ({ name, type }));
    return `{"@odata.context":"x","schema":${JSON.stringify(schema)},"results":${results}}`;
  }
  const schema = JSON.stringify(SCHEMA.map(([Name, Type]) => ({ Name, Type })));
  const stats =
    api === 'xdr' ? '"Stats":{"ExecutionTime":4.6,"resource_usage":{"cpu":{"total cpu":"00:00:19.06"}}},' : '';
  return `{${stats}"Schema":${schema},"Results":${results}}`;
}
