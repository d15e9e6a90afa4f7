import { effectiveShape } from '../shape.ts';
import type { LintCheck } from './check.ts';

/** A row is told once because it is known again: what changes between runs must not be what it is known by. */
export const rowChanges: LintCheck = {
  id: 'row-changes',
  description:
    'A stream whose rows are known by columns that may change between runs (`now() - Timestamp`, looked-up columns): one event may be told again.',
  why: 'A row is known again by its columns; one that changes between runs makes it a new one.',
  mend: 'Keep `Timestamp`, `DeviceId` and `ReportId` in the result, and join on ids.',
  severity: 'warning',
  analyzed: true,
  refuses: [],
  check: (rule, { prepared }) => {
    const { kind, loose = [] } = prepared.identity;
    if (effectiveShape(rule, prepared) !== 'stream' || loose.length === 0) return [];
    const names = loose.slice(0, MOST_NAMES).join(', ') + (loose.length > MOST_NAMES ? ', …' : '');
    const message = `Rows of this query are known by ${names}, which may be different in the next run: then one event is told again.`;
    return [{ place: rule.map.placeOf(['query']), message, suggestion: kind === 'row' ? KEEP_THE_KEY : ONE_ROW_EACH }];
  },
};

const MOST_NAMES = 5;
const KEEP_THE_KEY =
  'Keep what tells events apart in the result as the table has it: Timestamp, DeviceId and ReportId, or at least the time.';
const ONE_ROW_EACH =
  'Join on the id of what is looked up, or on rows that are summarized by the columns of the join; keep the columns that mv-expand makes in the result.';
