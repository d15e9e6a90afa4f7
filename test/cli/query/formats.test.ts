import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { runCli } from '../../../src/cli/cli.ts';
import { htmlOf, markdownOf } from '../../../src/cli/query/markup.ts';
import { parquetBytes } from '../../../src/cli/query/parquet-bytes.ts';
import type { QueryResult } from '../../../src/cli/query/query-result.ts';
import { verbsFor } from '../../../src/cli/verbs.ts';
import { openDataFolder } from '../../../src/engine/data/folder.ts';
import { createKqlEngine } from '../../../src/engine/kql-engine.ts';
import { defenderSchema } from '../../../src/kql/defender.ts';
import { createFakeWorld } from '../fake-world.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'formats-test-'));
  writeFileSync(
    join(folder, 'Things.jsonl'),
    '{"Name":"a|b","N":1,"When":"2026-01-01T00:00:00.1234567Z","Bag":{"x":[1]}}\n{"Name":"<b>*"}\n',
  );
});
afterEach(() => rmSync(folder, { recursive: true }));

async function cli(...argv: readonly string[]) {
  const world = createFakeWorld(folder);
  const code = await runCli(argv, world, await verbsFor(argv));
  return { code, out: world.out(), err: world.err() };
}

const result = (columns: QueryResult['columns'], rows: QueryResult['rows']): QueryResult => ({
  columns,
  rows,
  truncated: false,
  source: 'local',
  elapsedMs: 1,
});

describe('query --format', () => {
  it('md: a table in which no cell is markup', async () => {
    expect((await cli('query', 'Things | project Name, N', '--data', 'Things.jsonl', '--format', 'md')).out).toBe(
      '| Name | N |\n| --- | ---: |\n| a\\|b | 1 |\n| \\<b\\>\\* |  |\n',
    );
    const lines = markdownOf(result([{ name: 'A', type: 'string' }], [{ A: 'x\r\n| y \\| `z`' }])).split('\n');
    expect(lines).toEqual(['| A |', '| --- |', '| x \\| y \\\\\\| \\`z\\` |', '']);
  });

  it('html: one page, in which no cell is markup', async () => {
    const { out } = await cli('query', 'Things | project Name', '--data', 'Things.jsonl', '--format', 'html');
    expect(out).toMatch(/^<!doctype html>/);
    expect(out).toContain('<td>&lt;b&gt;*</td>');
    const hostile = htmlOf(
      result([{ name: '<script>', type: 'string' }], [{ '<script>': "\"><img src=x onerror='1'>&" }]),
    );
    expect(hostile.match(/<[a-z]+/g)?.filter((tag) => ['<script', '<img'].includes(tag))).toEqual([]);
  });

  it('--output writes the same into a file; parquet goes nowhere else', async () => {
    const query = ['query', 'Things | project Name', '--data', 'Things.jsonl'];
    for (const format of ['json', 'jsonl', 'csv', 'md', 'html']) {
      const printed = await cli(...query, '--format', format);
      const { out, err, code } = await cli(...query, '--format', format, '--output', 'out.txt');
      expect([code, out, err]).toEqual([0, '', `2 rows written to ${join(folder, 'out.txt')}\n`]);
      const text = readFileSync(join(folder, 'out.txt'), 'utf8');
      expect(text.replace(/"elapsedMs":\d+/, '')).toBe(printed.out.replace(/"elapsedMs":\d+/, ''));
    }
    expect(await cli(...query, '--format', 'parquet')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--output'),
    });
    expect(await cli(...query, '--output', 'no/such/folder')).toMatchObject({
      code: 2,
      err: expect.stringContaining('cannot be written'),
    });
    expect((await cli(...query, '--format', 'parquet', '--output', 'Again.parquet')).code).toBe(0);
    expect((await cli('query', 'Again | count', '--data', 'Again.parquet', '--format', 'jsonl')).out).toBe(
      '{"Count":2}\n',
    );
  });

  it('csv: a build service is given no command, a file has the rows as they are', async () => {
    const world = { ...createFakeWorld(folder), env: { GITHUB_ACTIONS: 'true' } };
    const query = ['query', 'print A = "::error::x"', '--data', 'Things.jsonl', '--format', 'csv'];
    expect(await runCli(query, world, await verbsFor(query))).toBe(0);
    expect(await runCli([...query, '--output', 'a.csv'], world, await verbsFor(query))).toBe(0);
    expect([world.out(), readFileSync(join(folder, 'a.csv'), 'utf8')]).toEqual([
      'A\r\n: :error::x\r\n',
      'A\r\n::error::x\r\n',
    ]);
  });

  it('table: the chart that the query asks for, else the rows', async () => {
    const chart = await cli(
      'query',
      'Things | project Name, N | where N > 0 | render barchart',
      '--data',
      'Things.jsonl',
    );
    expect(chart.out).toMatch(/^a\|b {2}█+ 1\n\n?.*1 row from local/);
    const rows = await cli(
      'query',
      'Things | project Name, N | render barchart',
      '--data',
      'Things.jsonl',
      '--format',
      'jsonl',
    );
    expect(rows.out.split('\n')[0]).toBe('{"Name":"a|b","N":1}');
  });
});

