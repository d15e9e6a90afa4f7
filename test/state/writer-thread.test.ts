import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createManualClock } from '../../src/lib/clock.ts';
import { endsRunner, toHuntwireError } from '../../src/lib/errors.ts';
import { type RunnerLock, takeRunnerLock } from '../../src/state/runner-lock.ts';
import { openThreadedStore } from '../../src/state/threaded-store.ts';
import type { StartWriter, WriterThread } from '../../src/state/writer/thread.ts';
import { START, sampleAlert, sampleCommit } from './samples.ts';

let folder = '';
let lock: RunnerLock;
let started: WriterThread | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'huntwire-thread-'));
  lock = takeRunnerLock(join(folder, 'state.db'));
});
afterEach(() => {
  lock.release();
  rmSync(folder, { recursive: true });
});

/** Threads start from compiled files only. */
async function openStore() {
  const { startWriterThread } = (await import(resolve('dist/state/writer/thread.js'))) as {
    readonly startWriterThread: StartWriter;
  };
  const startWriter: StartWriter = (settings) => {
    started = startWriterThread(settings);
    return started;
  };
  const clock = createManualClock(START);
  return openThreadedStore({ path: join(folder, 'state.db'), clock, lock, startWriter });
}

it('a thread that crashes ends the runner; what it had committed is there, and the state opens again', async () => {
  const store = await openStore();
  await store.commit(sampleCommit(store, { alerts: [sampleAlert('a1')] }));
  // No call of ours looks like this: the thread's own handler throws, as a fault in it would.
  started?.postMessage(null as never);
  const late = await store.commit(sampleCommit(store, { alerts: [sampleAlert('a2')] })).catch(toHuntwireError);
  expect(late && endsRunner(late)).toBe(true);
  expect(late).toMatchObject({ code: 'STATE_GONE' });
  await store.close();
  const again = await openStore();
  expect(await again.alertsById('a1')).toHaveLength(1);
  expect(await again.alertsById('a2')).toEqual([]);
  await again.close();
});
