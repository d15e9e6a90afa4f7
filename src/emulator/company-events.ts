import type { TableSource } from '../engine/table-data.ts';
import { columnsOfTable, defenderTables } from '../kql/defender.ts';
import { HOUR_MS } from '../lib/duration.ts';
import { byArrival, type Company, harmlessHour, type PlantedAttack, wholeHour } from './company/company.ts';
import type { Arrival } from './company/scene.ts';
import type { EventStore } from './event-store.ts';
import { createGrowingTable } from './growing-table.ts';

export interface CompanyEventsOptions {
  readonly company: Company;
  readonly attacks: readonly PlantedAttack[];
  /** From when on things happened, epoch ms. */
  readonly since: number;
}

/** The longest stretch of time that is made up at once; a clock that jumps further leaves a quiet time behind. */
const LONGEST_LEAP_HOURS = 24 * 31;

/** The company's events, made up hour by hour as the clock goes on; rows on their way wait until they have arrived. */
export function createCompanyEvents({ company, attacks, since }: CompanyEventsOptions): EventStore<TableSource> {
  const tables = new Map(defenderTables().map((name) => [name, createGrowingTable(columnsOfTable(name) ?? [])]));
  let coming: Arrival[] = attacks.flatMap((attack) => attack.arrivals).sort(byArrival);
  let nextHour = wholeHour(since);
  return {
    tables: Object.fromEntries([...tables].map(([name, table]) => [name, table.source])),
    advance(now) {
      const from = Math.max(nextHour, wholeHour(now) - LONGEST_LEAP_HOURS * HOUR_MS);
      for (let hour = from; hour <= now; hour += HOUR_MS) {
        coming.push(...harmlessHour(company, hour));
        nextHour = hour + HOUR_MS;
      }
      if (from <= now) coming.sort(byArrival);
      const arrived = arrivedBy(coming, now);
      for (const { table, row } of coming.slice(0, arrived)) tables.get(table)?.append(row);
      coming = coming.slice(arrived);
    },
  };
}

/** How many of the sorted arrivals have come by `now`. */
function arrivedBy(coming: readonly Arrival[], now: number): number {
  const later = coming.findIndex((arrival) => arrival.arrivesAt > now);
  return later < 0 ? coming.length : later;
}
