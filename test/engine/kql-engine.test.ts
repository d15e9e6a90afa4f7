import { describe, expect, it } from '@jest/globals';
import { ask, cells, engineOver, rowsOf, tableOf } from './ask.ts';

const T = () =>
  tableOf('a: long, s: string, d: dynamic', [
    [1, 'x', [1, 2]],
    [2, 'y', new Map([['k', 1]])],
    [null, '', null],
  ]);

const live = () => ({ signal: new AbortController().signal });

describe('a query over tables', () => {
  it('gives columns with types, rows, and values by column', async () => {
    const result = await ask('T | extend b = a * 2 | project-away d', { T: T() });
    expect(result.columns).toEqual([
      { name: 'a', type: 'long' },
      { name: 's', type: 'string' },
      { name: 'b', type: 'long' },
    ]);
    expect(cells(result)).toEqual([
      [1, 'x', 2],
      [2, 'y', 4],
      [null, '', null],
    ]);
    expect(result.values('b')).toEqual([2, 4, null]);
    expect(result.values('z')).toBeNull();
  });

  it('loads the columns that the query touches, and no other', async () => {
    const table = T();
    expect(await rowsOf('T | where a > 1 | project s', { T: table })).toEqual([['y']]);
    expect([...table.asked].sort()).toEqual(['a', 's']);
  });

  it('loads again where a column turns out to be needed', async () => {
    const table = T();
    expect(await rowsOf('T | where a == 1 | project p = tostring(pack_all())', { T: table })).toEqual([
      ['{"a":1,"s":"x","d":[1,2]}'],
    ]);
    expect(table.asked).toEqual(new Set(['a', 's', 'd', '_ingested']));
  });

  it('takes a table of the schema without data as empty', async () => {
    const schema = { tables: { Empty: [{ name: 'a', type: 'long' as const }] }, functions: [] };
    expect(await rowsOf('Empty | count', {}, { schema })).toEqual([[0]]);
    expect(await rowsOf('Empty | summarize max(a), make_list(a)', {}, { schema })).toEqual([[null, []]]);
  });

  it('fills columns that the data lacks', async () => {
    const table = { ...T(), columns: [...T().columns, { name: 'late', type: 'string' as const }] };
    expect(await rowsOf('T | where isempty(late) | count', { T: table })).toEqual([[3]]);
  });

  it('reads the hidden ingestion time through row-keeping operators', async () => {
    const table = tableOf('a: long', [[1], [2]], { _ingested: [0, 10_000_000] });
    expect(await rowsOf('T | where a == 2 | extend b = 1 | project i = ingestion_time()', { T: table })).toEqual([
      ['2014-01-01T00:00:01Z'],
    ]);
    expect(await rowsOf('T | where ingestion_time() > datetime(2014-01-01) | count', { T: table })).toEqual([[1]]);
  });

  it('has one now() and one chance', async () => {
    expect(await rowsOf('print now(), ago(1d)')).toEqual([['2026-01-01T12:00:00Z', '2025-12-31T12:00:00Z']]);
    const first = await rowsOf('print rand()', {}, { seed: 5 });
    expect(await rowsOf('print rand()', {}, { seed: 5 })).toEqual(first);
    expect(await rowsOf('print rand()', {}, { seed: 6 })).not.toEqual(first);
  });

  it('gives whole numbers beyond 2^53 as text', async () => {
    expect(await rowsOf('print 9007199254740993, dynamic({"x": 9007199254740993})')).toEqual([
      ['9007199254740993', { x: '9007199254740993' }],
    ]);
  });

  it('keeps hostile property names as data', async () => {
    const [row] = [...(await ask('print ["__proto__"] = "x", d = dynamic({"__proto__": 1})')).rows()];
    expect(Object.keys(row ?? {})).toEqual(['__proto__', 'd']);
    expect(Object.getPrototypeOf(row)).toBe(Object.prototype);
  });

  it('runs several queries on one engine', async () => {
    const engine = engineOver({ T: T() });
    expect(cells(await engine.run('T | count', live()))).toEqual([[3]]);
    expect(cells(await engine.run('T | where s == "x" | count', live()))).toEqual([[1]]);
  });

  it('says when it gives the first of several results', async () => {
    const result = await ask('print 1; print 2');
    expect(cells(result)).toEqual([[1]]);
    expect(result.warnings).toEqual(['The query has 2 results; the first one is given.']);
  });

  it('says when a column came from nowhere', async () => {
    const result = await ask('T | evaluate bag_unpack(d) | project z', { T: tableOf('d: dynamic', [[new Map()]]) });
    expect(cells(result)).toEqual([[null]]);
    expect(result.warnings).toEqual(["No row brought a column 'z'; it is read as null."]);
  });
});

