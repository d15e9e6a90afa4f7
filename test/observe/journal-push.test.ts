import { describe, expect, it } from '@jest/globals';
import { createManualClock } from '../../src/lib/clock.ts';
import { MINUTE_MS, SECOND_MS } from '../../src/lib/duration.ts';
import { silentLog } from '../../src/lib/log.ts';
import { journalMessage } from '../../src/observe/journal-message.ts';
import { keepJournalPushed } from '../../src/observe/journal-push.ts';
import { openMemoryStore } from '../../src/state/sqlite-store.ts';
import type { DeliveryResult, JournalMessage } from '../../src/targets/target.ts';
import { commitAlerts, START, sampleCommit, sampleRun } from '../state/samples.ts';

type Words = Readonly<Record<string, unknown>>;
type Answer = (words: Words) => DeliveryResult;

const DELIVERED: DeliveryResult = { kind: 'delivered' };

function start() {
  const clock = createManualClock(START);
  const store = openMemoryStore({ clock });
  const told: object[] = [];
  const say = (message: string, fields?: object) => void told.push({ message, ...fields });
  const log = { ...silentLog, warn: say, info: say };
  const calls: (readonly Words[])[] = [];
  const ids: string[] = [];
  const at = { answer: (() => DELIVERED) as Answer };
  const carry = async (messages: readonly JournalMessage[]) => {
    const words = messages.map((one) => JSON.parse(one.text(null)) as Words);
    calls.push(words);
    ids.push(...messages.map(({ id }) => id));
    return words.map(at.answer);
  };
  /** A process, for so long. */
  const live = async (ms: number) => {
    const stop = new AbortController();
    const deps = { store, clock, log, newRunId: () => 'state-1' };
    const done = keepJournalPushed({ name: 'siem', carry }, deps, stop.signal);
    await clock.advance(ms);
    stop.abort();
    await clock.advance(1);
    await done;
  };
  return { clock, store, told, calls, ids, at, live };
}

const kinds = (calls: readonly (readonly Words[])[]) => calls.map((one) => one.map(({ kind }) => kind).join(' '));

describe('events to a target', () => {
  it('are handed over in their order, and go on where they stopped', async () => {
    const { store, calls, live } = start();
    await commitAlerts(store, ['a1'], ['soar']);
    await live(SECOND_MS);
    await store.noteAudit({
      at: START,
      who: 'ann',
      action: 'reload',
      subject: 'configuration',
      before: null,
      after: 1,
    });
    await live(5 * SECOND_MS);
    expect(kinds(calls)).toEqual(['run alert', 'audit']);
    expect(calls[1]?.[0]).toMatchObject({ who: 'ann', action: 'reload', after: 1 });
  });

  it('come again under the same id until the target takes them, told once, less and less often', async () => {
    const { store, calls, ids, told, at, live } = start();
    await commitAlerts(store, ['a1'], ['soar']);
    at.answer = ({ kind }) =>
      kind === 'run' ? DELIVERED : { kind: 'again', reason: 'HTTP 503', status: 503, retryAfterMs: null };
    await live(20 * MINUTE_MS);
    expect(calls.length).toBeGreaterThan(6);
    expect(calls.length).toBeLessThan(12);
    expect(new Set(ids).size).toBe(2);
    at.answer = () => DELIVERED;
    await live(SECOND_MS);
    await live(SECOND_MS);
    expect(kinds(calls).at(-1)).toBe('run alert');
    expect(told).toEqual([{ message: expect.stringContaining('do not reach'), target: 'siem', reason: 'HTTP 503' }]);
  });

  it('wait as long as the target asks for, up to five minutes, and say when they are taken again', async () => {
    const { store, calls, told, at, live } = start();
    await commitAlerts(store, ['a1'], ['soar']);
    at.answer = () => ({ kind: 'blocked', reason: 'no', status: 429, retryAfterMs: 3 * MINUTE_MS });
    const all = live(4 * MINUTE_MS);
    await Promise.resolve();
    at.answer = () =>
      calls.length > 1 ? DELIVERED : { kind: 'blocked', reason: 'no', status: 429, retryAfterMs: 3 * MINUTE_MS };
    await all;
    expect(calls).toHaveLength(2);
    expect(told).toHaveLength(2);
    expect(told[1]).toMatchObject({ message: expect.stringContaining('again') });
  });

  it('that are refused for good hold up nothing, and are told', async () => {
    const { store, calls, told, at, live } = start();
    await commitAlerts(store, ['a1', 'a2'], ['soar']);
    at.answer = ({ alertId }) =>
      alertId === 'a1' ? { kind: 'refused', reason: 'HTTP 422', status: 422, answer: '' } : DELIVERED;
    await live(10 * SECOND_MS);
    expect(kinds(calls)).toEqual(['run alert alert']);
    expect(told).toEqual([
      { message: expect.stringContaining('refuses some for good'), target: 'siem', events: 1, reason: 'HTTP 422' },
    ]);
  });

  it('that the journal does not keep any more are told as left out', async () => {
    const { store, clock, calls, told, at, live } = start();
    await commitAlerts(store, ['a1'], ['soar']);
    await live(SECOND_MS);
    at.answer = () => ({ kind: 'again', reason: 'down', status: null, retryAfterMs: null });
    await store.commit(sampleCommit(store, { run: sampleRun('run-2') }));
    await live(SECOND_MS);
    await clock.advance(40 * 24 * 60 * MINUTE_MS);
    await store.commit(sampleCommit(store, { run: { ...sampleRun('run-3'), endedAt: clock.now() } }));
    await store.tidy(clock.now());
    at.answer = () => DELIVERED;
    await live(SECOND_MS);
    expect(calls.at(-1)?.map(({ runId }) => runId)).toEqual(['run-3']);
    expect(told).toContainEqual(expect.objectContaining({ target: 'siem', entries: 1 }));
  });

  it('are handed over in parts of 200', async () => {
    const { store, calls, live } = start();
    await commitAlerts(
      store,
      Array.from({ length: 450 }, (_, number) => `a${number}`),
      ['soar'],
    );
    await live(SECOND_MS);
    expect(calls.map(({ length }) => length)).toEqual([200, 200, 51]);
  });

  it('keep to what fits and say what is left out', () => {
    const after = { text: 'x'.repeat(2000) };
    const change = { at: START, who: 'ann', action: 'reload', subject: 's', before: null, after };
    const message = journalMessage({ kind: 'audit', place: 7, ...change }, 'one');
    expect(JSON.parse(message.text(null))).toMatchObject({ after });
    expect(JSON.parse(message.text(300))).toMatchObject({ place: 7, who: 'ann', cut: ['after'] });
    for (const bytes of [20, 60, 100, 200]) expect(message.text(bytes).length).toBeLessThanOrEqual(bytes);
    const other = journalMessage({ kind: 'audit', place: 7, ...change }, 'another');
    expect(other.id).not.toBe(message.id);
  });
});
