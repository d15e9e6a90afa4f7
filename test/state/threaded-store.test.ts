import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createManualClock } from '../../src/lib/clock.ts';
import { endsRunner, toHuntwireError } from '../../src/lib/errors.ts';
import { takeRunnerLock } from '../../src/state/runner-lock.ts';
import { openThreadedStore } from '../../src/state/threaded-store.ts';
import { describeStore } from '../contract/store.ts';
import { START, sampleAlert, sampleCommit, sampleMessage } from './samples.ts';
import { writerHere } from './writer-here.ts';

describeStore('threaded', () => {
  const folder = mkdtempSync(join(tmpdir(), 'huntwire-store-'));
  const path = join(folder, 'state.db');
  const lock = takeRunnerLock(path);
  return {
    open: (clock) => openThreadedStore({ path, clock, lock, startWriter: writerHere().start }),
    clean: async () => {
      lock.release();
      rmSync(folder, { recursive: true });
    },
  };
});

const ALERT = sampleAlert('a1');

describe('a threaded store', () => {
  const inFolder = async (work: (path: string) => Promise<void>): Promise<void> => {
    const folder = mkdtempSync(join(tmpdir(), 'huntwire-store-'));
    const path = join(folder, 'state.db');
    const lock = takeRunnerLock(path);
    try {
      await work(path);
    } finally {
      lock.release();
      rmSync(folder, { recursive: true });
    }
  };
  const openIn = (path: string, here = writerHere()) =>
    openThreadedStore({
      path,
      clock: createManualClock(START),
      lock: { path: `${path}.lock`, release: () => undefined },
      startWriter: here.start,
    });
  const codeOf = (call: Promise<unknown>) =>
    call.then(
      () => 'done',
      (thrown) => toHuntwireError(thrown).code,
    );

  it('refuses a commit of an older fence, and leaves nothing of it', () =>
    inFolder(async (path) => {
      const store = await openIn(path);
      const { fence } = store;
      expect(await codeOf(store.commit(sampleCommit({ fence: fence - 1 }, { alerts: [ALERT] })))).toBe('STATE_FENCED');
      expect(await store.alertsById(ALERT.id)).toEqual([]);
      await store.close();
    }));

  it('tells what the thread threw, as the state does', () =>
    inFolder(async (path) => {
      const store = await openIn(path);
      const failed = await store
        .commitHealth({ alerts: [], messages: [sampleMessage(ALERT, 'soar')], health: [] })
        .catch(toHuntwireError);
      expect(failed).toMatchObject({ code: 'INTERNAL', retryable: false });
      await store.close();
    }));

  it('tells all who wait, and the runner, that its thread has crashed; what was committed stays', () =>
    inFolder(async (path) => {
      const here = writerHere();
      const store = await openIn(path, here);
      await store.commit(sampleCommit(store, { alerts: [ALERT] }));
      const late = store.commit(sampleCommit(store, { alerts: [sampleAlert('a2')] }));
      here.crash('out of memory');
      const error = await late.catch(toHuntwireError);
      if (!error) throw new Error('the commit was told to be done');
      expect(endsRunner(error)).toBe(true);
      expect(error.message).toContain('(out of memory)');
      expect(await codeOf(store.keepFirst('name', 'value'))).toBe('STATE_GONE');
      await store.close();
      const again = await openIn(path);
      expect(await again.alertsById(ALERT.id)).toHaveLength(1);
      await again.close();
    }));

  it('says why the state cannot be opened', () =>
    inFolder(async (path) => {
      writeFileSync(path, 'no database');
      expect(await codeOf(openIn(path))).toBe('STATE_FAILED');
    }));

  it('writes nothing once it is closed', () =>
    inFolder(async (path) => {
      const store = await openIn(path);
      await store.close();
      expect(await codeOf(store.keepFirst('name', 'value'))).toBe('STATE_FAILED');
    }));
});
