import { INGESTED } from '../table-data.ts';

/** Columns that say when a local row arrived, the best first: itself, the export's envelope, the event's time. */
export const ARRIVALS = [INGESTED, '_TimeReceivedBySvc', '_time', 'Timestamp', 'TimeGenerated'] as const;

/** Of these, the ones that are no columns of a table. */
export const HIDDEN: ReadonlySet<string> = new Set(ARRIVALS.slice(0, 3));
