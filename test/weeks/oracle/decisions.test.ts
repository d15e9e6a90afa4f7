import { expect, it } from '@jest/globals';
import type { RuleSpec, Scenario } from '../scenario.ts';
import { checkDecisions } from './decisions.ts';
import type { Chapter } from './runs.ts';

const START = Date.parse('2026-03-02T00:00:00Z');
const HOUR = 3_600_000;
const spec = (hours: number): RuleSpec =>
  ({
    ...{
      id: 'rule-1',
      mark: 'r1',
      family: 'set-count',
      status: 'enabled',
      atLeast: 1,
      timed: true,
      lookback: hours * 3600,
    },
    ...{ schedule: { every: 43_200 }, dedup: null, suppress: 0, limit: null, exceptions: [], previousIds: [] },
  }) as unknown as RuleSpec;

/** A run at an hour of the week that found one device, whose newest event lies an hour before, and told it or not. */
function run(
  hour: number,
  rule: RuleSpec,
  { device, told }: { readonly device: string; readonly told: boolean },
): Chapter {
  const at = START + hour * HOUR;
  const window = { from: at - (rule.lookback ?? 0) * 1000, to: at };
  const rows = [{ DeviceId: device, Hits: 1, Timestamp: at - HOUR }];
  const suppressed = { quiet: 0, silenced: 0, excepted: 0, maintenance: 0, overflow: 0, duplicate: told ? 0 : 1 };
  const alert = { id: `${hour}`, kind: 'detection', status: 'firing', revision: 0, evidence: rows };
  const commit = {
    ruleId: rule.id,
    rule: { ledger: [], frontier: at },
    run: { lane: 'due', outcome: 'ok', logicalTime: at, startedAt: at, window, rows: 1, hits: 1, suppressed },
    alerts: told ? [alert] : [],
  };
  return { kind: 'run', at, life: 1, spec: rule, commit, asked: [], answers: [{ rows }] } as unknown as Chapter;
}

it('counts a change of a rule from what an older state had covered', () => {
  const scenario = { start: new Date(START).toISOString() } as Scenario;
  const chapters = [
    run(12, spec(12), { device: 'pc1', told: true }),
    { kind: 'copied', at: START + 13 * HOUR } as const,
    run(24, spec(12), { device: 'pc2', told: true }),
    { kind: 'put-back', at: START + 30 * HOUR } as const,
    run(24, spec(24), { device: 'pc2', told: true }),
  ];
  expect(checkDecisions(chapters, scenario).findings).toEqual([]);
});

it('holds what exceptions take out to the rows that came, also where the service gives one twice', () => {
  const stream = { ...spec(1), family: 'stream', exceptions: [{ device: 'pc9', expires: 86_400 }] } as RuleSpec;
  const excepted = (rows: number, counted: number): readonly string[] => {
    const chapter = run(12, stream, { device: 'pc9', told: false });
    if (chapter.kind !== 'run') throw new Error('no run');
    const row = { ReportId: 1, DeviceId: 'pc9', Timestamp: chapter.at - HOUR };
    const suppressed = { ...chapter.commit.run.suppressed, duplicate: 0, excepted: counted };
    const commit = { ...chapter.commit, run: { ...chapter.commit.run, rows, hits: counted, suppressed } };
    const answers = [{ ...chapter.answers[0], rows: Array.from({ length: rows }, () => row) }];
    const scenario = { start: new Date(START).toISOString() } as Scenario;
    return checkDecisions([{ ...chapter, commit, answers } as Chapter], scenario).findings.map(({ kind }) => kind);
  };
  expect(excepted(2, 2)).toEqual([]);
  expect(excepted(2, 1)).toEqual(['counts', 'counts']);
});
