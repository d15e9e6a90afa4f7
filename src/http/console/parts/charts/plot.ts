import { pathRound } from 'd3-path';
import type { ScaleLinear } from 'd3-scale';
import { cutText } from '../../../../lib/text.ts';
import { type Markup, markup } from '../../markup.ts';

/** Of what is drawn; it is as wide as the page leaves room, and as high as this in pixels. */
export const PLOT = { width: 720, height: 140 } as const;

/** A mark of an axis, at a place of the plot. */
export interface Tick {
  readonly at: number;
  readonly text: string;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** So many fit side by side on a phone. */
export const TICKS_ACROSS = 4;
export const TICKS_UP = 3;
const LONGEST_TICK = 12;

/** What is drawn with its axes. Places of texts are attributes: the policy of the pages has no style in them. */
export function plot(
  label: string,
  marks: Markup | readonly Markup[],
  { across, up }: { readonly across: readonly Tick[]; readonly up: readonly Tick[] },
): Markup {
  const grid = up.map(({ at }) => `M0 ${round(at)}h${PLOT.width}`).join('');
  return markup`<svg class="chart" role="img" aria-label="${label}"><svg y="14" width="100%" height="${PLOT.height}" viewBox="0 0 ${PLOT.width} ${PLOT.height}" preserveAspectRatio="none"><path class="grid" d="${grid}"/>${marks}</svg>
${up.map(({ at, text }) => markup`<text x="0" y="${round(at + 11)}">${cutText(text, LONGEST_TICK)}</text>`)}${across.map(tickBelow)}</svg>`;
}

function tickBelow({ at, text }: Tick): Markup {
  const share = round((at / PLOT.width) * 100);
  const anchor = share < 8 ? 'start' : share > 92 ? 'end' : 'middle';
  return markup`<text x="${share}%" y="${PLOT.height + 29}" text-anchor="${anchor}">${cutText(text, LONGEST_TICK)}</text>`;
}

/** Round numbers up the side. */
export function roundTicks(up: ScaleLinear<number, number>): readonly Tick[] {
  const textOf = up.tickFormat(TICKS_UP);
  return up.ticks(TICKS_UP).map((value) => ({ at: up(value), text: textOf(value) }));
}

/** One path for all of them. */
export function boxes(all: readonly Box[]): string {
  const drawn = pathRound(1);
  for (const { x, y, width, height } of all) drawn.rect(x, y, width, height);
  return drawn.toString();
}

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
