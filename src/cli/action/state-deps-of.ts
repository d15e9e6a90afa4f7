import { userInfo } from 'node:os';
import type { ActionDeps } from '../../actions/action-deps.ts';
import { toHuntwireError } from '../../lib/errors.ts';
import { silentLog } from '../../lib/log.ts';
import type { AuditEntry } from '../../state/audit-store.ts';
import { mayHaveState, openState, openStateReader, type StatePlace } from '../../state/state-place.ts';
import { readWithoutSecrets } from '../read-config.ts';
import { oneLine } from '../terminal/print.ts';
import type { World } from '../terminal/world.ts';

/** What verbs and actions that are about the state alone take from the process. */
export type StateDeps = Pick<
  ActionDeps,
  'by' | 'signal' | 'clock' | 'random' | 'log' | 'config' | 'reading' | 'writing' | 'noteAsked'
>;

/** The state is opened for each work on it, beside whoever runs on it. */
export function stateDepsOf(world: World, file: string): StateDeps {
  const { clock, random, signal } = world;
  const { config } = readWithoutSecrets(world, file);
  const { state } = config;
  return {
    ...{ by: whoAsks(world), signal, clock, random, log: silentLog, config },
    reading: async (work) => within(await openStateReader(state, { clock }), work),
    writing: async (work) => within(await openState(state, { clock }), work),
    noteAsked: (asked) => noteAsked(world, state, asked),
  };
}

/** A state that is not there is not made for it, and one that cannot be written hinders nobody who looks for what is wrong. */
export async function noteAsked(
  world: World,
  place: StatePlace,
  asked: Pick<AuditEntry, 'action' | 'subject' | 'after'>,
): Promise<void> {
  if (!mayHaveState(place)) return;
  const entry = { ...asked, who: whoAsks(world), at: world.clock.now(), before: null };
  try {
    await within(await openState(place, world), (store) => store.noteAudit(entry));
  } catch (thrown) {
    const { code, message } = toHuntwireError(thrown);
    world.stderr.write(`huntwire: the audit does not have it: ${oneLine(message)} [${code}]\n`);
  }
}

async function within<Opened extends { close(): Promise<void> }, Found>(
  opened: Opened,
  work: (opened: Opened) => Promise<Found>,
): Promise<Found> {
  try {
    return await work(opened);
  } finally {
    await opened.close();
  }
}

/** Who the audit says has asked. */
export function whoAsks({ by }: Pick<World, 'by'>): string {
  return by ?? userName();
}

/** Who works here. A user without an entry in the machine's list has a number only. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? '?'}`;
  }
}
