import { afterEach, describe, expect, it } from '@jest/globals';
import type { FaultName } from '../../src/emulator/faults.ts';
import type { ErrorCode } from '../../src/lib/errors.ts';
import { type Api, configText, documentOf, eventOf, MINUTE, openStage, ruleText, type Stage } from './stage.ts';

const APIS: readonly Api[] = ['graph', 'xdr', 'mde'];

interface Outcome {
  readonly outcome: 'failed' | 'blocked';
  readonly code: ErrorCode;
  readonly exit: number;
}

const failed = (code: ErrorCode): Outcome => ({ outcome: 'failed', code, exit: 5 });
const blocked = (code: ErrorCode, exit = 5): Outcome => ({ outcome: 'blocked', code, exit });

/** What every fault that stays comes to; a rule each. */
const STAYING: Readonly<Partial<Record<FaultName, Outcome>>> = {
  syntax: blocked('SOURCE_QUERY_INVALID'),
  semantic: blocked('SOURCE_QUERY_INVALID'),
  'missing-table': blocked('SOURCE_TABLE_MISSING'),
  'too-large': failed('SOURCE_RESULT_TOO_LARGE'),
  preempted: failed('SOURCE_LIMITS_EXCEEDED'),
  timeout: failed('SOURCE_TIMEOUT'),
  'expired-token': { ...failed('SOURCE_AUTH'), exit: 3 },
  forbidden: blocked('SOURCE_PERMISSION', 3),
  'not-licensed': blocked('SOURCE_LICENSE', 3),
  retired: blocked('SOURCE_RETIRED'),
  'bad-gateway': failed('SOURCE_TIMEOUT'),
  'body-too-large': blocked('SOURCE_BODY_TOO_LARGE'),
  'server-error': failed('SOURCE_SERVER'),
  html: failed('SOURCE_RESPONSE_INVALID'),
  'truncated-json': failed('SOURCE_RESPONSE_INVALID'),
  'no-schema': failed('SOURCE_RESPONSE_INVALID'),
  reset: failed('SOURCE_NETWORK'),
};
const NAMES = Object.keys(STAYING) as FaultName[];

/** Only the older APIs are to be switched off. */
function expected(api: Api, name: FaultName): Outcome | undefined {
  return api === 'graph' && name === 'retired' ? failed('SOURCE_SERVER') : STAYING[name];
}

interface RunDocument {
  readonly rule: string;
  readonly outcome: string;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly window: { readonly from: string; readonly to: string };
}

let open: Stage[] = [];
afterEach(async () => {
  await Promise.all(open.map((stage) => stage.close()));
  open = [];
});

async function stageOf(api: Api, rules: readonly string[], source = ''): Promise<Stage> {
  const events = rules.map((rule, index) => eventOf(rule, index + 1));
  const stage = await openStage({ events, emulator: { quota: { callsPerMinute: 1000 } } });
  open.push(stage);
  stage.write('huntwire.yaml', configText(stage, api, { source }));
  for (const rule of rules) stage.write(`rules/${rule}.yaml`, ruleText(rule));
  return stage;
}

async function once(stage: Stage, ...more: string[]) {
  const ended = await stage.cli('once', '--format', 'json', '--wait', '0s', ...more);
  const runs = documentOf(ended).runs as readonly RunDocument[];
  return { ...ended, runs: new Map(runs.map((run) => [run.rule, run])) };
}

function detections(stage: Stage) {
  return stage.alerts().filter((alert) => alert.kind === 'detection');
}

