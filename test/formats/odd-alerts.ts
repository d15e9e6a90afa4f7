import fc from 'fast-check';
import defender from '../../schemas/defender.json' with { type: 'json' };
import type { Alert } from '../../src/alerts/alert.ts';
import { createAlertMapper } from '../../src/alerts/map/map-alert.ts';
import type { EntityMapping } from '../../src/rules/rule.ts';
import type { Cell, Row } from '../../src/sources/source.ts';
import { collect, decideOn, makeAlert, makeContext, makeRule, type RuleChanges } from '../alerts/samples.ts';
import { anyCharacter } from '../any-character.ts';

type ColumnTypes = Readonly<Record<string, string>>;
const TABLES: Readonly<Record<string, ColumnTypes>> = defender.tables;

/** An alert as the product makes it of rows, all of them in one. */
export function alertOfRows(rows: readonly Row[], tables: readonly string[], changes: RuleChanges = {}): Alert {
  const rule = makeRule({ ...changes, tables, alert: { per: 'run', evidence: 50, ...changes.alert } });
  const [told] = decideOn(rule, collect(rule, rows)).told;
  if (!told) throw new Error('no alert was made');
  return createAlertMapper(makeContext(rule))(told);
}

const PLAUSIBLE: Readonly<Record<string, Cell>> = {
  datetime: '2026-01-01T11:50:00.1234567Z',
  long: 4242,
  int: 443,
  bool: true,
  real: 1.5,
  dynamic: { a: [1, { b: 'c' }] },
};

function plausibleCell(column: string, type: string): Cell {
  if (/MacAddress/.test(column)) return '00155DABCDEF';
  if (/IPv6/.test(column)) return '2001:db8::7';
  if (/IP(?:v4|Address)?$/.test(column)) return '192.0.2.7';
  if (/Address$|Upn$|Email$/.test(column)) return 'bob@example.com';
  if (/FolderPath/.test(column)) return 'C:\\Windows\\System32\\cmd.exe';
  return PLAUSIBLE[type] ?? `${column} of it`;
}

/** One alert for each table of Defender, with a value in every column. */
export function tableAlerts(): readonly (readonly [string, Alert])[] {
  return Object.entries(TABLES).map(([table, columns]) => {
    const row = Object.entries(columns).map(([column, type]) => [column, plausibleCell(column, type)]);
    return [table, alertOfRows([Object.fromEntries(row)], [table])];
  });
}

function nested(levels: number): Cell {
  return levels === 0 ? 'end' : { in: nested(levels - 1) };
}

const ODD_CELLS: readonly Cell[] = [
  null,
  '',
  ' ',
  0,
  -1,
  1e300,
  2 ** 53,
  '9007199254740993',
  0.5,
  true,
  {},
  [],
  nested(40),
  ['a', { b: null }],
  'a\u0000b\u001b[31m\r\nc\td',
  '\ud800 alone \udc00',
  'a=b|c\\d^e~f`g;h!i#j@k',
  '"Bob, B." <bob@example.com>',
  '<>',
  'bob@localhost',
  'Größe@exämple.com',
  '00155DABCDEF',
  '00:15:5d:ab:cd:ef',
  '::1',
  'fe80::1%11',
  '::ffff:10.0.0.1',
  '0000:0000:0000:0000:0000:ffff:192.168.100.228',
  '10.0.0.1',
  '010.0.0.1',
  '256.1.1.1',
  '2026-01-01T11:50:00.1234567Z',
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59.9999999Z',
  'C:\\',
  '/usr/bin/',
  'HKEY_LOCAL_MACHINE\\SOFTWARE\\Run',
  'https://example.com/?a=b&c=d#e',
  '{"direction":"In"}',
  '{"broken":',
  'x'.repeat(40_000),
  '😀'.repeat(3000),
  'ProcessCreated',
  'FileCreated',
  'LogonFailed',
  'Windows11',
  '__proto__',
];
const oddCell: fc.Arbitrary<Cell> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...ODD_CELLS) },
  { weight: 1, arbitrary: fc.string({ unit: anyCharacter, maxLength: 60 }) },
  { weight: 1, arbitrary: fc.ipV6() },
  { weight: 1, arbitrary: fc.jsonValue() as fc.Arbitrary<Cell> },
);

const STRANGE_COLUMNS = ['count_', 'a.b', 'Größe', '__proto__', 'constructor', '', 'x'.repeat(200)];

/** Rows of some columns of one table, and of some that no table has. */
const oddRow = (table: string): fc.Arbitrary<Row> => {
  const columns = [...Object.keys(TABLES[table] ?? {}), ...STRANGE_COLUMNS];
  const cell = fc.tuple(fc.constantFrom(...columns), oddCell);
  return fc.array(cell, { maxLength: 40 }).map((cells) => Object.fromEntries(cells) as Row);
};

const entity: fc.Arbitrary<EntityMapping> = fc.record({
  type: fc.constantFrom('host', 'account', 'file', 'process', 'ip', 'url', 'mail', 'registry', 'app'),
  fields: fc.dictionary(
    fc.constantFrom('name', 'id', 'sid', 'path', 'pid', 'commandLine', 'sha256', 'port', 'sender', 'role', 'address'),
    fc.constantFrom('FileName', 'DeviceName', 'AccountSid', 'ProcessId', 'RemoteIP', 'RemotePort', 'count_'),
    { minKeys: 1, maxKeys: 4 },
  ),
});

/** Alerts of whatever rows a query may return, firing, updated and resolved. */
export const oddAlert: fc.Arbitrary<Alert> = fc
  .constantFrom(...Object.keys(TABLES))
  .chain((table) =>
    fc.record({
      table: fc.constantFrom([table], [table, 'DeviceProcessEvents'], []),
      rows: fc.array(oddRow(table), { minLength: 1, maxLength: 3 }),
      entities: fc.option(fc.array(entity, { maxLength: 4 })),
      text: oddCell,
      attack: fc.subarray(['TA0002', 'TA0005', 'T1059', 'T1059.001']),
      revision: fc.integer({ min: 0, max: 3 }),
      status: fc.constantFrom('firing' as const, 'resolved' as const),
      tags: fc.subarray(['a', 'ü=|', '']),
    }),
  )
  .map(({ table, rows, entities, text, attack, revision, status, tags }) => {
    const title = `{{FileName}} ${typeof text === 'string' ? text.slice(0, 300) : ''}`;
    const details = { Action: 'ActionType', 'a.b': 'FileName' };
    const made = alertOfRows(rows, table, { attack, tags, alert: { entities, title, details } });
    return { ...made, revision, status };
  });

/** Alerts of each kind beside those of rows. */
export const OTHER_ALERTS: readonly (readonly [string, Alert])[] = [
  ['a sample', makeAlert()],
  ['an update', makeAlert({ revision: 2 })],
  ['a resolve', makeAlert({ revision: 3, status: 'resolved' })],
  ['a health alert', makeAlert({ kind: 'health', health: { code: 'gap', subject: 'r' }, entities: [], evidence: [] })],
  [
    'an overflow',
    makeAlert({ overflow: { hits: 9, atLeast: true, byKey: [{ key: 'k', hits: 9 }] }, entities: [], evidence: [] }),
  ],
  ['one with mapping errors', makeAlert({ mappingErrors: [{ column: 'a', message: 'b' }], evidenceTruncated: true })],
  [
    'one of nothing',
    makeAlert({ entities: [], observables: [], details: {}, evidence: [{}], attack: [], rowCount: 0 }),
  ],
];
