import { createManualClock, type ManualClock } from '../../src/lib/clock.ts';
import type { LogFields } from '../../src/lib/log.ts';
import { silentLog } from '../../src/lib/log.ts';
import {
  type DeliveryLoopOptions,
  type Mode,
  openSession,
  type Queue,
  type Session,
} from '../../src/outbox/session.ts';
import { createSessionEnd } from '../../src/outbox/session-end.ts';
import type { OutboxEntry } from '../../src/state/outbox-store.ts';
import { openMemoryStore } from '../../src/state/sqlite-store.ts';
import type { Store } from '../../src/state/store.ts';
import type { Target } from '../../src/targets/target.ts';
import { START, sampleAlert } from '../state/samples.ts';
import { ORIGIN } from './scene.ts';

/** An entry that was fetched, with `a<id>` as its message. */
export const sampleEntry = (id: number, over: Partial<OutboxEntry> = {}): OutboxEntry => ({
  id,
  messageId: `a${id}`,
  target: 'soar',
  orderKey: `a${id}`,
  characters: 2,
  attempts: 0,
  createdAt: START,
  firstAttemptAt: null,
  agedMs: 0,
  triedAt: null,
  probedFrom: null,
  receipt: null,
  alert: sampleAlert(`a${id}`),
  ...over,
});

export const sampleEntries = (count: number): OutboxEntry[] =>
  Array.from({ length: count }, (_, index) => sampleEntry(index + 1));

export interface BareSession {
  readonly session: Session;
  readonly queue: Queue;
  readonly store: Store;
  readonly clock: ManualClock;
  /** What the store was asked: the names of its methods, in order. */
  readonly calls: (keyof Store)[];
  readonly errors: (LogFields | undefined)[];
}

/** A session that nothing serves: its parts are moved by hand. `over` replaces methods of its store. */
export async function openBareSession(
  targets: readonly Target[],
  over: (store: Store) => Partial<Store> = () => ({}),
  { mode = { kind: 'run' }, signal = new AbortController().signal }: { mode?: Mode; signal?: AbortSignal } = {},
): Promise<BareSession> {
  const clock = createManualClock(START, ORIGIN);
  const store = openMemoryStore({ clock });
  const calls: BareSession['calls'] = [];
  const errors: BareSession['errors'] = [];
  const options: DeliveryLoopOptions = {
    store: noting({ ...store, ...over(store) }, calls),
    targets,
    clock,
    log: { ...silentLog, error: (_message, fields) => errors.push(fields) },
    random: () => 0.5,
    healthTargets: [],
    tenant: 'contoso',
  };
  const session = await openSession(options, mode, createSessionEnd(signal));
  const [queue] = session.queues;
  if (!queue) throw new Error('a session needs a target');
  calls.length = 0;
  return { session, queue, store, clock, calls, errors };
}

/** `outboxNow` is a look at the clock and is not noted. */
function noting(store: Store, calls: (keyof Store)[]): Store {
  return new Proxy(store, {
    get: (whole, name: keyof Store) => {
      const method = whole[name];
      if (typeof method !== 'function' || name === 'outboxNow') return method;
      return (...given: never[]) => {
        calls.push(name);
        return (method as (...given: never[]) => unknown)(...given);
      };
    },
  });
}
