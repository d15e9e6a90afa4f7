import { expect, it } from '@jest/globals';
import { chartOfTried } from '../../../src/cli/run/chart-of-tried.ts';

const time = { name: 'Timestamp', type: 'datetime' };
const count = { name: 'count_', type: 'long' };
const name = { name: 'DeviceName', type: 'string' };
const TIMES = ['2026-01-01T02:00:00Z', '2026-01-01T01:00:00Z'];

it('time series are lines in the order of time, a line for each name', () => {
  const rows = TIMES.flatMap((Timestamp, at) => ['a', 'b'].map((one) => ({ Timestamp, DeviceName: one, count_: at })));
  const chart = chartOfTried('T | summarize count() by bin(Timestamp, 1h), DeviceName', {
    columns: [time, name, count],
    rows,
  });
  expect(chart).toMatchObject({ kind: 'timechart', isTime: true });
  const [first = 0, second = 0] = TIMES.map((text) => Date.parse(text));
  const points = [
    { x: second, y: 1 },
    { x: first, y: 0 },
  ];
  expect(chart?.series).toEqual([
    { name: 'a', points },
    { name: 'b', points },
  ]);
});

it('counts by a name are columns, and render is obeyed', () => {
  const rows = [
    { DeviceName: 'a', count_: 2 },
    { DeviceName: 'b', count_: 1 },
  ];
  const answer = { columns: [name, count], rows };
  expect(chartOfTried('T | summarize count() by DeviceName', answer)).toMatchObject({ kind: 'columnchart' });
  expect(chartOfTried('T | render piechart with (title="x") ;\n', answer)).toMatchObject({ kind: 'piechart' });
  expect(chartOfTried('T | render table', answer)).toBeNull();
});

it('render is obeyed with its columns and title, and over the one row of a series', () => {
  const rows = [{ DeviceName: 'a', Other: 'z', count_: 2, sum_: 9 }];
  const columns = [name, { name: 'Other', type: 'string' }, count, { name: 'sum_', type: 'long' }];
  const kql = 'T | render columnchart with (title="Of, x=1", xcolumn=Other, ycolumns=sum_, count_, kind=stacked)';
  expect(chartOfTried(kql, { columns, rows })).toMatchObject({
    title: 'Of, x=1',
    series: [
      { name: 'a, sum_', points: [{ x: 'z', y: 9 }] },
      { name: 'a, count_', points: [{ x: 'z', y: 2 }] },
    ],
  });
  const lists = [{ Timestamp: TIMES, count_: [3, 4] }];
  const dynamic = ['Timestamp', 'count_'].map((one) => ({ name: one, type: 'dynamic' }));
  expect(chartOfTried('T | render timechart', { columns: dynamic, rows: lists })?.series).toHaveLength(1);
});

it.each([
  ['one row', { columns: [time, count], rows: [{ Timestamp: TIMES[0], count_: 1 }] }],
  ['events', { columns: [time, name, { name: 'FileName', type: 'string' }, count], rows: [{}, {}] }],
  ['numbers that count nothing', { columns: [time, { name: 'ProcessId', type: 'long' }], rows: [{}, {}] }],
  ['no numbers', { columns: [time, name], rows: [{}, {}] }],
])('%s are no chart', (_, answer) => {
  expect(chartOfTried('T', answer)).toBeNull();
});
