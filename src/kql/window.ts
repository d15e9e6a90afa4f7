/** Which clock a window is measured by: when the service received a row, or when the event happened. */
export type WindowBasis = 'ingestion' | 'event';

/** Half-open range `[from, to)` in epoch milliseconds. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

export interface Window extends TimeRange {
  readonly basis: WindowBasis;
}

/** A KQL datetime literal with 7 fraction digits, as some plug-ins want constants in full. */
export function datetimeLiteral(epochMs: number): string {
  return `datetime(${new Date(epochMs).toISOString().replace('Z', '0000Z')})`;
}
