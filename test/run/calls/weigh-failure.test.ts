import { describe, expect, it } from '@jest/globals';
import { type ErrorCode, HuntwireError } from '../../../src/lib/errors.ts';
import type { RunnableRule } from '../../../src/rules/rule.ts';
import { speaksAgainstWindow } from '../../../src/run/calls/weigh-failure.ts';
import { NO_COVERAGE, planDue } from '../../../src/run/coverage.ts';
import { applyRuleEdits } from '../../../src/run/rule-edits.ts';
import { timetableOf } from '../../../src/run/schedule.ts';
import { DEFAULT_WINDOW_SETTINGS as settings } from '../../../src/run/windows.ts';
import { makeRule } from '../make-rule.ts';
import { DAY, T0 } from '../story.ts';
import { setUp } from '../turn-bench.ts';

const set = makeRule({ effectiveShape: 'set' });

interface Wish {
  readonly rule?: RunnableRule;
  readonly code?: ErrorCode;
  readonly weighsFailures?: boolean;
  /** What ended, and what of that was answered, since the run began; the run's own part of it. */
  readonly since?: readonly [ended: number, answered: number];
  readonly own?: readonly [ended: number, answered: number];
  /** Whether `print now()` is answered. */
  readonly answers?: boolean;
}

async function weigh(wish: Wish) {
  const { rule = set, code = 'SOURCE_TIMEOUT', weighsFailures = true, since = [1, 0], own = [1, 0] } = wish;
  const asked: string[] = [];
  const fails = () => new HuntwireError('SOURCE_SERVER', 'down', { retryable: true });
  const { bench } = setUp([], ({ query }) => {
    asked.push(query);
    return wish.answers ? null : fails();
  });
  const before = { ended: 10, answered: 4 };
  const endings = () => ({ ended: before.ended + since[0], answered: before.answered + since[1] });
  const tenant = { ...bench.tenant, meter: { ...bench.tenant.meter, endings } };
  const grid = timetableOf(rule);
  const { planned } = planDue({
    rule,
    coverage: NO_COVERAGE,
    grid,
    logicalTime: T0,
    now: T0,
    retentionMs: 30 * DAY,
    settings,
  });
  if (!planned) throw new Error('nothing is due');
  let calls = 0;
  const input = {
    runId: 'run-1',
    tenant,
    rule,
    planned,
    state: null,
    edited: applyRuleEdits(rule, null, T0, settings),
    voided: null,
    gaps: [],
    admit: async () => 0,
    weighsFailures,
    signal: new AbortController().signal,
  };
  const counts = await speaksAgainstWindow(
    input,
    new HuntwireError(code, 'x'),
    { before, own: { ended: own[0], answered: own[1] } },
    bench.deps,
    () => {
      calls += 1;
    },
  );
  return { counts, asked, calls };
}

describe('a failure of a set', () => {
  it('speaks against its window where the service answered something else meanwhile, which costs nothing', async () => {
    expect(await weigh({ since: [2, 1] })).toEqual({ counts: true, asked: [], calls: 0 });
    expect(await weigh({ since: [3, 1], own: [2, 0] })).toEqual({ counts: true, asked: [], calls: 0 });
  });

  it('does not where what else was asked failed, too', async () => {
    expect(await weigh({ since: [2, 0], answers: true })).toEqual({ counts: false, asked: [], calls: 0 });
  });

  it.each([true, false])(
    'is weighed by the cheapest query where nothing else was asked: answered %s',
    async (answers) => {
      expect(await weigh({ answers })).toEqual({ counts: answers, asked: ['print now()'], calls: 1 });
      const own = { since: [3, 2], own: [3, 2] } as const;
      expect(await weigh({ ...own, answers })).toEqual({ counts: answers, asked: ['print now()'], calls: 1 });
    },
  );

  it.each(['SOURCE_THROTTLED', 'SOURCE_NETWORK', 'SOURCE_QUERY_INVALID'] as const)('by %s never does', async (code) => {
    expect(await weigh({ code, since: [2, 1] })).toEqual({ counts: false, asked: [], calls: 0 });
  });

  it('does where nobody weighs it', async () => {
    expect(await weigh({ weighsFailures: false })).toEqual({ counts: true, asked: [], calls: 0 });
  });
});

describe('a failure of a stream', () => {
  it('does not speak against its window, which is divided instead', async () => {
    expect(await weigh({ rule: makeRule() })).toEqual({ counts: false, asked: [], calls: 0 });
  });
});
