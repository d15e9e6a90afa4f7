import { afterAll, expect, it } from '@jest/globals';
import { createShare } from '../../../src/cli/run/leases/keep-share.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { type Log, silentLog } from '../../../src/lib/log.ts';
import { Secret } from '../../../src/lib/secret.ts';
import { type LeaseName, leaseKey } from '../../../src/state/lease.ts';
import { openShared } from '../../../src/state/runner-state.ts';
import { postgres } from '../../lib/postgres.ts';

const PARTS: readonly LeaseName[] = [
  { kind: 'chores', name: 'chores' },
  ...['a', 'b', 'c', 'd', 'e', 'f'].map((name) => ({ kind: 'tenant', name }) as const),
];

postgres.describe('processes that run by different rules on one state in Postgres', () => {
  const schema = postgres.freshSchema();
  afterAll(schema.drop);

  /** A process that does its share, by what `hash` says. */
  const start = async (machine: string, hash: string) => {
    const [stop, doing, warned]: [AbortController, Set<string>, string[]] = [new AbortController(), new Set(), []];
    const log: Log = { ...silentLog, warn: (message) => void warned.push(message) };
    const options = { clock: systemClock, log, place: 'in-process', version: '1' } as const;
    const standBy = { clock: systemClock, signal: stop.signal, waiting: () => undefined };
    const process = { verb: 'run', pid: 1, machine };
    const state = await openShared(new Secret(await schema.url()), { ...options, process }, standBy);
    if (!state.leases) throw new Error('it shares nothing');
    const share = createShare({
      book: state.leases,
      wanted: () => PARTS,
      hash: () => hash,
      isCurrent: () => true,
      work: async (lease, { stop: end, handOver }) => {
        doing.add(leaseKey(lease));
        await Promise.race([end, handOver].map(untilAborted));
        doing.delete(leaseKey(lease));
      },
      clock: systemClock,
      log,
      signal: stop.signal,
      stop: () => stop.abort(),
    });
    const running = share.run();
    const end = async (): Promise<void> => {
      stop.abort();
      await running;
      await state.close();
    };
    return { doing, warned, end };
  };

  it('the one that read later has the chores and all that comes free; the other keeps its part until it has read the same', async () => {
    const old = await start('old', 'rules of yesterday');
    await until(() => old.doing.size === PARTS.length);
    const other = await start('new', 'rules of today');
    await until(() => old.doing.size === 3 && other.doing.size === 4);
    expect([...old.doing].some((one) => one.startsWith('chores'))).toBe(false);
    expect(old.warned).toEqual([expect.stringContaining('takes nothing new until it has read them')]);
    const third = await start('third', 'rules of today');
    await until(() => old.doing.size === 2 && third.doing.size === 1);
    await third.end();
    // What the third one had goes to who has read the same.
    await until(() => other.doing.size === 5);
    expect(old.doing.size).toBe(2);
    await other.end();
    expect(other.warned).toEqual([]);
    // Where nobody is left who has read something newer, it does all of it.
    await until(() => old.doing.size === PARTS.length);
    await old.end();
  });
});

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
  });
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20));
}
