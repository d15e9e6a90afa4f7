import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { meteredSource } from '../../../src/cli/query/metered-source.ts';
import type { Config } from '../../../src/config/config.ts';
import { createManualClock, type ManualClock } from '../../../src/lib/clock.ts';
import { MINUTE_MS, SECOND_MS } from '../../../src/lib/duration.ts';
import { HuntwireError } from '../../../src/lib/errors.ts';
import { rememberSkew } from '../../../src/run/clock/stored-skew.ts';
import { createQuotaMeter } from '../../../src/sources/quota/quota-meter.ts';
import { type Source, UNLIMITED } from '../../../src/sources/source.ts';
import { openSqliteStore } from '../../../src/state/sqlite-store.ts';
import { plantedSource } from '../../run/planted-source.ts';
import { COLUMNS, T0 } from '../../run/story.ts';
import { createFakeWorld } from '../fake-world.ts';

const LIMITS = { ...UNLIMITED, callsPerMinute: 3, concurrency: 9 };
const SINK = { schema: () => undefined, row: () => undefined };
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'metered-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function place(clock: ManualClock, query?: Source['query']) {
  const world = { ...createFakeWorld(folder), clock };
  const path = join(folder, 'state.db');
  const planted = plantedSource({ columns: COLUMNS, rows: () => [], now: clock.now });
  const source: Source = { ...planted, api: 'graph', quota: LIMITS, ...(query && { query }) };
  const open = () => meteredSource(world, { state: { path } } as unknown as Config, 'contoso', source);
  return { world, path, open };
}

const ask = (source: Pick<Source, 'query'>) =>
  source.query({ ruleId: 'query', query: 'print 1', signal: new AbortController().signal }, SINK);

describe('a query beside a daemon', () => {
  it("counts on its meter, at the service's time, heeds its calls and tells it of a 429", async () => {
    const clock = createManualClock(T0);
    let refuses = false;
    const { path, open } = place(clock, async () => {
      if (refuses) throw new HuntwireError('SOURCE_THROTTLED', 'slow down', { retryAfterMs: 90_000 });
      return { rows: 0, truncated: false, bytes: 0, elapsedMs: 1, serviceTime: null };
    });
    const daemon = openSqliteStore({ path, clock });
    try {
      await rememberSkew(daemon.cache, 'contoso', -5000);
      const query = await open();
      await ask(query);
      expect(await daemon.quota.calls('contoso', 'graph', 0)).toEqual([{ at: T0 + 5000, runMs: 0 }]);
      const options = { tenant: 'contoso', api: 'graph', limits: LIMITS, store: daemon.quota, clock } as const;
      const meter = createQuotaMeter({ ...options, serviceNow: () => clock.now() + 5000 });
      for (let made = 0; made < 2; made += 1) expect((await meter.admit('high')).kind).toBe('go');
      expect((await meter.admit('high')).kind).toBe('wait');
      const second = ask(query);
      await clock.advance(MINUTE_MS);
      await second;
      refuses = true;
      await clock.advance(2 * MINUTE_MS);
      await expect(ask(query)).rejects.toThrow('slow down');
      expect(await daemon.quota.pauseOf('contoso', 'graph')).toMatchObject({ remainedMs: 90_000 });
      await query.close();
    } finally {
      await daemon.close();
    }
  });

  it('says how long it waits, and gives up where that is longer than a minute', async () => {
    const clock = createManualClock(T0);
    const { path, open, world } = place(clock);
    const daemon = openSqliteStore({ path, clock });
    const query = await open();
    try {
      await daemon.quota.pause('contoso', 'graph', { remainedMs: 20 * SECOND_MS, writtenAt: T0 });
      const first = ask(query);
      await clock.advance(20 * SECOND_MS);
      await first;
      expect(world.err()).toBe('Waiting 20s for quota.\n');
      await daemon.quota.pause('contoso', 'graph', { remainedMs: 5 * MINUTE_MS, writtenAt: clock.now() });
      await expect(ask(query)).rejects.toMatchObject({ code: 'SOURCE_QUOTA' });
    } finally {
      await query.close();
      await daemon.close();
    }
  });

  it('goes without a state where there is none, and says so where it cannot be used', async () => {
    const clock = createManualClock(T0);
    const { path, open, world } = place(clock);
    const alone = await open();
    await ask(alone);
    await alone.close();
    expect(world.err()).toBe('');
    writeFileSync(path, 'no database');
    const other = await open();
    await ask(other);
    await other.close();
    expect(world.err()).toMatch(/^The query is not counted beside those of a process that runs: /);
  });
});