describe('parquetBytes', () => {
  async function back(
    of: QueryResult,
  ): Promise<{ readonly types: readonly string[]; readonly rows: readonly unknown[] }> {
    writeFileSync(join(folder, 'Back.parquet'), parquetBytes(of));
    const { tables } = await openDataFolder(join(folder, 'Back.parquet'));
    const engine = createKqlEngine({ schema: defenderSchema(), tables, now: 0, elapsed: () => 0 });
    const { columns, rows } = await engine.run('Back', { signal: new AbortController().signal });
    return { types: columns.map(({ type }) => type), rows: [...rows()] };
  }

  it('every type comes back as it was', async () => {
    const columns: QueryResult['columns'] = [
      { name: 'S', type: 'string' },
      { name: 'B', type: 'bool' },
      { name: 'L', type: 'long' },
      { name: 'R', type: 'real' },
      { name: 'T', type: 'datetime' },
      { name: 'D', type: 'dynamic' },
    ];
    const time = fc
      .tuple(
        fc.date({ min: new Date('1700-01-01'), max: new Date('2260-01-01'), noInvalidDate: true }),
        fc.integer({ min: 0, max: 9999 }),
      )
      .map(([date, ticks]) =>
        date
          .toISOString()
          .replace('Z', `${String(ticks).padStart(4, '0')}Z`)
          .replace(/\.?0*Z$/, 'Z'),
      );
    const row = fc.record({
      S: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }),
      B: fc.option(fc.boolean()),
      L: fc
        .option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }))
        .map((value) =>
          value === null || (value <= 2n ** 53n - 1n && value >= 1n - 2n ** 53n)
            ? value === null
              ? null
              : Number(value)
            : String(value),
        ),
      R: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)),
      T: fc.option(time),
      D: fc.option(fc.oneof(fc.record({ a: fc.integer() }), fc.array(fc.boolean(), { minLength: 1 }))),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 6 }), async (rows) => {
        const { types, rows: read } = await back(result(columns, rows));
        expect(types).toEqual(columns.map(({ type }) => type));
        expect(read).toEqual(rows);
      }),
      { numRuns: 30 },
    );
  });

  it('what a type cannot hold makes a column of text, nothing is lost', async () => {
    const of = result(
      [
        { name: 'T', type: 'datetime' },
        { name: 'L', type: 'long' },
      ],
      [
        { T: '9999-12-31T23:59:59.9999999Z', L: 'x' },
        { T: null, L: 1 },
      ],
    );
    expect(await back(of)).toEqual({
      types: ['string', 'string'],
      rows: [
        { T: '9999-12-31T23:59:59.9999999Z', L: 'x' },
        { T: '', L: '1' },
      ],
    });
  });

  it('no rows are a file with columns', async () => {
    expect(await back(result([{ name: 'A', type: 'long' }], []))).toEqual({ types: ['long'], rows: [] });
  });
});
