import type { RenderedQuery } from './render.ts';

/** What the instants in a query as it is sent are told from, in epoch ms; null: it has no window. */
export interface SentTimes {
  readonly logicalTime: number;
  readonly from: number | null;
  readonly to: number | null;
}

type Base = 'L' | 'from' | 'to';
/** Text of the query, or an instant: so many ms from its base, and its last four digits. */
type Part = string | readonly [base: Base, offsetMs: number, rest: string];

const LITERAL = /datetime\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3})(\d{4})Z\)/g;
/** `datetime(` */
const OPENING = 9;

/**
 * A query as it was sent without the instants that were put into it, as JSON: what runs of one query have in common, so that it is kept
 * once for all of them. `fillTemplate` gives the text back.
 */
export function templateOf({ text, isOriginal }: Pick<RenderedQuery, 'text' | 'isOriginal'>, times: SentTimes): string {
  const parts: Part[] = [];
  let at = 0;
  for (const match of text.matchAll(LITERAL)) {
    const [literal, instant = '', rest = ''] = match;
    if (isOriginal(match.index) && isOriginal(match.index + OPENING)) continue;
    parts.push(text.slice(at, match.index), instantOf(Date.parse(`${instant}Z`), rest, times));
    at = match.index + literal.length;
  }
  return JSON.stringify([...parts, text.slice(at)]);
}

/** The nearest of the instants that it may be told from, or the offset would be another in each run. */
function instantOf(instant: number, rest: string, { logicalTime, from, to }: SentTimes): Part {
  const bases: readonly (readonly [Base, number | null])[] = [
    ['to', to],
    ['L', logicalTime],
    ['from', from],
  ];
  const known = bases.flatMap(([base, at]) => (at === null ? [] : [[base, instant - at, rest] as const]));
  return known.reduce((best, one) => (Math.abs(one[1]) < Math.abs(best[1]) ? one : best));
}

/** The text that was sent with these times. */
export function fillTemplate(template: string, { logicalTime, from, to }: SentTimes): string {
  const bases = { L: logicalTime, from: from ?? logicalTime, to: to ?? logicalTime };
  const parts = JSON.parse(template) as readonly Part[];
  return parts
    .map((part) => {
      if (typeof part === 'string') return part;
      const [base, offset, rest] = part;
      return `datetime(${new Date(bases[base] + offset).toISOString().replace('Z', '')}${rest}Z)`;
    })
    .join('');
}
