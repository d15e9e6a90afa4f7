import { afterAll, expect, it } from '@jest/globals';
import type { Host } from '../../../src/app/host.ts';
import { type Prepared, runInTurns } from '../../../src/cli/run/in-turn.ts';
import type { Config } from '../../../src/config/config.ts';
import { HuntwireError } from '../../../src/lib/errors.ts';
import { silentLog } from '../../../src/lib/log.ts';
import { Secret } from '../../../src/lib/secret.ts';
import { addressOf, openClient } from '../../../src/state/postgres/connection.ts';
import { takeRunnerSession } from '../../../src/state/postgres/runner-session.ts';
import type { RunnerState } from '../../../src/state/runner-state.ts';
import { isRunnerOn } from '../../../src/state/state-place.ts';
import { postgres } from '../../lib/postgres.ts';

const AT_ONCE = { now: () => 0, monotonic: () => 0, sleep: async () => undefined };

function preparedWith(url: string): Prepared {
  const config = { state: { url: new Secret(url) }, http: null } as Partial<Config> as Config;
  const process = { verb: 'run', pid: 1, machine: 'm' };
  const host = {
    clock: AT_ONCE,
    log: silentLog,
    process,
    version: '1.0.0',
    place: 'in-process',
  } as Partial<Host> as Host;
  return { config, host };
}

it('a database that cannot be reached at the start is an error', async () => {
  const prepare = () => preparedWith('postgres://x@127.0.0.1:1/none');
  const work = async () => Promise.reject(new Error('never'));
  const { signal } = new AbortController();
  await expect(runInTurns({ first: prepare(), prepare, work, signal })).rejects.toMatchObject({ code: 'STATE_BUSY' });
});

postgres.describe('turns on a state in Postgres', () => {
  const schema = postgres.freshSchema();
  afterAll(schema.drop);

  it('come again where the state was lost, and not where anything else is wrong', async () => {
    const url = await schema.url();
    const failures = ['STATE_GONE', 'STATE_FENCED', 'STATE_BUSY', 'CONFIG_INVALID'] as const;
    const told: string[] = [];
    const end = runInTurns({
      first: preparedWith(url),
      prepare: () => preparedWith(url),
      work: async (_, state) => {
        await state.close();
        const code = failures[told.length] ?? 'INTERNAL';
        told.push(code);
        throw new HuntwireError(code, 'as told', { retryable: code === 'STATE_BUSY' });
      },
      signal: new AbortController().signal,
    });
    await expect(end).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    expect(told).toEqual(failures);
    // The server ends a session, and with it its lock, soon after the client has gone.
    while (await isRunnerOn({ url: new Secret(url) })) await new Promise(setImmediate);
  });

  it('come also where the database went away while another ran', async () => {
    const url = await schema.url();
    const self = { verb: 'run', pid: 2, machine: 'n' };
    const other = await takeRunnerSession(url, { self, version: '1.0.0' });
    const watching = await openClient(addressOf(url));
    const { signal } = new AbortController();
    const turns: string[] = [];
    const prepare = (): Prepared => {
      turns.push('prepared');
      return preparedWith(url);
    };
    const clock = {
      ...AT_ONCE,
      sleep: async () => {
        if (turns.length > 0) return;
        turns.push('cut off');
        // The newest alone: the number of a session that has ended may be that of another file's by now.
        const standing = 'SELECT session::int FROM machine WHERE NOT runs ORDER BY id DESC LIMIT 1';
        await watching.query({ text: `SELECT pg_terminate_backend(session) FROM (${standing}) AS standing` });
        await other.release();
      },
    };
    const first = preparedWith(url);
    const work = async (_: Prepared, state: RunnerState): Promise<void> => {
      turns.push('ran');
      await state.close();
    };
    await runInTurns({ first: { ...first, host: { ...first.host, clock } }, prepare, work, signal });
    expect(turns).toEqual(['cut off', 'prepared', 'ran']);
    await watching.end();
  });
});
