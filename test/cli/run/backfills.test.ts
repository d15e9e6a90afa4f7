import { describe, expect, it } from '@jest/globals';
import type { App } from '../../../src/app.ts';
import { backfillThroughRunner, runnerOf } from '../../../src/cli/backfill/through-runner.ts';
import { createBackfills } from '../../../src/cli/run/backfills.ts';
import type { HttpConfig } from '../../../src/config/config.ts';
import { silentLog } from '../../../src/lib/log.ts';
import { Secret } from '../../../src/lib/secret.ts';
import { type AskedTenant, createErrands } from '../../../src/run/desk/errands.ts';
import { runSchedule } from '../../../src/run/scheduler.ts';
import type { Tenant } from '../../../src/run/tenant.ts';
import { makeRule } from '../../run/make-rule.ts';
import { EVENT, HOUR, MINUTE, T0 } from '../../run/story.ts';
import { planted, setUp } from '../../run/turn-bench.ts';

const NEVER = new AbortController().signal;
const RULE = makeRule({}, { identity: EVENT, usesTime: true });
const iso = (time: number) => new Date(time).toISOString();
const RANGE = { rule: 'rule', from: iso(T0 - 10 * HOUR), to: iso(T0 - 4 * HOUR) };

/** A process that runs one rule; each query takes a minute. */
function openRunner() {
  const { bench, detections } = setUp([planted(1, T0 - 6 * HOUR)]);
  const { clock } = bench;
  const slow: Tenant['source']['query'] = async (request, sink) => {
    await clock.sleep(MINUTE, request.signal);
    return bench.tenant.source.query(request, sink);
  };
  const source = { ...bench.tenant.source, query: slow };
  const open = (): AskedTenant => ({ ...bench.tenant, source, rules: [RULE], errands: createErrands() });
  const app = { tenants: [open()] as AskedTenant[], store: bench.store, runs: bench.deps };
  const start = (tenant: AskedTenant) => {
    const stop = new AbortController();
    const done = runSchedule(tenant, bench.deps, NEVER, stop.signal);
    return async () => {
      stop.abort();
      await clock.advance(5 * MINUTE);
      await done;
    };
  };
  const [tenant] = app.tenants;
  const end = tenant ? start(tenant) : async () => undefined;
  const backfills = createBackfills(app as unknown as App, { clock, log: silentLog });
  const ask = async (asked: Parameters<typeof backfills.ask>[0], ms = 0) => {
    const answer = backfills.ask({ wait: '1s', ...asked }, NEVER, 'soar');
    answer.catch(() => undefined);
    await clock.advance(ms || 1000);
    return answer;
  };
  const handOver = async () => {
    const next = open();
    app.tenants = [next];
    await end();
    return start(next);
  };
  return { bench, clock, detections, backfills, ask, end, handOver };
}

