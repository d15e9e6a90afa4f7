import type { RawRow } from './row-table.ts';

export interface ExportedRow {
  readonly table: string;
  readonly row: RawRow;
}

const CATEGORY = /^AdvancedHunting-(\w+)$/;

/**
 * A record of the Defender Streaming API (storage and Event Hubs write the same one): `{time, tenantId, category:
 * "AdvancedHunting-<Table>", properties: {…}}`. Null for a record that is none.
 */
export function openEnvelope(record: RawRow): ExportedRow | null {
  const { category, properties, time, _TimeReceivedBySvc: received } = record as Readonly<Record<string, unknown>>;
  const table = typeof category === 'string' ? CATEGORY.exec(category)?.[1] : undefined;
  if (!table || typeof properties !== 'object' || properties === null) return null;
  const arrival = {
    ...(received !== undefined && { _TimeReceivedBySvc: received }),
    ...(time !== undefined && { _time: time }),
  };
  return { table, row: { ...(properties as RawRow), ...arrival } };
}
