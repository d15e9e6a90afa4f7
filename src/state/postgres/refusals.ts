import type { LeaseBook, ReloadRefusal } from '../lease.ts';
import { lockKey } from './locks.ts';
import type { RelayParts } from './relays.ts';

/** No part of the layout, as the leases are none. */
const TABLE = `BEGIN; SELECT pg_advisory_xact_lock(${lockKey('layout')});
  CREATE TABLE IF NOT EXISTS refused_reload (machine bigint PRIMARY KEY, text text NOT NULL); COMMIT`;
const NOTE = `WITH gone AS (DELETE FROM refused_reload WHERE machine <> $1 AND NOT EXISTS (SELECT FROM machine WHERE machine.id = refused_reload.machine))
  INSERT INTO refused_reload (machine, text) VALUES ($1, $2) ON CONFLICT (machine) DO UPDATE SET text = $2`;
const LIST = `SELECT machine.name AS machine, pid, text FROM refused_reload JOIN machine ON machine.id = refused_reload.machine WHERE runs ORDER BY machine.id`;

/** Makes the table where there is none yet. */
export async function openRefusalBook({ pool, self, safely }: RelayParts): Promise<LeaseBook['refusals']> {
  const query = (text: string, values?: readonly unknown[]) =>
    safely(() => pool.use((session) => session.query({ text, ...(values && { values }) })));
  const { rows } = await query("SELECT to_regclass('refused_reload') IS NOT NULL AS known");
  if (!(rows[0] as { readonly known: boolean }).known) await query(TABLE);
  return {
    note: async (text) => {
      if (text === null) await query('DELETE FROM refused_reload WHERE machine = $1', [self]);
      else await query(NOTE, [self, text]);
    },
    list: async () => (await query(LIST)).rows as readonly ReloadRefusal[],
  };
}
