import { describe, expect, it } from '@jest/globals';
import { createManualClock } from '../../src/lib/clock.ts';
import { HuntwireError } from '../../src/lib/errors.ts';
import { type Log, silentLog } from '../../src/lib/log.ts';
import type { FollowUp } from '../../src/outbox/follow-up.ts';
import { createResultWriter } from '../../src/outbox/result-writer.ts';
import type { OutboxEntry, OutboxStore } from '../../src/state/outbox-store.ts';
import { openMemoryStore } from '../../src/state/sqlite-store.ts';
import { START, sampleAlert } from '../state/samples.ts';

const entry = (id: number): OutboxEntry => ({
  characters: 2,
  id,
  messageId: `a${id}`,
  target: 'soar',
  orderKey: `a${id}`,
  attempts: 0,
  createdAt: START,
  firstAttemptAt: null,
  agedMs: 0,
  triedAt: null,
  probedFrom: null,
  receipt: null,
  alert: sampleAlert(`a${id}`),
});

const DELIVERED: FollowUp = { kind: 'delivered' };
const RETRY: FollowUp = { kind: 'retry', nextAttemptAt: START + 1000, triedAt: START, agedMs: 0, reason: 'HTTP 503' };
const BURY: FollowUp = { kind: 'bury', reason: 'HTTP 422', status: 422, answer: 'no' };

/** A writer whose store notes what it is given, and fails where `fails` names the method. */
function createDesk() {
  const clock = createManualClock(START);
  const calls: { at: number; method: string; ids: number[] }[] = [];
  const fails = new Set<string>();
  const written: number[] = [];
  const errors: unknown[] = [];
  const log: Log = { ...silentLog, error: (_message, fields) => errors.push(fields) };
  const note = (method: string) => async (entries: readonly (number | { readonly id: number })[]) => {
    const ids = entries.map((one) => (typeof one === 'number' ? one : one.id));
    calls.push({ at: clock.now() - START, method, ids });
    if (fails.has(method)) throw new HuntwireError('STATE_FULL', 'the disk is full', { retryable: true });
  };
  const keepReceipts: OutboxStore['keepReceipts'] = (receipts) =>
    note('keepReceipts')(receipts.map(({ alertId }) => Number(alertId.slice(1))));
  const methods = { keepReceipts, delivered: note('delivered'), retryLater: note('retryLater'), bury: note('bury') };
  const store = { ...openMemoryStore({ clock }), ...methods };
  const writer = createResultWriter({
    store,
    clock,
    log,
    fail: () => undefined,
    onWritten: (ids) => written.push(...ids),
  });
  const add = (from: number, to: number, followUp = DELIVERED): void => {
    for (let id = from; id <= to; id += 1) writer.add(entry(id), followUp);
  };
  return { clock, calls, fails, written, errors, writer, add };
}

