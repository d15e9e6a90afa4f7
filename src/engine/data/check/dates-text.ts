import { type DateEvidence, decidedOrder } from '../coerce-column.ts';
import type { DateOrder } from '../dates.ts';
import { isUtc } from '../note-reading.ts';

const FIRST: Readonly<Record<DateOrder, string>> = { dmy: 'day first', mdy: 'month first' };

/** How the times of a column were read, in words. */
export function datesText(evidence: DateEvidence, said: DateOrder | null, zone: string | null): string {
  const order = orderText(evidence, said);
  if (zone === null) return order;
  return `${order}, ${isUtc(zone) ? 'UTC by the header' : `local (${zone}), read as UTC`}`;
}

function orderText(evidence: DateEvidence, said: DateOrder | null): string {
  const decided = decidedOrder(evidence);
  if (evidence.open > 0) {
    if (said) return `${FIRST[said]}, as said`;
    return decided ? `${FIRST[decided]}, by its column` : 'day or month first? say --dates';
  }
  if (decided) return FIRST[decided];
  return evidence.dmy > 0 ? 'day or month first, as each tells' : 'as written';
}
