import { existsSync } from 'node:fs';
import type { Clock } from '../lib/clock.ts';
import { HuntwireError } from '../lib/errors.ts';
import type { Secret } from '../lib/secret.ts';
import type { FilePlace } from './file/network-folder.ts';
import type { MachinesSeen } from './machine.ts';
import { isRunnerAlive } from './runner-lock.ts';
import { openReader, openSqliteStore } from './sqlite-store.ts';
import type { Store, StoreReader } from './store.ts';

/** Where a state is kept: in a SQLite file, or in a Postgres database. What speaks to Postgres is loaded only for that. */
export type StatePlace = FilePlace | { readonly url: Secret };

interface Opening {
  readonly clock: Clock;
}

/** Opens the state for writing, beside whoever runs on it. */
export async function openState(place: StatePlace, { clock }: Opening): Promise<Store> {
  if ('path' in place) return openSqliteStore({ path: place.path, clock });
  const { openPostgresStore } = await import('./postgres-store.ts');
  return openPostgresStore({ url: place.url.reveal(), clock });
}

/** Opens the state for reading, beside whoever runs on it. */
export async function openStateReader(place: StatePlace, { clock }: Opening): Promise<StoreReader> {
  if ('path' in place) return openReader({ path: place.path, clock });
  const { openPostgresReader } = await import('./postgres-store.ts');
  return openPostgresReader({ url: place.url.reveal(), clock });
}

/** Whether a process runs rules or delivers on the state. Throws a STATE_ error where that cannot be told. */
export async function isRunnerOn(place: StatePlace): Promise<boolean> {
  if ('path' in place) return isRunnerAlive(place.path);
  const { isRunnerInDatabase } = await import('./postgres/runner-session.ts');
  return isRunnerInDatabase(place.url.reveal());
}

/** Null: on a file nobody stands by. Throws a STATE_ error where it cannot be told. */
export async function machinesOn(place: StatePlace): Promise<MachinesSeen | null> {
  if ('path' in place) return null;
  const { findMachines } = await import('./postgres/machines.ts');
  return findMachines(place.url.reveal());
}

/** False: nobody has made it yet. A database is taken to have one. */
export function mayHaveState(place: StatePlace): boolean {
  return 'url' in place || existsSync(place.path);
}

/** How messages call it. */
export async function stateName(place: StatePlace): Promise<string> {
  if ('path' in place) return `the state file ${place.path}`;
  const { addressOf } = await import('./postgres/connection.ts');
  return addressOf(place.url.reveal()).name;
}

/** For what works on the file itself. */
export function requireStateFile(place: StatePlace, what: string, instead: string): string {
  if ('path' in place) return place.path;
  throw new HuntwireError('USAGE', `${what} works on a state file, and state.url is a database: ${instead}`);
}
