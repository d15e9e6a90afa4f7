import { describe, expect, it } from '@jest/globals';
import { renderQuery } from '../../../src/kql/render.ts';
import { HOUR_MS } from '../../../src/lib/duration.ts';
import { findingsOf, prepare } from '../queries.ts';

async function tablesOf(query: string, params = {}): Promise<readonly string[]> {
  const prepared = await prepare(query, { params });
  expect(findingsOf(prepared, 'error')).toEqual([]);
  return prepared.tables.map((one) => `${one.table} ${one.role} <- ${query.slice(one.start, one.end)}`);
}

const TWO =
  'let f = (t: string) { table(t) | where ActionType == "x" }; union (f("DeviceEvents")), (f("DeviceFileEvents"))';

describe('table() of a name', () => {
  it.each([
    ['a let', 'let n = "DeviceEvents"; table(n)', ['DeviceEvents driving <- table(n)']],
    ['a parameter', 'let f = (t: string) { table(t) }; f("DeviceEvents")', ['DeviceEvents driving <- table(t)']],
    ['a default', 'let f = (t: string = "DeviceEvents") { table(t) }; f()', ['DeviceEvents driving <- table(t)']],
    [
      'an argument by name',
      'let f = (a: long, t: string) { table(t) }; f(t="DeviceEvents", a=1)',
      ['DeviceEvents driving <- table(t)'],
    ],
    [
      'a parameter of the function around',
      'let f = (t: string) { table(t) }; let g = (u: string) { f(u) }; g("DeviceEvents")',
      ['DeviceEvents driving <- table(t)'],
    ],
    [
      'a let in a function',
      'let f = (t: string) { let n = t; table(n) }; f("DeviceEvents")',
      ['DeviceEvents driving <- table(n)'],
    ],
    ['several calls', TWO, ['DeviceEvents driving <- table(t)', 'DeviceFileEvents driving <- table(t)']],
    [
      'a join in a function',
      'let f = (t: string) { DeviceInfo | join kind=inner (table(t) | take 1) on DeviceId }; f("DeviceEvents")',
      ['DeviceInfo entity <- DeviceInfo', 'DeviceEvents driving <- table(t)'],
    ],
  ])('is the table: %s', async (_, query, expected) => {
    expect(await tablesOf(query)).toEqual(expected);
  });

  it('is the table: a param of the rule', async () => {
    expect(await tablesOf('table(source)', { source: 'DeviceEvents' })).toEqual([
      'DeviceEvents driving <- table(source)',
    ]);
  });

  it('has one filter for all that it stands for, and is the stream that its tables are', async () => {
    const prepared = await prepare(TWO);
    expect(prepared.shape).toBe('stream');
    expect(prepared.identity).toMatchObject({ kind: 'event', columns: ['Timestamp', 'DeviceId', 'ReportId'] });
    const to = Date.parse('2026-01-01T12:00:00Z');
    const window = { basis: 'event', from: to - HOUR_MS, to } as const;
    const { text } = renderQuery(prepared, { logicalTime: to, window, latenessMs: 0, params: {} });
    expect(text).toBe(
      TWO.replace(
        'table(t)',
        '(table(t) | where Timestamp >= datetime(2026-01-01T11:00:00.0000000Z) and Timestamp < datetime(2026-01-01T12:00:00.0000000Z))',
      ),
    );
    expect(findingsOf(await prepare(text, { basis: 'none' }), 'error')).toEqual([]);
  });

  it('absorbs the filter that its tables have', async () => {
    const query = TWO.replace('where', 'where Timestamp > ago(1h) and');
    const { ownFilters } = await prepare(query);
    expect(ownFilters).toMatchObject([{ tables: ['DeviceEvents', 'DeviceFileEvents'], because: null }]);
  });

  it.each([
    ['tables with other times', 'let f = (t: string) { table(t) }; union (f("DeviceEvents")), (f("IdentityInfo"))'],
    [
      'a table with no time',
      'let f = (t: string) { table(t) }; union (f("DeviceEvents")), (f("DeviceTvmSoftwareInventory"))',
    ],
    [
      'one name that is no constant',
      'let f = (t: string) { table(t) }; union (f("DeviceEvents")), (f(strcat("Device", "Info")))',
    ],
    ['a function that nobody calls', 'let f = (t: string) { table(t) }; DeviceEvents'],
    ['an empty name', 'let f = (t: string) { table(t) }; f("")'],
    ['a number', 'let f = (t: long) { table(t) }; f(1)'],
  ])('is refused under a window: %s', async (_, query) => {
    expect(findingsOf(await prepare(query), 'error')).toEqual(['window-refused: table(t)']);
    expect(
      findingsOf(await prepare(query, { basis: 'none' }), 'error').filter((one) => one.startsWith('window')),
    ).toEqual([]);
  });

  it('is refused where window.tables asks one of them farther back', async () => {
    const prepared = await prepare(TWO, { tables: { DeviceEvents: HOUR_MS } });
    expect(findingsOf(prepared, 'error')).toEqual(['window-refused: table(t)']);
  });

  it('is not sent where the service tells that its tables have their times elsewhere', async () => {
    const prepared = await prepare('let f = (t: string) { table(t) }; union (f("SigninLogs")), (f("MySignins"))');
    const window = { basis: 'event', from: 0, to: HOUR_MS } as const;
    const options = { logicalTime: HOUR_MS, window, latenessMs: 0, params: {} };
    const rendered = renderQuery(prepared, { ...options, timeColumns: { SigninLogs: 'T', MySignins: 'T' } });
    expect(rendered.text).toContain('(table(t) | where T >=');
    expect(() => renderQuery(prepared, { ...options, timeColumns: { SigninLogs: 'T', MySignins: 'U' } })).toThrow(
      'One table() stands for tables that have their time in different columns: SigninLogs, MySignins.',
    );
  });

  it('takes no time in functions that call each other often', async () => {
    const lets = Array.from(
      { length: 10 },
      (_, at) => `let f${at + 1} = (t: string) { union (f${at}(t)), (f${at}(t)) };`,
    );
    const query = `let f0 = (t: string) { table(t) }; ${lets.join(' ')} f10("DeviceEvents")`;
    expect(await tablesOf(query)).toEqual(['DeviceEvents driving <- table(t)']);
  });
});
