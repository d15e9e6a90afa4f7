import { openBench } from './bench.ts';
import { type PlantedOptions, type PlantedRow, plantedSource } from './planted-source.ts';
import { COLUMNS, MINUTE, T0 } from './story.ts';

/** A row of a device that the service shows from `ingested` on; its event was a minute before, unless said otherwise. */
export function planted(id: number, ingested: number, over: Partial<{ at: number; device: string }> = {}): PlantedRow {
  const device = over.device ?? 'pc1';
  const Timestamp = new Date(over.at ?? ingested - MINUTE).toISOString();
  return { ingested, row: { Timestamp, DeviceId: device, DeviceName: device, ReportId: id } };
}

/** A bench over these rows, and what it has told. */
export function setUp(rows: PlantedRow[], fails: PlantedOptions['fails'] | null = null) {
  const bench = openBench({
    start: T0,
    source: (clock) => plantedSource({ columns: COLUMNS, rows: () => rows, now: clock.now, ...(fails && { fails }) }),
  });
  return {
    bench,
    detections: () => bench.told.filter((alert) => alert.kind === 'detection'),
    health: () => bench.told.filter((alert) => alert.kind === 'health'),
  };
}
