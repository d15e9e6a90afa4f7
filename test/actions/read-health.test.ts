import { describe, expect, it } from '@jest/globals';
import { type Health, readHealth } from '../../src/actions/read-health.ts';
import { whyNotReady } from '../../src/actions/readiness.ts';
import { HuntwireError } from '../../src/lib/errors.ts';
import { openBench } from '../run/bench.ts';
import { makeRule } from '../run/make-rule.ts';
import { plantedSource } from '../run/planted-source.ts';
import { COLUMNS, HOUR, MINUTE, T0 } from '../run/story.ts';

const RULE = makeRule({ id: 'quick' });
const OFF = makeRule({ id: 'off', status: 'disabled' });

function benchOf() {
  const bench = openBench({
    start: T0,
    source: (clock) => plantedSource({ columns: COLUMNS, rows: () => [], now: clock.now }),
  });
  const tenant = { ...bench.tenant, rules: [RULE, OFF] };
  const deps = { ...bench.deps, tenants: [tenant], targets: [{ name: 'soar' }] };
  return { bench, tenant, deps, health: () => readHealth(deps) };
}

const SOUND: Health = {
  rules: [{ tenant: 't', rule: 'r', standing: 'ok', lags: false, lagSeconds: 0, lastRunAt: 1 }],
  targets: [{ target: 'soar', isBlocked: false, pending: 0, oldestSeconds: 0, dead: 0 }],
  waiting: [],
};

describe('the health of rules', () => {
  it('knows nothing of a rule before its first run, and leaves out what is disabled', async () => {
    const { health } = benchOf();
    expect((await health()).rules).toEqual([
      { tenant: 'default', rule: 'quick', standing: 'never-run', lags: false, lagSeconds: 0, lastRunAt: null },
    ]);
  });

  it('is the lag behind the schedule, whatever the last run came to', async () => {
    const { bench, health } = benchOf();
    await bench.turn(RULE);
    expect((await health()).rules).toMatchObject([{ standing: 'ok', lagSeconds: 0 }]);
    await bench.clock.advance(3 * HOUR);
    const [late] = (await health()).rules;
    expect(late).toMatchObject({ standing: 'lagging', lags: true, lastRunAt: T0 / 1000 });
    expect(late?.lagSeconds).toBeGreaterThan(7200);
  });
});

describe('the health of targets', () => {
  it('is what waits, since when, and what nobody took', async () => {
    const { bench, health } = benchOf();
    expect((await health()).targets).toEqual([
      { target: 'soar', isBlocked: false, pending: 0, oldestSeconds: 0, dead: 0 },
    ]);
    await bench.turn(RULE);
    await bench.clock.advance(MINUTE);
    const { targets } = await health();
    expect(targets).toHaveLength(1);
  });
});

describe('a tenant whose service has not told its time', () => {
  it('is told, for nothing of it is planned', async () => {
    const { deps, tenant } = benchOf();
    const quiet = { ...tenant, serviceClock: { ...tenant.serviceClock, now: () => null } };
    expect((await readHealth({ ...deps, tenants: [quiet] })).waiting).toEqual(['default']);
  });
});

describe('a rule whose runs fail, one after another', () => {
  it('lags once it is too far behind, and the process is not ready any more', async () => {
    const fails = () => new HuntwireError('SOURCE_SERVER', 'the service fails', { retryable: true });
    const bench = openBench({
      start: T0,
      source: (clock) => plantedSource({ columns: COLUMNS, rows: () => [], now: clock.now, fails }),
    });
    const deps = { ...bench.deps, tenants: [{ ...bench.tenant, rules: [RULE] }], targets: [] };
    await bench.turn(RULE);
    expect(whyNotReady(await readHealth(deps))).toEqual([]);
    await bench.clock.advance(4 * HOUR);
    await bench.turn(RULE);
    const health = await readHealth(deps);
    expect(health.rules).toMatchObject([{ standing: 'failing', lags: true }]);
    expect(whyNotReady(health)).toEqual([expect.stringMatching(/^quick \(default\): failing, .* late\.$/)]);
  });
});

describe('a process is ready', () => {
  it('when rules keep up and nothing waits long', () => {
    expect(whyNotReady(SOUND)).toEqual([]);
  });

  it('also when the last run failed or was throttled, as long as it keeps up', () => {
    for (const standing of ['failing', 'throttled', 'never-run'] as const) {
      expect(
        whyNotReady({
          ...SOUND,
          rules: [{ tenant: 't', rule: 'r', standing, lags: false, lagSeconds: 60, lastRunAt: 1 }],
        }),
      ).toEqual([]);
    }
  });

  it('but not when a rule lags or is blocked, an alert waits, or a service is silent', () => {
    const rules = (['lagging', 'blocked'] as const).map((standing) => ({
      tenant: 't',
      rule: standing,
      standing,
      lags: standing === 'lagging',
      lagSeconds: 7200,
      lastRunAt: 1,
    }));
    const targets = [{ target: 'soar', isBlocked: true, pending: 2, oldestSeconds: 901, dead: 0 }];
    expect(whyNotReady({ rules, targets, waiting: ['acme'] })).toEqual([
      'acme: its service has not told its time yet, so nothing is searched.',
      'lagging (t): lagging, 2h late.',
      'blocked (t): blocked, 2h late.',
      'soar: 2 alerts not delivered, the oldest for 15m1s.',
    ]);
    expect(
      whyNotReady({ ...SOUND, targets: [{ ...SOUND.targets[0], oldestSeconds: 900 }] as Health['targets'] }),
    ).toEqual([]);
  });
});
