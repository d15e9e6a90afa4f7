import { noted } from './noted.ts';

export const timeUnbinned = noted({
  id: 'time-unbinned',
  description: 'A `summarize` whose groups include the time of events to the tick.',
  why: 'Nearly every event is a group of its own, so that no count is ever reached.',
  mend: 'Group by `bin(Timestamp, 1h)`, or take `max(Timestamp)` instead.',
  severity: 'warning',
});
