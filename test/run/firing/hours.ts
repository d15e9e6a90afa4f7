import type { Alert } from '../../../src/alerts/alert.ts';
import { HuntwireError } from '../../../src/lib/errors.ts';
import type { AlertSpec, RunnableRule } from '../../../src/rules/rule.ts';
import type { RunDeps } from '../../../src/run/tenant.ts';
import { openBench } from '../bench.ts';
import { makeRule } from '../make-rule.ts';
import { type PlantedRow, plantedSource } from '../planted-source.ts';
import { COLUMNS, HOUR, MINUTE, T0 } from '../story.ts';

/**
 * What an hour holds and what becomes of its run: two rows of the group, three, none; as many rows of others as an answer holds at most; the
 * service cannot be reached; nobody runs; the process dies before its commit.
 */
export type HourStep = 'firing' | 'grown' | 'empty' | 'truncated' | 'failed' | 'missed' | 'killed';

/** Rows that one answer holds at most. */
const MOST_ROWS = 8;

/** A set rule of every hour, a group of DeviceId with two rows or more, without quiet time unless said otherwise. */
export function hourlyGroups(alert: Partial<AlertSpec> = {}, over: Partial<RunnableRule> = {}): RunnableRule {
  return makeRule(
    {
      effectiveShape: 'set',
      threshold: { measure: 'rows', column: null, operator: '>=', value: 2, groupBy: ['DeviceId'] },
      ...over,
      alert: { ...makeRule().alert, per: 'group', suppressMs: 0, ...alert },
    },
    { shape: 'set', identity: { kind: 'columns', columns: ['DeviceId', 'ReportId'] } },
  );
}

/** A bench on which hours pass, each with its rows and its run. */
export function openHours(over: Partial<RunDeps> = {}) {
  const rows: PlantedRow[] = [];
  let step: HourStep = 'empty';
  let reports = 0;
  const bench = openBench({
    start: T0,
    source: (clock) =>
      plantedSource({
        columns: COLUMNS,
        rows: () => rows,
        now: clock.now,
        maxRows: MOST_ROWS,
        fails: () => (step === 'failed' ? new HuntwireError('SOURCE_SERVER', 'HTTP 500', { retryable: true }) : null),
      }),
    beforeCommit: () => {
      if (step === 'killed') throw new Error('killed');
    },
  });
  Object.assign(bench.deps, over);
  const plant = (device: string): void => {
    reports += 1;
    const ingested = bench.clock.now() + HOUR / 2;
    const Timestamp = new Date(ingested - MINUTE).toISOString();
    rows.push({ ingested, row: { Timestamp, DeviceId: device, DeviceName: device, ReportId: reports } });
  };
  const fill = (devices: readonly string[]): void => {
    const count = step === 'grown' ? 3 : step === 'firing' ? 2 : 0;
    for (const device of devices) for (let index = 0; index < count; index += 1) plant(device);
    if (step === 'truncated') for (let index = 0; index < MOST_ROWS; index += 1) plant(`noise${index}`);
  };
  const detections = (): readonly Alert[] => bench.told.filter(({ kind }) => kind === 'detection');
  return {
    bench,
    detections,
    /** Status and revision of all that was told, by the number of the alert in the order in which they were told. */
    told: (): readonly string[] => {
      const ids = [...new Set(detections().map(({ id }) => id))];
      return detections().map(({ id, status, revision }) => `${ids.indexOf(id)} ${status} ${revision}`);
    },
    /** One hour of `devices`, and then the turn of `rule`; with `catchUp` its backlog, too. */
    hour: async (rule: RunnableRule, next: HourStep, { devices = ['pc1'], catchUp = false } = {}): Promise<void> => {
      step = next;
      fill(devices);
      await bench.clock.advance(HOUR);
      if (step === 'missed') return;
      await bench.turn(rule).catch((thrown: Error) => {
        if (thrown.message !== 'killed') throw thrown;
      });
      if (catchUp && step !== 'killed' && step !== 'failed')
        while (await bench.turn(rule, 'backlog')) if (bench.commits.length > 1000) throw new Error('no end');
    },
  };
}
