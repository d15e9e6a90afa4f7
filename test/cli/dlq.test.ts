import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runCli } from '../../src/cli/cli.ts';
import { dlq } from '../../src/cli/dlq.ts';
import { createManualClock } from '../../src/lib/clock.ts';
import { openSqliteStore } from '../../src/state/sqlite-store.ts';
import type { Store } from '../../src/state/store.ts';
import { commitAlerts, START } from '../state/samples.ts';
import { createFakeWorld } from './fake-world.ts';

let folder = '';
let store: Store;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dlq-test-'));
  const config = 'source: {api: local, path: data}\ntargets: {soar: {type: stdout}}\nstate: {path: state.db}\n';
  writeFileSync(join(folder, 'huntwire.yaml'), config);
  store = openSqliteStore({ path: join(folder, 'state.db'), clock: createManualClock(START) });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const everything = { limit: 100_000, except: new Set<number>(), ignoreBackoff: true };

/** Dead letters of the given alerts, in one order key. */
async function bury(ids: readonly string[], reason: string): Promise<void> {
  await commitAlerts(store, ids, ['soar'], 'one-key');
  for (let left = ids.length; left > 0; left -= 1) {
    const [entry] = await store.pending('soar', { now: START, ...everything });
    await store.bury([{ id: entry?.id ?? 0, reason, status: 422, answer: '', at: START }]);
  }
}

async function call(...argv: readonly string[]) {
  const world = createFakeWorld(folder);
  const code = await runCli(['dlq', ...argv], world, [dlq]);
  return { code, out: world.out(), err: world.err() };
}

const dead = async () => (await store.deadLetterHeads({ target: null, ids: null })).map(({ messageId }) => messageId);

describe('huntwire dlq', () => {
  it('lists what the filters name, and exits 1 where they name nothing', async () => {
    expect(await call('list')).toMatchObject({ code: 0, out: 'There are no dead letters.\n' });
    await bury(['a1', 'a2'], 'the webhook answered 422');
    await bury(['b1'], 'tried for 72 h');
    expect((await call('list', '--reason', '72 H')).out).toMatch(/^ID.*\n3 +soar +422 +1 .*tried for 72 h\n$/);
    expect(JSON.parse((await call('list', '--alert', 'a', '--format', 'json')).out).entries).toHaveLength(2);
    expect(await call('list', '--target', 'siem')).toMatchObject({ code: 1, out: 'There are no such dead letters.\n' });
    expect(await call('list', '--since', '2999-01-01')).toMatchObject({ code: 1 });
    expect(await call('list', '--since', 'yesterday')).toMatchObject({ code: 2 });
  });

  it('shows with --dry-run what it would do, and does nothing', async () => {
    await bury(['a1', 'b1'], 'no');
    const shown = await call('replay', '--alert', 'a', '--dry-run');
    expect(shown).toMatchObject({
      code: 0,
      out: expect.stringContaining('1 entry would be put back into the outbox.'),
    });
    expect(JSON.parse((await call('drop', '--all', '--dry-run', '--format', 'json')).out)).toMatchObject({
      dropped: 0,
      dryRun: true,
      entries: [{ alertId: 'a1' }, { alertId: 'b1' }],
    });
    expect(await dead()).toEqual(['a1', 'b1']);
  });

  it('replays in the old order under the old ids', async () => {
    await bury(['a1', 'a2', 'a3'], 'no');
    expect(await call('replay', '--reason', 'NO')).toEqual({
      code: 0,
      out: '3 entries put back into the outbox.\n',
      err: '',
    });
    const order: string[] = [];
    for (let left = 3; left > 0; left -= 1) {
      const [entry, ...others] = await store.pending('soar', { now: START, ...everything });
      expect(others).toEqual([]);
      order.push(entry?.messageId ?? '');
      await store.delivered([entry?.id ?? 0], START);
    }
    expect(order).toEqual(['a1', 'a2', 'a3']);
  });

  it('exits 1 where nothing was meant, and 2 where nothing was said', async () => {
    expect(await call('replay', '--all')).toMatchObject({ code: 1, out: expect.stringContaining('nothing was') });
    expect(await call('drop', '--target', 'soar')).toMatchObject({ code: 1, out: expect.stringContaining('no such') });
    expect(await call('drop', '7')).toMatchObject({ code: 1, out: expect.stringContaining('no dead letter 7') });
    expect(await call('show', '7')).toMatchObject({ code: 1, err: expect.stringContaining('no dead letter 7') });
    expect(JSON.parse((await call('show', '7', '--format', 'json')).out)).toMatchObject({
      error: { code: 'NOT_FOUND' },
    });
    expect(await call('show', 'x')).toMatchObject({ code: 2 });
    expect(await call('drop')).toMatchObject({ code: 2, err: expect.stringContaining('say --all') });
  });

  it('replays more than fit into one transaction', async () => {
    const ids = Array.from({ length: 5003 }, (_, at) => `a${String(at).padStart(5, '0')}`);
    await commitAlerts(store, ids, ['soar']);
    await store.buryPending('soar', { reason: 'gone', at: START });
    expect(await call('replay', '--all')).toMatchObject({ code: 0, out: '5003 entries put back into the outbox.\n' });
    expect(await dead()).toEqual([]);
  });
});