describe.each(APIS)('%s', (api) => {
  it('every fault has its outcome, covers nothing, and the next good run tells the hit once', async () => {
    const stage = await stageOf(api, NAMES);
    for (const name of NAMES) stage.emulator.faults.set({ name, ruleId: name, times: null });
    const bad = await once(stage);
    const outcomes = NAMES.map((name) => [name, bad.runs.get(name)?.outcome, bad.runs.get(name)?.error?.code]);
    expect(outcomes).toEqual(NAMES.map((name) => [name, expected(api, name)?.outcome, expected(api, name)?.code]));
    expect(detections(stage)).toEqual([]);
    stage.later(5 * MINUTE);
    await once(stage);
    stage.emulator.faults.clear();
    stage.later(20 * MINUTE);
    const good = await once(stage);
    expect([good.code, [...good.runs.values()].filter((run) => run.outcome !== 'ok')]).toEqual([0, []]);
    const ids = detections(stage).map((alert) => alert.rule.id);
    expect(ids.sort()).toEqual([...NAMES].sort());
    for (const name of NAMES) {
      const before = bad.runs.get(name)?.window.from ?? '';
      expect(Date.parse(good.runs.get(name)?.window.from ?? '')).toBeLessThanOrEqual(Date.parse(before));
    }
    const resolved = stage.alerts().filter((alert) => alert.status === 'resolved');
    // A refused login is told of the tenant.
    const subjects = NAMES.map((name) => (name === 'expired-token' ? 'default' : name));
    expect(resolved.map((alert) => alert.health?.subject).sort()).toEqual(subjects.sort());
  });

  it('what failed is told once, and not again by the run after', async () => {
    const stage = await stageOf(api, ['once']);
    stage.emulator.faults.set({ name: 'server-error', ruleId: null, times: null });
    expect((await once(stage)).runs.get('once')?.outcome).toBe('failed');
    stage.emulator.faults.clear();
    for (const wait of [20, 5]) {
      stage.later(wait * MINUTE);
      expect((await once(stage)).code).toBe(0);
      expect(detections(stage)).toHaveLength(1);
    }
  });

  it('the missing permission is named', async () => {
    const stage = await openStage({ emulator: { application: { roles: ['Policy.Read.All'] } } });
    open.push(stage);
    stage.write('huntwire.yaml', configText(stage, api));
    stage.write('rules/r.yaml', ruleText('r'));
    const { code, runs } = await once(stage);
    expect([code, runs.get('r')?.outcome, runs.get('r')?.error?.code]).toEqual([3, 'blocked', 'SOURCE_PERMISSION']);
    const role = { graph: 'ThreatHunting.Read.All', xdr: 'AdvancedHunting.Read.All', mde: 'AdvancedQuery.Read.All' }[
      api
    ];
    expect(runs.get('r')?.error?.message).toContain(role);
  });

  it('an expired token is renewed within the run, and odd casing is read', async () => {
    const stage = await stageOf(api, ['renewed', 'odd']);
    stage.emulator.faults.set({ name: 'expired-token', ruleId: 'renewed', times: 1 });
    stage.emulator.faults.set({ name: 'odd-case', ruleId: 'odd', times: 1 });
    const { code, runs } = await once(stage);
    expect([code, runs.get('renewed')?.outcome, runs.get('odd')?.outcome]).toEqual([0, 'ok', 'ok']);
    expect(detections(stage)).toHaveLength(2);
    expect(stage.emulator.tokens()).toBe(2);
  });

  it.each(['throttle-minute', 'throttle-hour'] as const)(
    '%s ends in exit code 4, and is told after the pause',
    async (name) => {
      const stage = await stageOf(api, ['slowed']);
      stage.emulator.faults.set({ name, ruleId: null, times: 1 });
      const bad = await once(stage);
      expect([bad.code, bad.runs.get('slowed')?.outcome, stage.alerts()]).toEqual([4, 'throttled', []]);
      const paused = await stage.cli('status', '--format', 'json');
      expect(documentOf(paused).tenants).toEqual([expect.objectContaining({ api, pausedUntil: expect.any(String) })]);
      stage.later(10 * MINUTE);
      expect((await once(stage)).code).toBe(0);
      expect(detections(stage)).toHaveLength(1);
    },
  );
});

/** Has the clock go on by so much at each query that is under way, until the work ends. */
async function outlasted<Result>(stage: Stage, ms: number, work: Promise<Result>): Promise<Result> {
  let isOver = false;
  const watched = work.finally(() => {
    isOver = true;
  });
  for (let seen = 0; !isOver; await new Promise(setImmediate)) {
    if (stage.emulator.seen.length === seen) continue;
    seen = stage.emulator.seen.length;
    stage.later(ms);
  }
  return watched;
}

describe('of every API', () => {
  /** This waits in real time. */
  it('a pause is waited for as long as --wait allows', async () => {
    const waited = await Promise.all(
      APIS.map(async (api) => {
        const stage = await stageOf(api, ['slowed']);
        stage.emulator.faults.set({ name: 'throttle-minute', ruleId: null, times: 1 });
        const ended = await stage.cli('once', '--format', 'json', '--wait', '30m');
        return [api, ended.code, detections(stage).length];
      }),
    );
    expect(waited).toEqual(APIS.map((api) => [api, 0, 1]));
  });

  it('an answer that does not come ends at source.timeoutSeconds', async () => {
    const ended = await Promise.all(
      APIS.map(async (api) => {
        const stage = await stageOf(api, ['slow'], ', timeoutSeconds: 30');
        stage.emulator.faults.set({ name: 'slow', ruleId: null, times: null });
        const bad = await outlasted(stage, 31_000, once(stage));
        stage.emulator.faults.clear();
        // What was asked in vain counts for an hour.
        stage.later(60 * MINUTE);
        stage.write('huntwire.yaml', configText(stage, api));
        const good = await once(stage);
        return [api, bad.code, bad.runs.get('slow')?.error?.code, good.code, detections(stage).length];
      }),
    );
    expect(ended).toEqual(APIS.map((api) => [api, 5, 'SOURCE_TIMEOUT', 0, 1]));
  });
});

describe('the exit code', () => {
  it('is that of the fault', async () => {
    const stage = await stageOf('graph', ['faulty']);
    const codes: [FaultName, number][] = [];
    for (const name of NAMES) {
      stage.write('huntwire.yaml', configText(stage).replace('state.db', `${name}.db`));
      stage.emulator.faults.clear();
      stage.emulator.faults.set({ name, ruleId: null, times: null });
      codes.push([name, (await once(stage)).code]);
    }
    expect(codes).toEqual(NAMES.map((name) => [name, expected('graph', name)?.exit]));
  });
});

describe('one row in three encodings', () => {
  it('has one alert id whichever API brings it', async () => {
    const ids: unknown[] = [];
    for (const api of APIS) {
      const stage = await stageOf(api, ['same']);
      await once(stage);
      ids.push(detections(stage).map((alert) => [alert.id, alert.dedupKey, alert.evidence]));
    }
    expect(ids[0]).toHaveLength(1);
    expect(ids).toEqual([ids[0], ids[0], ids[0]]);
  });
});