describe('a query that cannot run', () => {
  const failing = async (query: string) => ask(query, { T: T() }).catch((error: unknown) => error);

  it.each([
    ['T | wher a', 'KQL_SYNTAX'],
    ['T | where s > 5', 'KQL_FAILED'],
    ['T | where nosuch == 1', 'KQL_FAILED'],
    ['Nowhere | count', 'KQL_FAILED'],
    ['T | project-away nosuch', 'KQL_FAILED'],
    ['T | project-rename b = nosuch', 'KQL_FAILED'],
    ['T | join kind=inner (T | project s) on a', 'KQL_FAILED'],
    ['T | where s matches regex "["', 'KQL_FAILED'],
    ["T | evaluate python(typeof(*), 'x')", 'KQL_UNSUPPORTED'],
    ['externaldata(a: long)["https://example.org/x"]', 'KQL_UNSUPPORTED'],
    ['set query_now = datetime(2020-01-01); print now()', 'KQL_UNSUPPORTED'],
    ['T | take -1', 'KQL_FAILED'],
  ])('%s fails with %s', async (query, code) => {
    expect(await failing(query)).toMatchObject({ name: 'HuntwireError', code });
  });

  it('tells line and column', async () => {
    expect(await failing('T\n| where a > 1\n| evaluate python(typeof(*), "x")')).toMatchObject({
      message: expect.stringContaining('line 3, column 12'),
      problems: [{ line: 3, column: 12, code: 'KQL_UNSUPPORTED', file: null }],
    });
  });

  it('refuses before it reads a row', async () => {
    const table = T();
    await expect(ask('T | where a > 1 | evaluate python(typeof(*), "x")', { T: table })).rejects.toMatchObject({
      code: 'KQL_UNSUPPORTED',
    });
    expect(table.asked.size).toBe(0);
  });
});

describe('budgets', () => {
  it.each([
    'range x from 1 to 1000000000 step 1',
    'range x from 1 to 100000 step 1 | extend k = 1 | join kind=inner (range y from 1 to 100000 step 1 | extend k = 1) on k',
    'print a = range(1, 1000, 1) | mv-expand a | mv-expand b = range(1, 1000, 1) | mv-expand c = range(1, 1000, 1)',
  ])('end %s with an error', async (query) => {
    await expect(ask(query, {}, { limits: { rows: 100_000 } })).rejects.toMatchObject({ code: 'KQL_BUDGET' });
  });

  it.each([
    'range x from 1 to 1000000000000 step 1',
    'range x from datetime(0001-01-01) to datetime(9999-12-31) step 1tick',
    'range x from 9000000000000000000 to 9000000000010000000 step 1',
  ])('a range that is too long fails before it makes a row: %s', async (query) => {
    const before = process.memoryUsage().heapUsed;
    await expect(ask(query, {}, { limits: { bytes: 100_000_000 } })).rejects.toMatchObject({ code: 'KQL_BUDGET' });
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(200_000_000);
  });

  it('count bytes', async () => {
    const query = 'range x from 1 to 100000 step 1 | extend s = strcat(x, strrep("x", 1000)) | where s has "y"';
    await expect(ask(query, {}, { limits: { bytes: 1_000_000 } })).rejects.toMatchObject({ code: 'KQL_BUDGET' });
  });

  it('count time', async () => {
    let clock = 0;
    const elapsed = () => {
      clock += 100;
      return clock;
    };
    const query = 'range x from 1 to 100000 step 1 | where x % 7 == 0 | summarize count()';
    await expect(ask(query, {}, { limits: { ms: 500 }, elapsed })).rejects.toMatchObject({ code: 'KQL_BUDGET' });
  });

  it('stop when asked to', async () => {
    const controller = new AbortController();
    const table = { ...T(), load: () => Promise.reject(new DOMException('stopped', 'AbortError')) };
    controller.abort();
    await expect(engineOver({ T: table }).run('T', { signal: controller.signal })).rejects.toMatchObject({
      code: 'ABORTED',
    });
    const long = engineOver().run('range x from 1 to 100000 step 1 | count', { signal: controller.signal });
    await expect(long).rejects.toMatchObject({ code: 'ABORTED' });
  });
});

describe('the trace', () => {
  it('counts rows by operator', async () => {
    const result = await ask('T\n| where a > 0\n| where s == "x"\n| count', { T: T() }, { trace: true });
    expect(result.trace.map(({ operator, line, rowsIn, rowsOut }) => [operator, line, rowsIn, rowsOut])).toEqual([
      ['where', 2, 3, 2],
      ['where', 3, 2, 1],
      ['count', 4, 1, 1],
    ]);
  });

  it('is empty when not asked for', async () => {
    expect((await ask('T | count', { T: T() })).trace).toEqual([]);
  });

  it('adds up what runs once a group', async () => {
    const result = await ask('T | mv-apply d on (summarize n = count())', { T: T() }, { trace: true });
    expect(result.trace).toContainEqual(expect.objectContaining({ operator: 'summarize', rowsIn: 4, rowsOut: 3 }));
  });
});
