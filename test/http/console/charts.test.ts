import { describe, expect, it } from '@jest/globals';
import type { TriedChart } from '../../../src/actions/pages/tried-result.ts';
import { columnChart, shareBar, sparkline } from '../../../src/http/console/parts/charts/bars.ts';
import { triedChart } from '../../../src/http/console/parts/charts/line-chart.ts';
import { HOUR_MS } from '../../../src/lib/duration.ts';
import { START } from '../../state/samples.ts';

type Point = TriedChart['series'][number]['points'][number];

/** Of the legend. */
const KEY = 'M0 6h12';

function pathsOf(html: unknown, kind: string): readonly string[] {
  return [...String(html).matchAll(new RegExp(`<path class="${kind}" d="([^"]*)"`, 'g'))].flatMap(([, d = '']) =>
    d === KEY ? [] : [d],
  );
}

function ticksOf(html: unknown): readonly string[] {
  return [...String(html).matchAll(/<text x="[^"]*" y="[^"]*"(?: text-anchor="\w+")?>([^<]*)</g)].map(
    ([, t = '']) => t,
  );
}

function chartOf(kind: string, ...series: readonly (readonly Point[])[]): TriedChart {
  const isTime = series.every((points) => points.every(({ x }) => Number(x) > 1e6));
  return { kind, title: null, isTime, series: series.map((points, at) => ({ name: `s${at}`, points })) };
}

describe('a chart', () => {
  it('has columns from nothing up and down, names below and round numbers beside', () => {
    const html = columnChart(
      'Alerts',
      ['mon', 'tue', 'wed', 'thu', 'fri'].map((name, at) => ({ name, value: at - 1 })),
      'n',
    );
    expect(pathsOf(html, 'bar')[0]?.match(/M/g)).toHaveLength(4);
    expect(ticksOf(html)).toEqual(['−1', '0', '1', '2', '3', 'mon', 'wed', 'fri']);
    expect(String(html)).toContain('aria-label="Alerts: 5 in all, 3 at most"');
    expect(String(html)).not.toMatch(/style|NaN/);
  });

  it('has a line for each series over times, which breaks where a value is no number', () => {
    const points = [0, 1, Number.NaN, 3, 4].map((y, at) => ({ x: START + at * HOUR_MS, y }));
    const html = triedChart(chartOf('timechart', points, points.slice(0, 2)));
    expect(pathsOf(html, 'line0')).toEqual(['M0,140L180,105M540,35L720,0']);
    expect(pathsOf(html, 'line1')).toEqual(['M0,140L180,105']);
    expect(ticksOf(html)).toEqual(['0', '1', '2', '3', '4', '12:00', '13:00', '14:00', '15:00', '16:00']);
  });

  it('stacks areas where it is asked to, whatever places each series has', () => {
    const chart = chartOf(
      'stackedareachart',
      [
        { x: 0, y: 1 },
        { x: 2, y: 1 },
      ],
      [
        { x: 0, y: 3 },
        { x: 1, y: 2 },
      ],
    );
    const html = triedChart(chart);
    expect(pathsOf(html, 'line1')).toEqual(['M0,0L360,70L720,105']);
    expect(pathsOf(html, 'area line1')).toEqual(['M0,0L360,70L720,105L720,105L360,140L0,105Z']);
  });

  it('has dots for a scatter, and columns for what is over names', () => {
    expect(
      pathsOf(
        triedChart(
          chartOf('scatterchart', [
            { x: 1, y: 0 },
            { x: 3, y: 4 },
          ]),
        ),
        'dots line0',
      ),
    ).toEqual(['M0 140h0M720 0h0']);
    expect(String(triedChart(chartOf('columnchart', [{ x: 'a', y: 1 }])))).toContain('<th scope="col">Name</th>');
    expect(
      pathsOf(
        triedChart(
          chartOf('linechart', [
            { x: 'a', y: 1 },
            { x: 'b', y: 2 },
          ]),
        ),
        'bar',
      ),
    ).toHaveLength(1);
  });

  it('says what it leaves out', () => {
    const series = Array.from({ length: 8 }, () => [
      { x: 1, y: 1 },
      { x: 2, y: 2 },
    ]);
    expect(String(triedChart(chartOf('linechart', ...series)))).toContain('Of 8 series the first 6 are drawn');
    const names = Array.from({ length: 201 }, (_, at) => ({ x: `n${at}`, y: at }));
    expect(String(triedChart(chartOf('columnchart', names)))).toContain('Of 201 values the first 200.');
  });

  it('in the room of a word shows shares and small columns', () => {
    expect(String(sparkline([0, 2], 'two'))).toContain('d="M0,19h31.1v1h-31.1Z');
    const widths = (
      [
        [0, 10],
        [7, 10],
        [30, 10],
        [1, 0],
      ] as const
    ).map(([used, limit]) =>
      /class="(\w+)" width="([\d.]+)" height="12"\/><\/svg>/.exec(String(shareBar(used, limit, 'x')))?.slice(1),
    );
    expect(widths).toEqual([
      ['good', '0'],
      ['warn', '112'],
      ['bad', '160'],
      ['bad', '160'],
    ]);
  });
});
