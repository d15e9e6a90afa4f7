import type { RawRow } from '../../engine/data/row-table.ts';
import { HOUR_MS, MINUTE_MS } from '../../lib/duration.ts';
import type { Device } from './devices.ts';
import type { Person } from './people.ts';
import type { Random } from './random.ts';

/** A row on its way to the service: seen there from `arrivesAt` (epoch ms) on, which its `_ingested` says too. */
export interface Arrival {
  readonly table: string;
  readonly arrivesAt: number;
  readonly row: RawRow;
}

export interface Staff {
  readonly people: readonly Person[];
  readonly devices: readonly Device[];
}

/** A stretch of time in which things happen. Rows are collected in `arrivals`. */
export interface Scene {
  readonly staff: Staff;
  readonly random: Random;
  /** Epoch ms. */
  readonly from: number;
  readonly to: number;
  /** How busy it is; 1 is a working hour. */
  readonly pace: number;
  readonly arrivals: Arrival[];
}

export interface RecordOptions {
  /** Time on the way in ms, where it is not up to chance. */
  readonly delayMs?: number;
}

/** How long rows of a table are on their way, in minutes: sensors are quick, audit logs are not. */
const DELAYS: readonly (readonly [prefix: string, least: number, most: number])[] = [
  ['Device', 0.3, 4],
  ['EntraId', 2, 8],
  ['CloudApp', 4, 15],
  ['', 1, 5],
];
const LATE_SHARE = 0.01;
const DOUBLED_SHARE = 0.01;

/** One event: now and then it comes hours late, as from a laptop that was closed, and now and then it comes twice. */
export function record(
  scene: Scene,
  table: string,
  at: number,
  columns: RawRow,
  { delayMs }: RecordOptions = {},
): void {
  const { random, arrivals } = scene;
  const row = { Timestamp: preciseTime(at, random), ...columns };
  const arrivesAt = at + (delayMs ?? delayOf(table, random));
  arrivals.push(arrivalOf(table, row, arrivesAt));
  if (random.chance(DOUBLED_SHARE)) arrivals.push(arrivalOf(table, row, arrivesAt + random.integer(1, 20) * MINUTE_MS));
}

function arrivalOf(table: string, row: RawRow, arrivesAt: number): Arrival {
  const rounded = Math.round(arrivesAt);
  return { table, arrivesAt: rounded, row: { ...row, _ingested: new Date(rounded).toISOString() } };
}

function delayOf(table: string, random: Random): number {
  if (random.chance(LATE_SHARE)) return (2 + random.next() * 7) * HOUR_MS;
  const [, least, most] = DELAYS.find(([prefix]) => table.startsWith(prefix)) ?? ['', 1, 5];
  return (least + random.next() * (most - least)) * MINUTE_MS;
}

/** UTC with 100 ns, as the sensors write it. */
function preciseTime(at: number, random: Random): string {
  return `${new Date(at).toISOString().slice(0, -1)}${String(random.integer(0, 9999)).padStart(4, '0')}Z`;
}

/** Moments of something that happens so often in a busy hour. */
export function momentsOf(scene: Scene, perHour: number): readonly number[] {
  const expected = (perHour * scene.pace * (scene.to - scene.from)) / HOUR_MS;
  const count = Math.floor(expected) + (scene.random.chance(expected % 1) ? 1 : 0);
  return Array.from({ length: count }, () => momentIn(scene));
}

export function momentIn(scene: Scene): number {
  return Math.floor(scene.from + scene.random.next() * (scene.to - scene.from));
}

/** Nights and weekends are quiet, but not empty. */
export function paceOf(time: number): number {
  const date = new Date(time);
  const isWeekend = date.getUTCDay() === 0 || date.getUTCDay() === 6;
  if (isWeekend) return 0.3;
  return date.getUTCHours() >= 6 && date.getUTCHours() < 18 ? 1 : 0.4;
}
