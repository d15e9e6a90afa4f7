import { describe, expect, it } from '@jest/globals';
import { drawChart } from '../../../src/cli/chart/draw-chart.ts';
import { createKqlEngine } from '../../../src/engine/kql-engine.ts';
import type { Row } from '../../../src/sources/source.ts';

const engine = createKqlEngine({ schema: { tables: {}, functions: [] }, tables: {}, now: 0, elapsed: () => 0 });

async function draw(query: string, width = 60): Promise<readonly string[] | null> {
  const { chart, columns, rows } = await engine.run(query, { signal: new AbortController().signal });
  return chart && drawChart(chart, columns, [...rows()] as readonly Row[], width);
}

const NAMES = 'datatable(Name:string, Hits:long)["powershell.exe", 8, "cmd.exe", 4, "calc.exe", 0]';
const TIMES = 'range T from datetime(2026-01-01) to datetime(2026-01-02) step 1h | extend N = hourofday(T)';

describe('drawChart', () => {
  it('draws bars to the width, the longest for the most; a value of nothing has none', async () => {
    const lines = (await draw(`${NAMES} | render barchart`)) ?? [];
    expect(lines.map((line) => line.replace(/█+/, (bar) => `<${bar.length}>`))).toEqual([
      'powershell.exe  <41> 8',
      'cmd.exe         <20>▌ 4',
      'calc.exe         0',
    ]);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60);
  });

  it('tells shares of a pie, the title, and every series of a bar', async () => {
    expect((await draw(`${NAMES} | render piechart with (title="Who?")`))?.join('\n')).toMatch(
      /^Who\?\n\npowershell.* 8 \(66\.7 %\)\n/,
    );
    const two = await draw('datatable(D:string, K:string, N:long)["mon","a",1,"mon","b",2] | render columnchart');
    expect(two?.map((line) => line.split('  ')[0])).toEqual(['mon · a', 'mon · b']);
  });

  it('plots one series of times with its axes', async () => {
    const lines = (await draw(`${TIMES} | project T, N | render timechart`)) ?? [];
    expect(lines).toHaveLength(12);
    expect(lines[0]).toMatch(/^23 │/);
    expect(lines[9]).toMatch(/^ 0 │/);
    expect(lines[11]).toMatch(/^ +2026-01-01T00:00:00Z +2026-01-02T00:00:00Z$/);
    expect(lines.slice(0, 10).every((line) => line.length <= 60)).toBe(true);
    expect(lines.join('')).toMatch(/[\u2801-\u28ff]/);
  });

  it('draws several series as one line each, on one scale; lists of make-series, too', async () => {
    const lines =
      (await draw(
        `${TIMES} | extend K = iff(N % 2 == 0, "even", "odd") | make-series C = sum(N) on T step 6h by K | render timechart`,
      )) ?? [];
    expect(lines.map((line) => line.slice(0, 4).trim())).toEqual(['even', 'odd', '']);
    expect(lines[0]).toMatch(/ most 60$/);
    expect(lines[0]).toMatch(/[▁▂▃▄▅▆▇█]/);
  });

  it('takes the columns that render names', async () => {
    const lines = await draw(
      'datatable(A:long, B:string, C:long)[1,"x",5,2,"y",7] | render barchart with (xcolumn=B, ycolumns=C)',
    );
    expect(lines?.map((line) => line.replace(/[█▏▎▍▌▋▊▉]+/, '='))).toEqual(['x  = 5', 'y  = 7']);
  });

  it.each([
    ['print x = 1 | render table'],
    ['print x = 1 | render card'],
    ['print s = "a" | render barchart'],
    [`${NAMES} | where false | render timechart`],
    ['print x = 1'],
    ['union (print x = 1, y = 2 | render barchart)'],
  ])('leaves the rows to the table: %s', async (query) => {
    expect(await draw(query).catch(() => null)).toBeNull();
  });

  it('lets no text of a cell fake a line, and draws a hundred thousand points', async () => {
    expect((await draw('print s = "a\\nb\\u001b[2J", n = 1 | render barchart'))?.join('|')).toMatch(
      /^a b \[2J {2}█+ 1$/,
    );
    expect(await draw('range T from 1 to 100000 step 1 | extend N = T % 7 | render linechart')).toHaveLength(12);
    const many = await draw(
      'range T from 1 to 300 step 1 | extend K = tostring(T), N = T | render barchart with (xcolumn=K, ycolumns=N)',
    );
    expect(many?.at(-1)).toBe('… 200 more');
  });

  it('draws what is below zero without a bar, and one point', async () => {
    expect(await draw('print s = "a", n = -3 | render barchart')).toEqual(['a   -3']);
    expect(await draw('print T = datetime(2026-01-01), n = 3 | render timechart')).toHaveLength(12);
  });
});
