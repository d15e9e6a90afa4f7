import type { LintCheck } from './check.ts';

/** Each event of a stream is searched when it has arrived: a filter that lets it pass only later must say how much later. */
export const unclearFilter: LintCheck = {
  id: 'unclear-filter',
  description:
    'A filter of a stream on the time of events whose distance from now is not constant: what it hides at first is never told.',
  why: 'An event that such a filter hides in the run that searches it is never asked for again.',
  mend: 'Compare the time alone with a constant distance, or say `shape: set` with a lookback.',
  severity: 'warning',
  analyzed: true,
  refuses: [],
  check: (rule, { prepared }) =>
    prepared.unclearFilters.map(({ start }) => ({
      place: rule.map.place(start),
      message:
        'This filter compares the time of events with now by no constant distance: an event that it hides in the run that searches it, too new or too old, is never told.',
      suggestion:
        'Compare the time alone with a constant distance, such as Timestamp < ago(1h), or say "shape: set" with a lookback.',
    })),
};
