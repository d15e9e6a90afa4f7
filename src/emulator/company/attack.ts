import { deviceColumns } from './columns.ts';
import type { Device } from './devices.ts';
import type { Person } from './people.ts';
import { itemAt } from './random.ts';
import type { Scene } from './scene.ts';

/** Columns and values that only rows of one attack have: a result row that carries them all shows the attack. */
export type Mark = Readonly<Record<string, string | number>>;

/** Something bad that is played on the company. */
export interface Attack {
  readonly name: string;
  /** What happens, in a sentence. */
  readonly story: string;
  /** Minutes from the moment that the attacks are planted around; before it where negative. */
  readonly atMinute: number;
  /** Plays it at a moment, epoch ms, and tells what marks its rows. */
  play(scene: Scene, at: number): readonly Mark[];
}

/** A device event of an attack: its own columns, its mark. ReportIds of attacks are longer than those of everyday rows. */
export function markedDevice(
  scene: Scene,
  device: Device,
): { readonly columns: Readonly<Record<string, unknown>>; readonly mark: Mark } {
  const mark = { DeviceId: device.id, ReportId: scene.random.integer(1_000_000, 9_999_999) };
  return { columns: { ...deviceColumns(device, scene.random), ...mark }, mark };
}

/** The client of the n-th person, so that every attack meets somebody else. */
export function clientOf(scene: Scene, index: number): { readonly device: Device; readonly person: Person } {
  const clients = scene.staff.devices.filter((device) => device.owner !== null);
  const device = itemAt(clients, index);
  const person = device.owner ?? itemAt(scene.staff.people, index);
  return { device, person };
}

export function laptopOf(scene: Scene, index: number): { readonly device: Device; readonly person: Person } {
  const laptops = scene.staff.devices.filter((device) => device.kind === 'laptop');
  const device = itemAt(laptops, index);
  return { device, person: device.owner ?? itemAt(scene.staff.people, index) };
}

export function serverFor(scene: Scene, purpose: string): Device {
  const servers = scene.staff.devices.filter((device) => device.kind === 'server');
  return servers.find((server) => server.purpose === purpose) ?? itemAt(scene.staff.devices, 0);
}
