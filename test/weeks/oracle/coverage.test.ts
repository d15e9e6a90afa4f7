import { expect, it } from '@jest/globals';
import { TRAITS } from '../rule-text.ts';
import { FAMILIES, type RuleSpec } from '../scenario.ts';
import type { Week } from '../world/play.ts';
import { checkBehind, checkStuck } from './behind.ts';
import { storiesOf } from './coverage.ts';
import { forgetChange } from './decisions.ts';
import { checkSweeps } from './late.ts';
import { checkPauses } from './pauses.ts';
import type { Chapter, CommittedRun } from './runs.ts';

const START = Date.parse('2026-03-02T00:00:00Z');
const HOUR = 3_600_000;
const family = FAMILIES.find((one) => TRAITS[one].shape === 'stream') ?? 'stream';
const spec = (over: Partial<RuleSpec> = {}): RuleSpec =>
  ({
    id: 'rule-1',
    mark: 'r1',
    family,
    status: 'enabled',
    schedule: { every: 43_200 },
    lookback: null,
    basis: 'ingestion',
    ...over,
  }) as RuleSpec;

interface RunMade {
  readonly hour: number;
  readonly lane?: string;
  readonly late?: object;
  readonly ledger?: readonly object[];
  readonly spec?: RuleSpec;
}

/** A run at an hour of the week that asked for the twelve before. */
function run({ hour, lane = 'due', late, ledger = [], spec: one = spec() }: RunMade): CommittedRun {
  const at = START + hour * HOUR;
  const window = { from: at - 12 * HOUR, to: at };
  const commit = {
    ruleId: one.id,
    rule: { ledger, frontier: at, ...(late && { late }) },
    run: { lane, outcome: 'ok', logicalTime: at, window },
  };
  return { kind: 'run', at, life: 1, spec: one, commit, asked: [], answers: [] } as unknown as CommittedRun;
}

const start = (rules: readonly RuleSpec[], hour = 0, kind: 'start' | 'reload' = 'start'): Chapter => ({
  kind,
  at: START + hour * HOUR,
  life: 1,
  rules,
});

function week(chapters: readonly Chapter[], hours: number, faults: readonly object[] = []): Week {
  const records = chapters.filter(({ kind }) => kind === 'start' || kind === 'reload');
  const last = chapters.findLast((one) => one.kind === 'run') as CommittedRun | undefined;
  const rules = new Map(last ? [[last.spec.id, last.commit.rule]] : []);
  const scenario = { start: new Date(START).toISOString(), skew: 0, faults };
  return { scenario, records, endedAt: START + hours * HOUR, final: { rules } } as unknown as Week;
}

it('a rule that was renamed and swept before its first turn is no hole, and not behind', () => {
  const renamed = spec({ id: 'rule-2', previousIds: ['rule-1'] });
  const chapters = [
    start([renamed], 1),
    run({ hour: 2, lane: 'sweep', spec: renamed }),
    run({ hour: 14, spec: renamed }),
  ];
  const [story] = storiesOf(week(chapters, 20), chapters);
  expect(story?.from).toBe(START + 2 * HOUR);
  expect(checkBehind(week(chapters.slice(0, 2), 10), chapters.slice(0, 2))).toEqual([]);
});

it('a stream that is never swept is found', () => {
  const swept = [run({ hour: 2, late: { frontier: START, ledger: [], sliceMs: null } })];
  expect(checkSweeps('rule-1', swept, week(swept, 3))).toEqual([]);
  const unswept = [run({ hour: 2 })];
  expect(checkSweeps('rule-1', unswept, week(unswept, 3))).toHaveLength(1);
});

it('a turn that is lost is found, however few calls there are', () => {
  const [early, late] = [run({ hour: 10 }), run({ hour: 70 })];
  expect(checkStuck(week([start([spec()]), early], 80), [early])).toHaveLength(1);
  expect(checkStuck(week([start([spec()]), early], 80), [early, late])).toEqual([]);
  expect(checkStuck(week([start([spec({ status: 'disabled' })]), early], 80), [early])).toEqual([]);
});

it('a pause that stands in no ledger is found', () => {
  const chapters = (ledger: readonly object[]): readonly Chapter[] => [
    start([spec()]),
    run({ hour: 2 }),
    start([spec({ status: 'disabled' })], 3, 'reload'),
    start([spec()], 48, 'reload'),
    run({ hour: 50, ledger }),
  ];
  const answered = { kind: 'asked', at: START + 1, outcome: 'answered' } as unknown as Week['records'][number];
  const found = (all: readonly Chapter[], faults: readonly object[] = []) => {
    const { records, ...rest } = week(all, 60, faults);
    const answers = { ...rest, records: [...records, answered] };
    return checkPauses(answers, all, storiesOf(answers, all));
  };
  const entry = { from: START + 3 * HOUR, to: START + 36 * HOUR };
  expect(found(chapters([{ ...entry, outcome: 'disabled' }]))).toEqual([]);
  expect(found(chapters([{ ...entry, outcome: 'pending' }]))).toHaveLength(1);
  expect(found(chapters([]))).toMatchObject([{ kind: 'hole', subject: 'rule-1' }]);
  expect(found(chapters([]), [{ kind: 'clock' }])).toEqual([]);
});

it('a change of a rule is forgotten once no window reaches behind it', () => {
  const memory = { changedAt: START as number | null };
  forgetChange(memory, run({ hour: 6 }));
  forgetChange(memory, run({ hour: 20, ledger: [{ outcome: 'pending', from: START - HOUR }] }));
  expect(memory.changedAt).toBe(START);
  forgetChange(memory, run({ hour: 20, ledger: [{ outcome: 'gap', from: START - HOUR }] }));
  expect(memory.changedAt).toBeNull();
});
