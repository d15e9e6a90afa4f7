import { type Markup, markup } from '../markup.ts';
import { table } from './table.ts';

/** One value of a chart by its name. */
export interface Bar {
  readonly name: string;
  readonly value: number;
}

const WIDTH = 720;
const HEIGHT = 140;

/** Columns side by side, with a table of the same for those who do not see them. */
export function columnChart(label: string, bars: readonly Bar[], unit: string): Markup {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  const step = WIDTH / Math.max(1, bars.length);
  const path = bars
    .map(({ value }, at) => {
      const height = (value / most) * HEIGHT;
      const [x, width] = [at * step + 1, Math.max(1, step - 2)];
      return value > 0
        ? `M${round(x)} ${round(HEIGHT - height)}h${round(width)}v${round(height)}h-${round(width)}z`
        : '';
    })
    .join('');
  const total = bars.reduce((sum, { value }) => sum + value, 0);
  return markup`<figure><svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${label}: ${total} in all, ${most} at most"><path class="bar" d="${path}"/></svg>
<figcaption><span>${bars[0]?.name ?? ''}</span> <span>most: ${Math.max(0, ...bars.map(({ value }) => value))} ${unit}</span> <span>${bars.at(-1)?.name ?? ''}</span></figcaption>
<details><summary>The same as a table</summary>${table({
    caption: label,
    columns: ['Time', { name: unit, isNumber: true }],
    rows: bars.map(({ name, value }) => [name, value]),
    none: 'Nothing.',
  })}</details></figure>`;
}

/** Seven values in the room of a word; `label` says them. */
export function sparkline(values: readonly number[], label: string): Markup {
  const most = Math.max(1, ...values);
  const path = values
    .map((value, at) => {
      const height = value === 0 ? 0 : Math.max(1, (value / most) * 18);
      return height === 0 ? `M${at * 10} 19h8v1h-8z` : `M${at * 10} ${round(20 - height)}h8v${round(height)}h-8z`;
    })
    .join('');
  return markup`<svg class="spark" width="70" height="20" viewBox="0 0 70 20" role="img" aria-label="${label}"><path class="bar" d="${path}"/></svg>`;
}

/** How much of a limit is used. */
export function shareBar(used: number, limit: number | null, label: string): Markup {
  if (limit === null) return markup`<span class="none">not limited</span>`;
  const share = limit === 0 ? 1 : Math.min(1, used / limit);
  const kind = share >= 0.9 ? 'bad' : share >= 0.7 ? 'warn' : 'good';
  return markup`<svg class="meter" width="160" height="12" viewBox="0 0 160 12" role="img" aria-label="${label}: ${Math.round(share * 100)} %"><rect class="rest" width="160" height="12"/><rect class="${kind}" width="${round(160 * share)}" height="12"/></svg>`;
}

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
