import { CONTEXT, SNAPSHOT_TABLE } from '../rule-text.ts';
import { DAY, type Scenario } from '../scenario.ts';
import type { ModelColumn, ModelRow, ModelTable } from './kql-values.ts';

const EVENT_COLUMNS: readonly ModelColumn[] = [
  { name: 'Timestamp', type: 'datetime' },
  { name: 'DeviceId', type: 'string' },
  { name: 'DeviceName', type: 'string' },
  { name: 'ActionType', type: 'string' },
  { name: 'AccountName', type: 'string' },
  { name: 'FileName', type: 'string' },
  { name: 'ReportId', type: 'long' },
];
const DEVICE_COLUMNS: readonly ModelColumn[] = [
  { name: 'Timestamp', type: 'datetime' },
  { name: 'DeviceId', type: 'string' },
  { name: 'DeviceName', type: 'string' },
  { name: 'ExposureLevel', type: 'string' },
  { name: 'ReportId', type: 'long' },
];
const SNAPSHOT_COLUMNS: readonly ModelColumn[] = [
  { name: 'DeviceId', type: 'string' },
  { name: 'DeviceName', type: 'string' },
  { name: 'CveId', type: 'string' },
];

interface Stored {
  readonly row: ModelRow;
  readonly visible: number;
}

interface Shelf {
  readonly columns: readonly ModelColumn[];
  /** In the order in which queries come to see them. */
  readonly stored: readonly Stored[];
  seen: ModelRow[];
}

/** What the service holds: events as they are planted, and a row a day for every device. */
export function createTables(scenario: Scenario): { tableOf(name: string, now: number): ModelTable } {
  const shelves = new Map<string, Shelf>();
  const tables = new Map(scenario.rules.map((rule) => [rule.mark, rule.table]));
  const start = Date.parse(scenario.start);
  const put = (table: string, columns: readonly ModelColumn[], stored: readonly Stored[]): void => {
    const before = shelves.get(table)?.stored ?? [];
    const sorted = [...before, ...stored].sort((a, b) => a.visible - b.visible);
    shelves.set(table, { columns, stored: sorted, seen: [] });
  };
  for (const table of new Set(tables.values())) put(table, EVENT_COLUMNS, []);
  put(SNAPSHOT_TABLE, SNAPSHOT_COLUMNS, []);
  put('DeviceInfo', DEVICE_COLUMNS, deviceRows(scenario, start));
  for (const event of scenario.events) {
    const table = tables.get(event.mark);
    if (!table) continue;
    const arrival = start + event.at * 1000;
    const visible = arrival + event.hidden * 1000;
    const device = { DeviceId: event.device, DeviceName: event.device };
    const happened = {
      Timestamp: arrival - event.late * 1000,
      ...device,
      ActionType: `${event.mark}${event.half === '' ? '' : `-${event.half}`}`,
      AccountName: event.account,
      FileName: event.parts.join(','),
      ReportId: event.id,
    };
    if (table === SNAPSHOT_TABLE)
      put(table, SNAPSHOT_COLUMNS, [{ visible, row: { arrival: null, cells: { ...device, CveId: event.mark } } }]);
    else
      put(
        table,
        EVENT_COLUMNS,
        [0, ...(event.again === undefined ? [] : [event.again * 1000])].map((later) => ({
          visible: visible + later,
          row: { arrival: arrival + later, cells: happened },
        })),
      );
  }
  const retention = scenario.service.retention * 1000;
  return {
    tableOf: (name, now) => {
      const shelf = shelves.get(name);
      if (!shelf) throw new Error(`there is no table ${name}`);
      while ((shelf.stored[shelf.seen.length]?.visible ?? Number.POSITIVE_INFINITY) <= now) {
        shelf.seen.push((shelf.stored[shelf.seen.length] as Stored).row);
      }
      const kept = shelf.seen.filter(({ arrival }) => arrival === null || arrival >= now - retention);
      return { columns: shelf.columns, rows: kept.length === shelf.seen.length ? shelf.seen.slice() : kept };
    },
  };
}

/** A row a day and device, whose exposure level changes from day to day. */
function deviceRows(scenario: Scenario, start: number): readonly Stored[] {
  const devices = [...new Set(scenario.events.map((event) => event.device))].sort();
  const days = Math.ceil((scenario.length + CONTEXT) / DAY) + 2;
  return devices.flatMap((device, index) =>
    Array.from({ length: days }, (_, day) => {
      const arrival = start - CONTEXT * 1000 + day * DAY * 1000 + index * 60_000;
      const cells = {
        Timestamp: arrival,
        DeviceId: device,
        DeviceName: device,
        ExposureLevel: ['Low', 'Medium', 'High'][(day + index) % 3] ?? 'Low',
        ReportId: 1_000_000 + day,
      };
      return { visible: arrival, row: { arrival, cells } };
    }),
  );
}
