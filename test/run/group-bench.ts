import type { RunnableRule } from '../../src/rules/rule.ts';
import type { Row } from '../../src/sources/source.ts';
import { openBench } from './bench.ts';
import { makeRule } from './make-rule.ts';
import { type PlantedRow, plantedSource } from './planted-source.ts';
import { HOUR } from './story.ts';

/** A set rule whose query ends in `summarize … by DeviceId`: one row a device; with `max(Timestamp)` where the bench says so. */
export function groupRule(over: Partial<RunnableRule> = {}): RunnableRule {
  return makeRule(
    { effectiveShape: 'set', lookbackMs: 4 * HOUR, ...over },
    { shape: 'set', identity: { kind: 'columns', columns: ['DeviceId'] } },
  );
}

export interface GroupEvent {
  /** Epoch ms of event and arrival. */
  readonly at: number;
  readonly device: string;
}

/** A service that summarizes what it holds by device. */
export function openGroups(start: number, events: GroupEvent[], options: { readonly timed: boolean }) {
  const isoOf = (at: number): string => new Date(at).toISOString();
  const rows = (): PlantedRow[] =>
    events.map(({ at, device }) => ({ ingested: at, row: { DeviceId: device, Kind: 'x', Timestamp: isoOf(at) } }));
  const bench = openBench({
    start,
    source: (clock) =>
      plantedSource({
        columns: [
          { name: 'DeviceId', type: 'string' },
          { name: 'Kind', type: 'string' },
          ...(options.timed ? [{ name: 'Timestamp', type: 'datetime' } as const] : []),
        ],
        rows,
        now: clock.now,
        answer: (found) => summarize(found, options.timed),
      }),
  });
  const detections = () => bench.told.filter((alert) => alert.kind === 'detection');
  return { bench, told: () => detections().map((alert) => alert.evidence[0]?.DeviceId) };
}

function summarize(rows: readonly Row[], timed: boolean): readonly Row[] {
  const newest = new Map<string, string>();
  for (const { DeviceId, Timestamp } of rows) {
    const device = String(DeviceId);
    const time = String(Timestamp);
    if (time > (newest.get(device) ?? '')) newest.set(device, time);
  }
  return [...newest].map(([DeviceId, Timestamp]) => ({ DeviceId, Kind: 'x', ...(timed && { Timestamp }) }));
}
