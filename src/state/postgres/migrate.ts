import { HuntwireError } from '../../lib/errors.ts';
import type { DatabaseAddress, DatabaseClient } from './connection.ts';
import { lockKey } from './locks.ts';
import { LAYOUT_STEPS, type LayoutStep } from './migrations.ts';

/** The number of the last step that the database has seen; 0 where there are no tables yet. */
export async function layoutOf(session: DatabaseClient): Promise<number> {
  const { rows } = await session.query({ text: "SELECT to_regclass('layout') IS NOT NULL AS known" });
  if (!(rows[0] as { readonly known: boolean }).known) return 0;
  const layout = await session.query({ text: 'SELECT number FROM layout' });
  return (layout.rows[0] as { readonly number: number } | undefined)?.number ?? 0;
}

/** Brings the tables to the program's layout, all steps in one transaction; those of a newer program are refused. One process at a time does it. */
export async function migrateTables(
  session: DatabaseClient,
  address: DatabaseAddress,
  steps = LAYOUT_STEPS,
): Promise<void> {
  if ((await layoutOf(session)) === latestOf(steps)) return;
  await session.query({ text: `BEGIN; SELECT pg_advisory_xact_lock(${lockKey('layout')})` });
  try {
    const version = await layoutOf(session);
    if (version > latestOf(steps)) throw newerError(address, version, latestOf(steps));
    if (version === 0) await session.query({ text: 'CREATE TABLE layout (number bigint NOT NULL)' });
    for (const step of steps.filter(({ number }) => number > version)) await apply(session, step);
    await session.query({ text: 'COMMIT' });
  } catch (thrown) {
    await session.query({ text: 'ROLLBACK' });
    throw thrown;
  }
}

export async function hasOurLayout(session: DatabaseClient): Promise<boolean> {
  return (await layoutOf(session)) === latestOf(LAYOUT_STEPS);
}

/** For readers, which change nothing: there are tables of exactly the program's layout. */
export async function requireLayout(session: DatabaseClient, address: DatabaseAddress): Promise<void> {
  const version = await layoutOf(session);
  const latest = latestOf(LAYOUT_STEPS);
  if (version === latest) return;
  if (version > latest) throw newerError(address, version, latest);
  throw new HuntwireError(
    'STATE_FAILED',
    `There is no state of layout ${latest} in ${address.name} (it has ${version}); run "huntwire once" or "huntwire run", which bring it up to date.`,
  );
}

async function apply(session: DatabaseClient, { number, statements }: LayoutStep): Promise<void> {
  const note = ['DELETE FROM layout', `INSERT INTO layout VALUES (${number})`];
  await session.query({ text: [...statements, ...note].join(';\n') });
}

function newerError({ name }: DatabaseAddress, version: number, latest: number): HuntwireError {
  return new HuntwireError(
    'STATE_FAILED',
    `The state in ${name} was written by a newer program (layout ${version}, this one knows ${latest}); install that version or set another state.url.`,
  );
}

function latestOf(steps: readonly LayoutStep[]): number {
  return steps.at(-1)?.number ?? 0;
}
