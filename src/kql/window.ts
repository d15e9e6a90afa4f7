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

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const;

/** A KQL timespan literal in the largest unit that says it exactly. */
export function timespanLiteral(ms: number): string {
  const [unit, size] = UNITS.find(([, one]) => ms % one === 0) ?? ['ms', 1];
  return `${ms / size}${unit}`;
}

/** A KQL datetime literal with 7 fraction digits, as some plug-ins want constants in full. */
export function datetimeLiteral(epochMs: number): string {
  return `datetime(${new Date(epochMs).toISOString().replace('Z', '0000Z')})`;
}