describe('results of deliveries', () => {
  it('keep their receipts before they count as delivered, and as long as that fails', async () => {
    const { clock, calls, fails, writer, add } = createDesk();
    add(1, 1, { kind: 'delivered', receipt: 'SOC-1' });
    add(2, 2);
    fails.add('keepReceipts');
    await clock.advance(50);
    fails.clear();
    await clock.advance(1000);
    const methods = calls.map(({ method, ids }) => [method, ids]);
    expect(methods).toEqual([
      ['keepReceipts', [1]],
      ['keepReceipts', [1]],
      ['delivered', [1, 2]],
    ]);
    expect(writer.size()).toBe(0);
  });

  it('are written 50 ms after the first of them', async () => {
    const { clock, calls, writer, add } = createDesk();
    add(1, 1);
    await clock.advance(40);
    add(2, 2);
    await clock.advance(9);
    expect(calls).toEqual([]);
    expect(writer.size()).toBe(2);
    await clock.advance(1);
    expect(calls).toEqual([{ at: 50, method: 'delivered', ids: [1, 2] }]);
    expect(writer.size()).toBe(0);
  });

  it('that come while others are written wait for their own 50 ms', async () => {
    const { clock, calls, add } = createDesk();
    add(1, 1);
    await clock.advance(40);
    add(2, 2);
    await clock.advance(20);
    add(3, 3);
    await clock.advance(100);
    expect(calls.map(({ at, ids }) => [at, ids])).toEqual([
      [50, [1, 2]],
      [110, [3]],
    ]);
  });

  it('are written at once when there are 1,000', async () => {
    const { clock, calls, add } = createDesk();
    add(1, 998);
    add(999, 999, RETRY);
    await clock.advance(0);
    expect(calls).toEqual([]);
    add(1000, 1000, BURY);
    await clock.advance(0);
    expect(calls.map(({ method, ids }) => [method, ids.length])).toEqual([
      ['delivered', 998],
      ['retryLater', 1],
      ['bury', 1],
    ]);
  });

  it('that could not be written rest for a second, whatever comes meanwhile, and are then written in order', async () => {
    const { clock, calls, fails, written, errors, writer, add } = createDesk();
    fails.add('delivered');
    add(1, 2);
    await clock.advance(50);
    expect(calls).toHaveLength(1);
    expect(errors).toEqual([{ code: 'STATE_FULL', reason: 'the disk is full', entries: 2 }]);
    add(3, 300);
    await writer.flush();
    await clock.advance(999);
    expect(calls).toHaveLength(1);
    fails.clear();
    await clock.advance(1);
    expect(calls).toHaveLength(2);
    expect(calls[1]).toMatchObject({ at: 1050, ids: Array.from({ length: 300 }, (_, index) => index + 1) });
    expect(written).toHaveLength(300);
    expect(writer.size()).toBe(0);
  });

  it('that cannot be written for long are told once a minute, and anew when that has gone well meanwhile', async () => {
    const { clock, fails, errors, add } = createDesk();
    fails.add('delivered');
    add(1, 1);
    await clock.advance(60_000);
    expect(errors).toHaveLength(1);
    await clock.advance(60_000);
    expect(errors).toHaveLength(2);
    fails.clear();
    await clock.advance(1000);
    fails.add('delivered');
    add(2, 2);
    await clock.advance(1000);
    expect(errors).toHaveLength(3);
  });

  it('are neither written nor told by a timer that outlives the end', async () => {
    const { clock, calls, fails, errors, writer, add } = createDesk();
    add(1, 1);
    fails.add('delivered');
    await expect(writer.finish()).rejects.toThrow('the disk is full');
    await clock.advance(5000);
    expect([calls.length, errors]).toEqual([1, []]);
  });

  it('are written as soon as they come again once that has gone well', async () => {
    const { clock, calls, fails, add } = createDesk();
    fails.add('delivered');
    add(1, 1);
    await clock.advance(50);
    fails.clear();
    await clock.advance(1000);
    add(2, 2);
    await clock.advance(50);
    expect(calls.map(({ at, ids }) => [at, ids])).toEqual([
      [50, [1]],
      [1050, [1]],
      [1100, [2]],
    ]);
  });

  it('of one kind are not written twice because those of another could not be', async () => {
    const { clock, calls, fails, written, writer, add } = createDesk();
    fails.add('retryLater');
    add(1, 1);
    add(2, 2, RETRY);
    add(3, 3, BURY);
    await clock.advance(50);
    expect(written).toEqual([1]);
    expect(writer.size()).toBe(2);
    fails.clear();
    await clock.advance(1000);
    expect(calls.map(({ method, ids }) => [method, ids])).toEqual([
      ['delivered', [1]],
      ['retryLater', [2]],
      ['retryLater', [2]],
      ['bury', [3]],
    ]);
    expect(written).toEqual([1, 2, 3]);
  });

  it('are written at the end whether or not their time has come, and a failure is told', async () => {
    const { calls, fails, writer, add } = createDesk();
    fails.add('delivered');
    add(1, 1);
    await expect(writer.finish()).rejects.toMatchObject({ code: 'STATE_FULL' });
    fails.clear();
    await writer.finish();
    expect(calls.map(({ ids }) => ids)).toEqual([[1], [1]]);
  });

  it('are written at the end behind those that are being written', async () => {
    const clock = createManualClock(START);
    const begun: string[] = [];
    const ended: string[] = [];
    const slowly = (name: string) => async () => {
      begun.push(name);
      await clock.sleep(1000);
      ended.push(name);
    };
    const store = { ...openMemoryStore({ clock }), delivered: slowly('delivered'), retryLater: slowly('retryLater') };
    const ignore = () => undefined;
    const writer = createResultWriter({ store, clock, log: silentLog, fail: ignore, onWritten: ignore });
    writer.add(entry(1), DELIVERED);
    void writer.flush();
    writer.add(entry(2), RETRY);
    await clock.advance(0);
    const finished = writer.finish();
    await clock.advance(999);
    expect([begun, ended]).toEqual([['delivered'], []]);
    await clock.advance(1001);
    await finished;
    expect(ended).toEqual(['delivered', 'retryLater']);
  });

  it('that end the runner say so to the session', async () => {
    const clock = createManualClock(START);
    const failures: string[] = [];
    const gone = (): Promise<void> => Promise.reject(new HuntwireError('STATE_GONE', 'the file is gone'));
    const writer = createResultWriter({
      store: { ...openMemoryStore({ clock }), delivered: gone },
      clock,
      log: silentLog,
      fail: ({ code }) => failures.push(code),
      onWritten: () => undefined,
    });
    writer.add(entry(1), DELIVERED);
    await clock.advance(50);
    expect(failures).toEqual(['STATE_GONE']);
  });

  it('that come behind the end wait for nobody', async () => {
    const { clock, calls, writer, add } = createDesk();
    await writer.finish();
    add(1, 1);
    await clock.advance(60_000);
    expect(calls).toEqual([]);
  });
});
