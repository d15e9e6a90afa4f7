import { describe, expect, it } from '@jest/globals';
import { createManualClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import { loadConditions } from '../../src/outbox/target-conditions.ts';
import { openMemoryStore } from '../../src/state/sqlite-store.ts';
import type { Store } from '../../src/state/store.ts';
import { START } from '../state/samples.ts';

const clock = createManualClock(START);

const load = (store: Store, tenant = 'contoso') =>
  loadConditions({ store, clock, log: silentLog, tenant, healthTargets: ['soar', 'mail', 'mail'] });

const entries = (store: Store, target: string) =>
  store.pending(target, { now: START, limit: 10, except: new Set(), ignoreBackoff: false });

describe('health conditions', () => {
  it('tell every health target but the one concerned, once each', async () => {
    const store = openMemoryStore({ clock });
    const conditions = await load(store);
    expect(await conditions.raise('target-blocked', 'soar', START, 'HTTP 401')).toBe(true);
    expect(await conditions.raise('target-blocked', 'soar', START, 'HTTP 401')).toBe(false);
    expect(await entries(store, 'soar')).toEqual([]);
    const [entry, ...rest] = await entries(store, 'mail');
    expect(rest).toEqual([]);
    expect(entry?.alert).toMatchObject({ status: 'firing', revision: 0, description: 'HTTP 401' });
    expect(conditions.subjects('target-blocked')).toEqual(['soar']);
    expect(conditions.subjects('dead-letter')).toEqual([]);
  });

  it('resolve under the same alert id, a higher revision and behind the firing', async () => {
    const store = openMemoryStore({ clock });
    await (await load(store)).raise('dead-letter', 'soar', START, 'one');
    const reloaded = await load(store);
    expect(await reloaded.resolve('dead-letter', 'soar', 'over')).toBe(true);
    expect(await reloaded.resolve('dead-letter', 'soar', 'over')).toBe(false);
    const [firing, ...hidden] = await entries(store, 'mail');
    expect(hidden).toEqual([]);
    await store.delivered([firing?.id ?? 0], START);
    const [resolved] = await entries(store, 'mail');
    expect(resolved?.messageId).toBe(`${firing?.messageId}-1`);
    expect(resolved?.alert).toMatchObject({ id: firing?.alert.id, status: 'resolved', revision: 1 });
    expect(await store.openHealth()).toEqual([]);
  });

  it('are recorded even where nobody is left to be told, and the log says so', async () => {
    const store = openMemoryStore({ clock });
    const logged: unknown[][] = [];
    const at =
      (level: string) =>
      (...said: unknown[]) =>
        void logged.push([level, ...said]);
    const log = { ...silentLog, warn: at('warn'), error: at('error') };
    const options = { store, clock, log, tenant: 'contoso', healthTargets: ['soar'] };
    const conditions = await loadConditions(options);
    expect(await conditions.raise('target-blocked', 'soar', START, 'HTTP 401')).toBe(false);
    const nobody = ['warn', 'No other target is there to take a health alert.', { target: 'soar' }];
    expect(logged).toEqual([nobody, ['error', 'HTTP 401', { target: 'soar', code: 'target-blocked' }]]);
    const others = await loadConditions({ ...options, healthTargets: ['soar', 'mail'] });
    logged.length = 0;
    expect(await others.raise('dead-letter', 'soar', START, 'dead')).toBe(true);
    expect(logged.map(([level]) => level)).toEqual(['error']);
    expect(await store.openHealth()).toMatchObject([
      { subject: 'soar', alertId: expect.stringMatching(/^[0-9a-f]{32}$/) },
      { subject: 'soar', code: 'dead-letter' },
    ]);
  });

  it('of another tenant are none of its business', async () => {
    const store = openMemoryStore({ clock });
    await (await load(store)).raise('target-blocked', 'soar', START, 'HTTP 401');
    expect((await load(store, 'fabrikam')).subjects('target-blocked')).toEqual([]);
  });
});