describe('a backfill in a process that runs', () => {
  it('goes on when the answer has come, is followed by asking again, and tells once what came of it', async () => {
    const { clock, detections, ask, end, backfills } = openRunner();
    await clock.advance(5 * MINUTE);
    expect(await ask({ ...RANGE, dryRun: true })).toMatchObject({ dryRun: true, running: false, done: false });
    const first = await ask(RANGE);
    expect(first).toMatchObject({ running: true, done: false, windows: { asked: 0, planned: 7 }, error: null });
    await clock.advance(3 * MINUTE);
    expect((await ask(RANGE)).windows.asked).toBeGreaterThan(0);
    await clock.advance(10 * MINUTE);
    const last = await ask(RANGE);
    expect(last).toMatchObject({ running: false, done: true, alerts: 1, windows: { asked: 7, planned: 7 } });
    expect(detections()).toHaveLength(1);
    expect(await ask(RANGE)).toMatchObject({ running: true, resumedAt: null });
    await end();
    await backfills.close();
  });

  it('is one a rule: another range is refused and told which goes on; cancelled, it is gone on with', async () => {
    const { bench, clock, ask, end, backfills } = openRunner();
    await clock.advance(5 * MINUTE);
    await expect(ask({ rule: 'rule', from: '1d', cancel: true })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await ask(RANGE);
    const other = ask({ ...RANGE, to: iso(T0 - 5 * HOUR) });
    await expect(other).rejects.toMatchObject({ code: 'ACTION_BUSY', message: expect.stringContaining(RANGE.to) });
    await clock.advance(3 * MINUTE);
    const cancelled = await ask({ ...RANGE, cancel: true }, 2 * MINUTE);
    expect(cancelled).toMatchObject({ running: false, done: false, error: { code: 'ABORTED' } });
    await clock.advance(5 * MINUTE);
    expect((await ask(RANGE)).error).toMatchObject({ code: 'ABORTED' });
    const noted = (await bench.store.audit({ limit: 10 })).map(({ who, action, after }) => [who, action, after]);
    expect(noted).toEqual([
      ['soar', 'backfill_rule', expect.objectContaining({ to: RANGE.to })],
      ['soar', 'backfill_rule', { cancelled: true }],
    ]);
    const again = await ask(RANGE);
    expect([again.running, again.resumedAt === null]).toEqual([true, false]);
    expect(again.windows.planned).toBeLessThan(7);
    await end();
    await backfills.close();
  });

  it('is one a rule also where several ask at once', async () => {
    const { clock, ask, end, backfills } = openRunner();
    await clock.advance(5 * MINUTE);
    await ask(RANGE, 20 * MINUTE);
    const earlier = { ...RANGE, from: iso(T0 - 11 * HOUR) };
    const [one, other] = await Promise.allSettled([ask(earlier), ask({ ...RANGE, from: iso(T0 - 12 * HOUR) })]);
    expect(one).toMatchObject({ status: 'fulfilled', value: { running: true } });
    expect(other).toMatchObject({ status: 'rejected', reason: { code: 'ACTION_BUSY' } });
    await end();
    await backfills.close();
  });

  it('is stopped with the process, and can be gone on with', async () => {
    const { bench, clock, ask, end, backfills } = openRunner();
    await clock.advance(5 * MINUTE);
    await ask(RANGE, 3 * MINUTE);
    await end();
    await backfills.close();
    expect(await ask(RANGE)).toMatchObject({ running: false, done: false, error: { code: 'ABORTED' } });
    const state = await bench.store.ruleState('default', 'rule');
    expect(state?.backfill?.doneTo).toBeGreaterThan(T0 - 10 * HOUR);
  });

  it('goes on where its tenant is handed over', async () => {
    const { clock, ask, handOver, backfills } = openRunner();
    await clock.advance(5 * MINUTE);
    await ask(RANGE, 2 * MINUTE);
    const end = await handOver();
    await clock.advance(15 * MINUTE);
    expect(await ask(RANGE)).toMatchObject({ running: false, done: true, windows: { asked: 7 } });
    await end();
    await backfills.close();
  });
});

describe('a command line beside a process that runs', () => {
  const http: HttpConfig = {
    ...{ host: '127.0.0.1', port: 8484, basePath: '/' },
    tokens: [{ name: 'cli', token: new Secret('cli-0123456789abcd'), scopes: ['write'] }],
  };

  it.each([
    [undefined, '"http" is not configured'],
    [{ ...http, tokens: [] }, 'no token of http.tokens has the scope "write"'],
    [{ ...http, host: '10.0.0.1' }, 'is no address of loopback'],
    [{ ...http, port: 0 }, 'http.port is 0'],
  ])('says why it cannot ask it (%#)', (given, why) => {
    expect(() => runnerOf({ http: given as HttpConfig }, 'the state file /state.db')).toThrow(why);
  });

  it('follows it, and cancels it where somebody stops the command', async () => {
    const { clock, backfills, end } = openRunner();
    await clock.advance(5 * MINUTE);
    const stop = new AbortController();
    const seen: number[] = [];
    const wish = { from: T0 - 10 * HOUR, to: T0 - 4 * HOUR, noLimit: false, retell: false };
    const onProgress = ({ windows }: { readonly windows: { readonly asked: number } }): void => {
      seen.push(windows.asked);
      if (windows.asked > 1) stop.abort();
    };
    const asked = { tenant: 'default', rule: 'rule', wish, onProgress };
    const found = backfillThroughRunner(stop, asked, (input) => backfills.ask(input as never, NEVER, 'ann'));
    await clock.advance(10 * MINUTE);
    expect(await found).toMatchObject({ done: false, error: { code: 'ABORTED', message: 'It was cancelled.' } });
    expect(seen.at(-1)).toBe(2);
    await end();
  });
});
