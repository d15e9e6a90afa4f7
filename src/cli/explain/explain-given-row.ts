import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Silence } from '../../alerts/silences.ts';
import { HuntwireError } from '../../lib/errors.ts';
import type { RunnableRule } from '../../rules/rule.ts';
import { silenceOf } from '../../run/silences/read-silences.ts';
import { openMemoryStore } from '../../state/sqlite-store.ts';
import { mayHaveState, openStateReader, type StatePlace } from '../../state/state-place.ts';
import type { StoreReader } from '../../state/store.ts';
import { explainRow } from '../../trial/explain/row/explain-row.ts';
import type { ExplainedRow } from '../../trial/explain/row/explained-row.ts';
import { parseGivenRow } from '../../trial/explain/row/given-row.ts';
import type { World } from '../terminal/world.ts';

interface RowAsked {
  /** A file, or `-`: standard input. */
  readonly from: string;
  readonly table: string | null;
  /** Those that run the rule; of none it is told what would happen. */
  readonly tenants: readonly string[];
  /** null: no configuration names one. */
  readonly state: StatePlace | null;
  /** Those of the configuration. */
  readonly silences: readonly Silence[];
}

/** Tenants that are told of; the rest needs `--tenant`. */
const MOST_TENANTS = 20;

/** What becomes of one row, for each tenant that runs the rule. */
export async function explainGivenRow(
  world: World,
  rule: RunnableRule,
  { from, table, tenants, state, silences }: RowAsked,
): Promise<readonly ExplainedRow[]> {
  const row = parseGivenRow(await readRow(world, from));
  const memory = state && mayHaveState(state) ? await openStateReader(state, world) : null;
  try {
    const all = [...silences, ...(memory ? await addedSilences(memory) : [])];
    const asked = { row, table, memory, silences: all, now: world.clock.now() };
    const told: ExplainedRow[] = [];
    for (const tenant of tenants.length === 0 ? ['default'] : tenants.slice(0, MOST_TENANTS))
      told.push(await explainRow(rule, { ...asked, tenant, openStore: (clock) => openMemoryStore({ clock }) }));
    return told;
  } finally {
    await memory?.close();
  }
}

async function addedSilences(memory: StoreReader): Promise<readonly Silence[]> {
  return (await memory.silences()).filter(({ expiredAt }) => expiredAt === null).map((record) => silenceOf(record));
}

async function readRow(world: World, from: string): Promise<string> {
  if (from === '-') {
    if (!world.readInput) throw new HuntwireError('USAGE', 'There is no standard input.');
    return world.readInput();
  }
  try {
    return await readFile(resolve(world.cwd, from), 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HuntwireError('USAGE', `--row: ${from} cannot be read: ${reason}.`, { cause });
  }
}
