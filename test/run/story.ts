import fc from 'fast-check';
import type { Alert } from '../../src/alerts/alert.ts';
import { HuntwireError } from '../../src/lib/errors.ts';
import type { RunnableRule } from '../../src/rules/rule.ts';
import { timetableOf } from '../../src/run/schedule.ts';
import type { RunRecord } from '../../src/state/run-record.ts';
import type { LedgerEntry } from '../../src/state/store.ts';
import { type Bench, openBench } from './bench.ts';
import { type PlantedRow, plantedSource, timeout } from './planted-source.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const T0 = Date.parse('2026-01-10T12:00:00Z');
export const EVENT = { kind: 'event', columns: ['Timestamp', 'DeviceId', 'ReportId'] } as const;
export const COLUMNS = [
  { name: 'Timestamp', type: 'datetime' },
  { name: 'DeviceId', type: 'string' },
  { name: 'DeviceName', type: 'string' },
  { name: 'ReportId', type: 'long' },
] as const;

/**
 * What happens at one scheduled time: the run succeeds; nobody runs; the service cannot be reached; the query is too heavy; the
 * process dies before its commit.
 */
export type Step = 'ok' | 'missed' | 'failed' | 'heavy' | 'killed';

/** One hit that the service holds. Times are minutes of the service's clock after the first run. */
export interface PlantedHit {
  readonly arrives: number;
  /** How long before its arrival the event happened. */
  readonly late: number;
  /** How long after its arrival a query can see it. */
  readonly hidden: number;
  /** The device it happened on; one of its own where left out. */
  readonly device?: number;
}

export interface Story {
  readonly steps: readonly Step[];
  readonly hits: readonly PlantedHit[];
  /** Our clock minus the service's, in minutes. */
  readonly skew: number;
  /** Whether the backlog is worked off after each good step, or only at the end. */
  readonly catchUp: boolean;
}

export interface Played {
  /** Detections by the id of the planted hit, 0, 1, …; each once for every alert it is part of. */
  readonly told: ReadonlyMap<number, readonly Alert[]>;
  readonly detections: readonly Alert[];
  readonly health: readonly Alert[];
  readonly runs: readonly { readonly run: RunRecord; readonly toldHits: number }[];
  readonly ledger: readonly LedgerEntry[];
  /** Epoch ms of the service's clock at which a hit arrived. */
  readonly arrival: (hit: PlantedHit) => number;
}

export interface StoryLimits {
  readonly steps: readonly Step[];
  readonly longestLate: number;
}

/** Scheduled times of a story. */
const SPAN = 10;

export function storyOf(limits: StoryLimits): fc.Arbitrary<Story> {
  const hit = fc.record({
    arrives: fc.integer({ min: 0, max: SPAN * 60 - 1 }),
    late: fc.integer({ min: 0, max: limits.longestLate }),
    hidden: fc.integer({ min: 0, max: 10 }),
  });
  return fc.record({
    steps: fc.array(fc.constantFrom<Step>('ok', ...limits.steps), { minLength: SPAN, maxLength: SPAN }),
    hits: fc.array(hit, { maxLength: 8 }),
    skew: fc.oneof(
      { weight: 2, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: -120, max: 120 }) },
    ),
    catchUp: fc.boolean(),
  });
}

interface Stage {
  readonly bench: Bench;
  readonly rule: RunnableRule;
  readonly story: Story;
  readonly runs: { run: RunRecord; toldHits: number }[];
  step: Step;
}

/** Plays a story hour by hour: a first run, the story's steps, and good runs until all is caught up. */
export async function play(rule: RunnableRule, story: Story): Promise<Played> {
  const start = T0 - story.skew * MINUTE;
  const arrival = (hit: PlantedHit): number => start + hit.arrives * MINUTE;
  const rows = story.hits.map((hit, id) => plantedRow(hit, id, arrival(hit)));
  const stage: Stage = { bench: openStage(() => stage, rows, story), rule, story, runs: [], step: 'ok' };
  const calm = Array<Step>(4 + Math.ceil(Math.abs(story.skew) / 60)).fill('ok');
  for (const step of ['ok' as const, ...story.steps, ...calm]) {
    stage.step = step;
    await takeStep(stage);
    await stage.bench.clock.advance(HOUR);
  }
  await workOff(stage);
  const detections = stage.bench.told.filter((alert) => alert.kind === 'detection' && alert.status === 'firing');
  return {
    told: new Map(story.hits.map((_, id) => [id, detections.filter((alert) => holds(alert, id))])),
    detections,
    health: stage.bench.told.filter((alert) => alert.kind === 'health'),
    runs: stage.runs,
    ledger: (await stage.bench.store.ruleState('default', rule.id))?.ledger ?? [],
    arrival,
  };
}

function plantedRow(hit: PlantedHit, id: number, ingested: number): PlantedRow {
  const Timestamp = new Date(ingested - hit.late * MINUTE).toISOString();
  const device = `pc${hit.device ?? id}`;
  const row = { Timestamp, DeviceId: device, DeviceName: device, ReportId: id };
  return { ingested, visible: ingested + hit.hidden * MINUTE, row };
}

function openStage(stage: () => Stage, rows: readonly PlantedRow[], story: Story): Bench {
  return openBench({
    start: T0,
    source: (clock) =>
      plantedSource({
        columns: COLUMNS,
        rows: () => rows,
        now: () => clock.now() - story.skew * MINUTE,
        fails: () => failureOf(stage().step),
      }),
    beforeCommit: () => {
      if (stage().step === 'killed') throw new HuntwireError('STATE_FAILED', 'killed before the commit');
    },
  });
}

function failureOf(step: Step): HuntwireError | null {
  if (step === 'failed') return new HuntwireError('SOURCE_NETWORK', 'connection refused', { retryable: true });
  return step === 'heavy' ? timeout() : null;
}

async function takeStep(stage: Stage): Promise<void> {
  if (stage.step === 'missed') return stage.bench.restart();
  const at = timetableOf(stage.rule).latest(stage.bench.clock.now());
  try {
    await takeOne(stage, 'due', at);
  } catch (thrown) {
    if (stage.step !== 'killed') throw thrown;
    stage.bench.restart();
  }
  if (stage.step === 'ok' && stage.story.catchUp) await workOff(stage);
}

/** As the scheduler does: backlog turns until nothing is pending. */
async function workOff(stage: Stage): Promise<void> {
  for (let turns = 0; turns < 200; turns += 1) if (!(await takeOne(stage, 'backlog', null))) return;
  throw new Error('the backlog does not end');
}

async function takeOne(stage: Stage, kind: 'due' | 'backlog', at: number | null): Promise<boolean> {
  const report = await stage.bench.turn(stage.rule, kind, at);
  if (report) stage.runs.push({ run: report.run, toldHits: report.decision?.toldHits ?? 0 });
  return report !== null;
}

function holds(alert: Alert, id: number): boolean {
  return alert.evidence.some((row) => row.ReportId === id);
}
