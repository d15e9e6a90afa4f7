import { scaleBand, scaleLinear } from 'd3-scale';
import { type Markup, markup, NOTHING } from '../../markup.ts';
import { table } from '../table.ts';
import { boxes, PLOT, plot, round, roundTicks, TICKS_ACROSS, TICKS_UP } from './plot.ts';

/** One value of a chart by its name. */
export interface Bar {
  readonly name: string;
  readonly value: number;
}

/** Columns side by side, with a table of the same for those who do not see them. */
export function columnChart(label: string, bars: readonly Bar[], unit: string, named = 'Time'): Markup {
  const values = bars.map(({ value }) => value).filter(Number.isFinite);
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const up = scaleLinear([low, Math.max(high, low + 1)], [PLOT.height, 0]).nice(TICKS_UP);
  const across = scaleBand(bars.keys(), [0, PLOT.width]).paddingInner(0.15);
  const placed = bars.map(({ value }, index) => {
    const [top, base] = [up(Math.max(0, value)), up(Math.min(0, value))];
    return { x: across(index) ?? 0, y: top, width: Math.max(1, across.bandwidth()), height: base - top };
  });
  const each = Math.ceil(bars.length / TICKS_ACROSS);
  const names = bars.flatMap(({ name }, index) =>
    index % each === 0 ? [{ at: (across(index) ?? 0) + across.bandwidth() / 2, text: name }] : [],
  );
  const total = values.reduce((sum, value) => sum + value, 0);
  const drawn = markup`<path class="bar" d="${boxes(placed.filter(({ height }) => height > 0))}"/>`;
  const axes = {
    across: names,
    up: roundTicks(up),
  };
  return markup`<figure>${plot(`${label}: ${total} in all, ${high} at most`, drawn, axes)}
<figcaption><span>Most: ${high} ${unit}</span></figcaption>
<details><summary>The same as a table</summary>${table({
    caption: label,
    columns: [named, { name: unit, isNumber: true }],
    rows: bars.map(({ name, value }) => [name, value]),
    none: 'Nothing.',
  })}</details></figure>`;
}

const SPARK = { width: 70, height: 20 } as const;

/** Seven values in the room of a word; `label` says them. */
export function sparkline(values: readonly number[], label: string): Markup {
  const up = scaleLinear([0, Math.max(1, ...values)], [0, SPARK.height - 1]);
  const across = scaleBand(values.keys(), [0, SPARK.width]).paddingInner(0.2);
  const placed = values.map((value, index) => {
    const height = Math.max(1, up(value));
    return { x: across(index) ?? 0, y: SPARK.height - height, width: across.bandwidth(), height };
  });
  return markup`<svg class="spark" width="70" height="20" viewBox="0 0 70 20" role="img" aria-label="${label}"><path class="bar" d="${boxes(placed)}"/></svg>`;
}

const METER_WIDTH = 160;

/** How much of a limit is used. */
export function shareBar(used: number, limit: number | null, label: string): Markup {
  if (limit === null) return markup`<span class="none">not limited</span>`;
  const width = limit === 0 ? METER_WIDTH : scaleLinear([0, limit], [0, METER_WIDTH]).clamp(true)(used);
  const share = width / METER_WIDTH;
  const kind = share >= 0.9 ? 'bad' : share >= 0.7 ? 'warn' : 'good';
  return markup`<svg class="meter" width="160" height="12" viewBox="0 0 160 12" role="img" aria-label="${label}: ${Math.round(share * 100)} %"><rect class="rest" width="160" height="12"/><rect class="${kind}" width="${round(width)}" height="12"/></svg>`;
}

/** What a chart leaves out is said. */
export function leftOut(text: string | null): Markup {
  return text === null ? NOTHING : markup`<p class="none">${text}</p>`;
}
