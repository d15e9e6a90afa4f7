import type { RawRow } from '../../engine/data/row-table.ts';
import { HOUR_MS, MINUTE_MS } from '../../lib/duration.ts';
import { ACTIVITIES } from './activities.ts';
import type { Mark } from './attack.ts';
import { ATTACKS } from './attacks.ts';
import { buyDevices } from './devices.ts';
import { hirePeople } from './people.ts';
import { createRandom } from './random.ts';
import { type Arrival, paceOf, type Scene, type Staff } from './scene.ts';

export interface CompanyOptions {
  readonly seed: number;
  /** How many people work there; each has a client. Default 40; fewer than 25 are too few for some attacks. */
  readonly people?: number;
  /** Default 6. */
  readonly servers?: number;
  /** How much happens, 1 being some 2,000 rows in a working hour of 40 people. */
  readonly pace?: number;
}

/** A small company that exists only as rows. The same seed makes the same company with the same days. */
export interface Company {
  readonly staff: Staff;
  readonly options: CompanyOptions;
}

/** An attack that was played. */
export interface PlantedAttack {
  readonly name: string;
  readonly story: string;
  /** When it began, epoch ms. */
  readonly at: number;
  /** When all rows that show it have arrived, epoch ms. */
  readonly arrivedAt: number;
  /** A result row that has all columns of one of these shows the attack. */
  readonly marks: readonly Mark[];
  readonly arrivals: readonly Arrival[];
}

export function foundCompany(options: CompanyOptions): Company {
  const random = createRandom(options.seed, 'staff');
  const people = hirePeople(options.people ?? 40, random);
  return { staff: { people, devices: buyDevices(people, options.servers ?? 6, random) }, options };
}

/** What happens in the hour that begins at `hour` (epoch ms, a whole hour), by arrival. No hour depends on another. */
export function harmlessHour(company: Company, hour: number): readonly Arrival[] {
  const scenes = [...ACTIVITIES].map(([name, act]) => {
    const scene = sceneOf(company, `${name}/${hour}`, hour, paceOf(hour) * (company.options.pace ?? 1));
    act(scene);
    return scene.arrivals;
  });
  return scenes.flat().sort(byArrival);
}

/** Plays every attack around a moment. */
export function plantAttacks(company: Company, around: number): readonly PlantedAttack[] {
  return ATTACKS.map(({ name, story, atMinute, play }) => {
    const at = around + atMinute * MINUTE_MS;
    const scene = sceneOf(company, name, at, 1);
    const marks = play(scene, at);
    const shown = scene.arrivals.filter(({ row }) => marks.some((mark) => carries(row, mark)));
    const arrivedAt = Math.max(at, ...shown.map((arrival) => arrival.arrivesAt));
    return { name, story, at, arrivedAt, marks, arrivals: scene.arrivals };
  });
}

/** Whether a row shows an attack. Numbers and their digits are the same here: answers carry large ones as text. */
export function carries(row: RawRow, mark: Mark): boolean {
  return Object.entries(mark).every(
    ([column, value]) => Object.hasOwn(row, column) && String(row[column]) === String(value),
  );
}

/** The company's rows of `[from, to)`, whole hours, with or without attacks, as files hold them: by table, in order of arrival. */
export function companyRows(
  company: Company,
  from: number,
  to: number,
  attacks: readonly PlantedAttack[] = [],
): Readonly<Record<string, readonly RawRow[]>> {
  const arrivals = attacks.flatMap((attack) => attack.arrivals);
  for (let hour = wholeHour(from); hour < to; hour += HOUR_MS) arrivals.push(...harmlessHour(company, hour));
  const tables: Record<string, RawRow[]> = {};
  for (const { table, row } of arrivals.sort(byArrival)) {
    const rows = tables[table] ?? [];
    tables[table] = rows;
    rows.push(row);
  }
  return tables;
}

export function wholeHour(time: number): number {
  return Math.floor(time / HOUR_MS) * HOUR_MS;
}

export function byArrival(one: Arrival, other: Arrival): number {
  return one.arrivesAt - other.arrivesAt;
}

function sceneOf({ staff, options }: Company, label: string, from: number, pace: number): Scene {
  return { staff, random: createRandom(options.seed, label), from, to: from + HOUR_MS, pace, arrivals: [] };
}
