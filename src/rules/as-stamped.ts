import type { Rule } from './rule.ts';

/** What the rows of a source tell of their arrival, and how much later and longer windows are where they tell nothing. */
interface Stamps {
  readonly ingestionTime: 'always' | 'asked' | 'never';
  readonly minDelayMs: number;
  readonly minOverlapMs: number;
}

/** A rule as a source sees it: where rows have no ingestion time its windows go by event time, later, and read more again. */
export function asStamped<Kind extends Pick<Rule, 'window'>>(rule: Kind, arrival: Stamps | null): Kind {
  if (arrival?.ingestionTime !== 'never' || rule.window.basis === 'none') return rule;
  const unstamped = { delayMs: arrival.minDelayMs, overlapMs: arrival.minOverlapMs };
  return Object.freeze({ ...rule, window: Object.freeze({ ...rule.window, basis: 'event', unstamped }) });
}
