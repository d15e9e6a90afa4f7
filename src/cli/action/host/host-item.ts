import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HuntwireError } from '../../../lib/errors.ts';

/** Where a host that starts a process for each item leaves what it says: a file each, or a variable in capitals. */
export interface HostPlace {
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What a host says under a name; null: nothing. */
export function hostItem({ folder, env }: HostPlace, name: string): string | null {
  try {
    return readFileSync(join(folder, name), 'utf8').trim();
  } catch {
    return env[name.toUpperCase()]?.trim() ?? null;
  }
}

/** As hostItem; a USAGE error names what is missing. */
export function requireHostItem(place: HostPlace, name: string): string {
  const text = hostItem(place, name);
  if (text) return text;
  throw new HuntwireError('USAGE', `The host has to say ${name}: in ${place.folder}/${name} or ${name.toUpperCase()}.`);
}

/** An object; an empty one where nothing is said. */
export function hostObject(place: HostPlace, name: string): Readonly<Record<string, unknown>> {
  const text = hostItem(place, name);
  if (!text) return {};
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // What it is instead may be a secret: nothing of it is told.
  }
  throw new HuntwireError('USAGE', `What the host says as ${name} is no JSON object.`);
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `over` laid over `base`, object by object. */
export function laidOver(
  base: Readonly<Record<string, unknown>>,
  over: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const entries = Object.entries(over).map(([key, value]) => {
    const below = Object.hasOwn(base, key) ? base[key] : undefined;
    return [key, isObject(below) && isObject(value) ? laidOver(below, value) : value];
  });
  return { ...base, ...Object.fromEntries(entries) };
}
