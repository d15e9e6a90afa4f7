import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createManualClock } from '../../src/lib/clock.ts';
import { openMemoryStore } from '../../src/state/sqlite-store.ts';
import type { Store } from '../../src/state/store.ts';
import { tries } from '../tries.ts';
import { START, sampleAlert, sampleMessage, sampleRetry } from './samples.ts';

/** One step; numbers are taken modulo what there is to choose from. */
type Step =
  | { readonly kind: 'commit'; readonly key: number }
  | { readonly kind: 'repeat' | 'delivered' | 'bury' | 'replay' | 'drop'; readonly which: number }
  | { readonly kind: 'retry'; readonly which: number; readonly delay: number }
  | { readonly kind: 'wait' | 'probe'; readonly ms: number };

const number = fc.nat(1000);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('commit' as const), key: fc.nat(2) }),
  fc.record({ kind: fc.constantFrom('repeat', 'delivered', 'bury', 'replay', 'drop'), which: number }),
  fc.record({ kind: fc.constant('retry' as const), which: number, delay: fc.nat(50) }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(30) }),
  fc.record({ kind: fc.constant('probe' as const), ms: fc.nat(30) }),
);

const LONGEST_STEP = 20;
const LONGEST_AGE = 60;

interface Model {
  readonly entries: ModelEntry[];
  probedMs: number;
  /** When a time was written last: replayed entries are due from then on. */
  keptAt: number;
}

interface ModelEntry {
  readonly message: string;
  readonly key: string;
  agedMs: number;
  triedAt: number | null;
  probedFrom: number | null;
  state: 'pending' | 'delivered' | 'dead' | 'dropped';
  due: number;
}

/** What the outbox should hand out, said as plainly as possible. */
function due(entries: readonly ModelEntry[], now: number): string[] {
  const pending = entries.filter((entry) => entry.state === 'pending');
  const heads = pending.filter((entry) => pending.find((other) => other.key === entry.key) === entry);
  const ready = heads.filter((entry) => entry.due <= now);
  const place = (entry: ModelEntry): number => entries.indexOf(entry);
  return ready.sort((a, b) => a.due - b.due || place(a) - place(b)).map((entry) => entry.message);
}

async function commit(store: Store, entry: ModelEntry): Promise<void> {
  const alert = sampleAlert(entry.message);
  await store.commitHealth({ alerts: [alert], messages: [sampleMessage(alert, 'soar', entry.key)], health: [] });
}

async function probe(store: Store, now: number, model: Model, ms: number): Promise<void> {
  model.probedMs += ms;
  const { probedMs } = model;
  const waiting = model.entries.filter((entry) => entry.state === 'pending');
  for (const entry of waiting.filter((one) => one.probedFrom === null)) {
    entry.agedMs += Math.min(LONGEST_STEP, now - (entry.triedAt ?? now));
    entry.probedFrom = probedMs;
  }
  const old = waiting.filter((entry) => entry.agedMs + probedMs - (entry.probedFrom ?? 0) >= LONGEST_AGE);
  const limits = { longestStepMs: LONGEST_STEP, longestAgeMs: LONGEST_AGE };
  expect(await store.ageWaiting({ target: 'soar', now, probedMs, ...limits, reason: 'r', at: now })).toBe(old.length);
  for (const entry of old) entry.state = 'dead';
}

const YOUNG = { agedMs: 0, triedAt: null, probedFrom: null };

async function apply(store: Store, now: number, model: Model, one: Step): Promise<void> {
  const { entries } = model;
  if (one.kind === 'commit') {
    const entry: ModelEntry = {
      message: `a${entries.length}`,
      key: `k${one.key}`,
      ...YOUNG,
      state: 'pending',
      due: now,
    };
    entries.push(entry);
    model.keptAt = now;
    return commit(store, entry);
  }
  if (one.kind === 'probe') return probe(store, now, model, one.ms);
  const entry = 'which' in one ? entries[one.which % Math.max(1, entries.length)] : undefined;
  if (!entry) return;
  // The model and the store number entries alike: both from the first commit on.
  const id = entries.indexOf(entry) + 1;
  const open = entry.state === 'pending';
  const tried = { nextAttemptAt: now + ('delay' in one ? one.delay : 0), triedAt: now, agedMs: entry.agedMs + 1 };
  if (one.kind === 'repeat') await commit(store, entry);
  if (one.kind === 'delivered') await store.delivered([id], now);
  if (one.kind === 'bury') await store.bury([{ id, reason: 'r', status: null, answer: '', at: now }]);
  if (one.kind === 'retry') await store.retryLater([sampleRetry(id, tried)]);
  if (one.kind === 'replay') return replay(store, now, model, [id, (id % entries.length) + 1]);
  if (one.kind === 'drop') expect(await store.drop([id])).toBe(entry.state === 'dead' ? 1 : 0);
  if (one.kind === 'repeat' || one.kind === 'retry') model.keptAt = now;
  if (open && one.kind === 'delivered') entry.state = 'delivered';
  if (open && one.kind === 'bury') entry.state = 'dead';
  if (open && one.kind === 'retry')
    Object.assign(entry, { due: tried.nextAttemptAt, triedAt: now, agedMs: tried.agedMs, probedFrom: null });
  if (entry.state === 'dead' && one.kind === 'drop') entry.state = 'dropped';
}

/** Two at a time, later ones first as well. */
async function replay(store: Store, now: number, model: Model, ids: readonly number[]): Promise<void> {
  const dead = [...new Set(ids)].flatMap((id) => model.entries[id - 1] ?? []).filter(({ state }) => state === 'dead');
  expect(await store.replay(ids, now)).toBe(dead.length);
  for (const entry of dead) Object.assign(entry, { state: 'pending', due: model.keptAt, ...YOUNG });
}

describe('the outbox', () => {
  it('does what a list of entries would do, whatever the order of the calls', async () => {
    const play = async (steps: readonly Step[], limit: number): Promise<void> => {
      const clock = createManualClock(START);
      const store = openMemoryStore({ clock });
      const model: Model = { entries: [], probedMs: 0, keptAt: START };
      const { entries } = model;
      for (const one of steps) {
        if (one.kind === 'wait') await clock.advance(one.ms);
        await apply(store, clock.now(), model, one);
        const now = clock.now();
        const query = { now, limit, except: new Set<number>(), ignoreBackoff: false };
        const expected = due(entries, now);
        const first = await store.pending('soar', query);
        expect(first.map((entry) => entry.messageId)).toEqual(expected.slice(0, limit));
        const rest = await store.pending('soar', { ...query, except: new Set(first.map((entry) => entry.id)) });
        expect(rest.map((entry) => entry.messageId)).toEqual(expected.slice(limit, 2 * limit));
      }
      const dead = await store.deadLetters({ target: null, ids: null });
      expect(dead.map((letter) => letter.messageId)).toEqual(
        entries.filter((entry) => entry.state === 'dead').map((entry) => entry.message),
      );
      await store.close();
    };
    const steps = fc.array(step, { minLength: 5, maxLength: 40 });
    await fc.assert(fc.asyncProperty(steps, fc.integer({ min: 1, max: 3 }), play), { numRuns: tries(20, 60) });
  });
});
