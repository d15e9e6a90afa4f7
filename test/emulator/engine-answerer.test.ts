import { describe, expect, it } from '@jest/globals';
import { type Answerer, QueryFault } from '../../src/emulator/answer.ts';
import { createEngineAnswerer } from '../../src/emulator/engine-answerer.ts';
import { createFileEvents } from '../../src/emulator/file-events.ts';
import { rowTable } from '../../src/engine/data/row-table.ts';
import { columnsOfTable } from '../../src/kql/defender.ts';

const T0 = Date.parse('2026-01-10T12:00:00Z');
const ROWS = [
  { Timestamp: '2026-01-10T11:00:00Z', DeviceName: 'early', _ingested: '2026-01-10T11:05:00Z' },
  { Timestamp: '2026-01-10T09:00:00Z', DeviceName: 'late', _ingested: '2026-01-10T12:30:00Z' },
  { Timestamp: '2026-01-10T11:59:00Z', DeviceName: 'on time', _ingested: '2026-01-10T12:00:00Z' },
];

function answererOf(limits = {}): Answerer {
  const tables = { DeviceEvents: rowTable(columnsOfTable('DeviceEvents') ?? [], ROWS) };
  let elapsed = 0;
  const tick = (): number => {
    elapsed += 1;
    return elapsed;
  };
  return createEngineAnswerer(createFileEvents(tables), { elapsed: tick, limits });
}

async function ask(query: string, now = T0, answerer = answererOf()) {
  return answerer.answer({ query, now, signal: new AbortController().signal });
}

async function faultOf(query: string, limits = {}): Promise<unknown> {
  return ask(query, T0, answererOf(limits)).then(
    () => null,
    (thrown: unknown) => thrown,
  );
}

describe('what a query sees', () => {
  it('is what has arrived by the clock, not what has happened by it', async () => {
    const names = async (now: number) =>
      (await ask('DeviceEvents | sort by DeviceName asc', now)).rows.map((row) => row.DeviceName);
    expect(await names(T0 - 1)).toEqual(['early']);
    expect(await names(T0)).toEqual(['early', 'on time']);
    expect(await names(T0 + 3_600_000)).toEqual(['early', 'late', 'on time']);
  });

  it('has ingestion_time() of its arrival, and now() of the clock', async () => {
    const { rows, columns } = await ask('DeviceEvents | project DeviceName, At = ingestion_time(), Now = now()');
    expect(rows[0]).toEqual({ DeviceName: 'early', At: '2026-01-10T11:05:00Z', Now: '2026-01-10T12:00:00Z' });
    expect(columns[1]).toEqual({ name: 'At', type: 'datetime' });
  });

  it('is in the window that a rule asks for', async () => {
    const window =
      'ingestion_time() >= datetime(2026-01-10T12:00:00Z) and ingestion_time() < datetime(2026-01-10T13:00:00Z)';
    const { rows } = await ask(
      `// huntwire some-rule\nDeviceEvents | where ${window} | project DeviceName`,
      T0 + 7_200_000,
    );
    expect(rows.map((row) => row.DeviceName)).toEqual(['late', 'on time']);
  });

  it('stands still while a query runs, whatever is asked meanwhile', async () => {
    const answerer = answererOf();
    const query = 'DeviceEvents | summarize Rows = count(), Now = take_any(now())';
    const answers = await Promise.all([T0 - 1, T0 + 3_600_000, T0].map((now) => ask(query, now, answerer)));
    expect(answers.map(({ rows }) => rows[0]?.Rows)).toEqual([1, 3, 2]);
    expect(answers.map(({ rows }) => rows[0]?.Now)).toEqual([
      '2026-01-10T11:59:59.999Z',
      '2026-01-10T13:00:00Z',
      '2026-01-10T12:00:00Z',
    ]);
  });

  it('knows the tables of the schema that have no rows', async () => {
    expect((await ask('EmailEvents | count')).rows).toEqual([{ Count: 0 }]);
  });
});

describe('a refusal', () => {
  it.each([
    [
      'DeviceEvents | where',
      /^A recognition error occurred\. Line: 1, Position: \d+\..* Fix syntax errors in your query\.$/,
    ],
    [
      'DeviceEvents | project Foo',
      /^'project' operator: Failed to resolve scalar expression named 'Foo'\. Fix semantic errors in your query\.$/,
    ],
    [
      'NoSuchTable | where a == 1',
      /^'where' operator: Failed to resolve table or column expression named 'NoSuchTable'\. Fix semantic errors in your query\.$/,
    ],
    [
      'DeviceEvents\n| where DeviceName != ""\n| join NoSuchTable on DeviceId',
      /^'join' operator: Failed to resolve table or column expression named 'NoSuchTable'\./,
    ],
    ['DeviceEvents | where nosuch(DeviceName)', /^Unknown function: 'nosuch'\. Fix semantic errors in your query\.$/],
    ['DeviceEvents | evaluate python(typeof(*), "x")', /cannot run this query\. .*plugin python.*line 1/],
  ])('of %j has the words of the service', async (query, words) => {
    const fault = await faultOf(query);
    expect(fault).toBeInstanceOf(QueryFault);
    expect(String((fault as Error).message)).toMatch(words);
  });

  it('says that the query was preempted when a budget is spent', async () => {
    const fault = await faultOf('range x from 1 to 1000 step 1', { rows: 100 });
    expect(fault).toBeInstanceOf(QueryFault);
    expect(String((fault as Error).message)).toContain(
      'exceeded the allowed limits. The query execution was preempted.',
    );
  });

  it('leaves the next query alone', async () => {
    const answerer = answererOf();
    const [refused, answered] = await Promise.allSettled([ask('Nope', T0, answerer), ask('print 1', T0, answerer)]);
    expect([refused?.status, answered?.status]).toEqual(['rejected', 'fulfilled']);
  });

  it('is no refusal where the caller went away', async () => {
    const stop = new AbortController();
    stop.abort();
    const asked = answererOf().answer({ query: 'print 1', now: T0, signal: stop.signal });
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
  });
});
