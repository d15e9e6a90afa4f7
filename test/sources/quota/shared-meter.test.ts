import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createManualClock } from '../../../src/lib/clock.ts';
import { HOUR_MS, MINUTE_MS } from '../../../src/lib/duration.ts';
import { createQuotaMeter, type QuotaMeter } from '../../../src/sources/quota/quota-meter.ts';
import { type QuotaLimits, type QuotaStore, UNLIMITED } from '../../../src/sources/source.ts';
import { openSqliteStore } from '../../../src/state/sqlite-store.ts';
import { tries } from '../../tries.ts';
import { createMemoryQuota } from './memory-quota.ts';

const START = Date.parse('2026-11-21T10:03:00Z');

/** Processes on one machine: each has its own meter, and its own beginning of monotonic time. */
function processes(limits: Partial<QuotaLimits>, stores: readonly QuotaStore[]) {
  const clock = createManualClock(START);
  const meters = stores.map((store, index) =>
    createQuotaMeter({
      tenant: 't',
      api: 'mde',
      limits: { ...UNLIMITED, concurrency: 1000, ...limits },
      store,
      clock: { ...clock, monotonic: () => clock.monotonic() + index * 1_000_000 },
      serviceNow: clock.now,
    }),
  );
  return { clock, meters };
}

async function go(meter: QuotaMeter | undefined, runMs = 0): Promise<boolean> {
  const admission = await meter?.admit('high');
  if (admission?.kind !== 'go') return false;
  await meter?.end(admission.call, runMs);
  return true;
}

describe('meters of two processes on one state file', () => {
  it('count together, at once, with pauses and run time', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'huntwire-meter-'));
    const path = join(folder, 'state.db');
    const clock = createManualClock(START);
    const stores = [openSqliteStore({ path, clock }), openSqliteStore({ path, clock })];
    try {
      const made = processes(
        { callsPerMinute: 4, runSecondsPerHour: 100 },
        stores.map(({ quota }) => quota),
      );
      const [daemon, query] = made.meters;
      for (const meter of [daemon, query, daemon, query]) expect(await go(meter, 20_000)).toBe(true);
      for (const meter of [daemon, query])
        expect(await meter?.admit('high')).toMatchObject({ kind: 'wait', reason: 'callsPerMinute' });
      expect(await stores[0]?.quota.calls('t', 'mde', 0)).toHaveLength(4);
      await made.clock.advance(MINUTE_MS);
      expect(await go(query, 30_000)).toBe(true);
      expect(await daemon?.admit('high')).toMatchObject({ kind: 'wait', reason: 'runSecondsPerHour' });
      await query?.pause(2 * HOUR_MS, { of: 'calls', allowed: null });
      await made.clock.advance(HOUR_MS);
      expect(await daemon?.admit('high')).toMatchObject({ kind: 'wait', reason: 'paused' });
    } finally {
      for (const store of stores) await store.close();
      rmSync(folder, { recursive: true });
    }
  });
});

describe('several meters on one record', () => {
  it('never exceed a limit together, whoever asks when, and a number that comes again is another call', async () => {
    const step = fc.record({
      meter: fc.nat(2),
      waitMs: fc.constantFrom(0, 0, 0, 1, 7_000, 61_000, 700_000),
      runMs: fc.constantFrom(0, 5_000),
      does: fc.constantFrom('end', 'end', 'release', 'hold'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 6 }), { maxLength: 25 }), async (rounds) => {
        const store = createMemoryQuota();
        const { clock, meters } = processes({ callsPerMinute: 3, callsPerHour: 9 }, [store, store, store]);
        for (const round of rounds) {
          const [first] = round;
          await clock.advance(first?.waitMs ?? 0);
          await Promise.all(
            round.map(async ({ meter, runMs, does }) => {
              const admission = await meters[meter]?.admit('high');
              if (admission?.kind !== 'go' || does === 'hold') return;
              await (does === 'end'
                ? meters[meter]?.end(admission.call, runMs)
                : meters[meter]?.release(admission.call));
            }),
          );
          const since = (ms: number) => store.all().filter(({ at }) => at > clock.now() - ms).length;
          expect(since(MINUTE_MS)).toBeLessThanOrEqual(3);
          expect(since(HOUR_MS)).toBeLessThanOrEqual(9);
        }
      }),
      { numRuns: tries(20, 60) },
    );
  });

  it('let one go where two ask for the last place at the same time', async () => {
    const store = createMemoryQuota();
    const { meters } = processes({ callsPerMinute: 1 }, [store, store]);
    await Promise.all(meters.map((meter) => meter.usage()));
    const kinds = (await Promise.all(meters.map((meter) => meter.admit('high')))).map(({ kind }) => kind);
    expect(kinds.sort()).toEqual(['go', 'wait']);
    expect(store.all()).toHaveLength(1);
  });
});
