import { describe, expect, it } from '@jest/globals';
import { HuntwireError } from '../../src/lib/errors.ts';
import type { Log, LogFields } from '../../src/lib/log.ts';
import { logRun } from '../../src/run/log-run.ts';
import type { RunReport } from '../../src/run/run-rule.ts';
import { makeRule } from './make-rule.ts';
import { EVENT, HOUR, MINUTE, T0 } from './story.ts';
import { planted, setUp } from './turn-bench.ts';

const stream = makeRule({}, { identity: EVENT });

function linesOf(report: RunReport): readonly { readonly level: string; readonly fields: LogFields }[] {
  const lines: { level: string; fields: LogFields }[] = [];
  const at =
    (level: string) =>
    (_message: string, fields: LogFields = {}): void =>
      void lines.push({ level, fields });
  const log: Log = { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') };
  logRun(report, stream, { log });
  return lines;
}

/** Three events of which one is excepted; the rule tells two alerts at most, so that a fourth and fifth go over the limit. */
async function runOf(count: number, limit: number): Promise<RunReport> {
  const rows = Array.from({ length: count }, (_, id) => planted(id, T0 - 30 * MINUTE));
  rows.push(planted(99, T0 - 30 * MINUTE, { device: 'build' }));
  const exceptions = [{ where: { DeviceName: ['build'] }, reason: 'signs', owner: 'ci', expires: T0 + HOUR }];
  const { bench } = setUp(rows);
  const report = await bench.turn({ ...stream, exceptions, alert: { ...stream.alert, limit } });
  if (!report) throw new Error('nothing was asked');
  return report;
}

describe('the record of a run', () => {
  it('says why each hit became what it became, and on which lane it was asked', async () => {
    const { run } = await runOf(5, 3);
    expect(run).toMatchObject({ lane: 'due', hits: 6, toldHits: 2, reasons: { new: 2, limit: 3, excepted: 1 } });
    expect(run.suppressed).toMatchObject({ overflow: 3, excepted: 1 });
    expect(run.exceptions).toMatchObject([{ rows: 1 }]);
  });

  it('names a made-up window, what is known and what is in testing', async () => {
    let down = true;

    const { bench } = setUp([planted(1, T0 - 30 * MINUTE)], () =>
      down ? new HuntwireError('SOURCE_NETWORK', 'refused', { retryable: true }) : null,
    );
    expect((await bench.turn(stream))?.run).toMatchObject({ hits: 0, toldHits: 0, reasons: {} });
    down = false;
    const testing = { ...stream, status: 'testing' } as const;
    expect((await bench.turn(testing, 'backlog'))?.run).toMatchObject({
      lane: 'backlog',
      toldHits: 0,
      reasons: { testing: 1 },
    });
    await bench.clock.advance(MINUTE);
    const wide = { ...stream, lookbackMs: 2 * HOUR };
    expect((await bench.turn(wide))?.run).toMatchObject({ reasons: { known: 1 }, suppressed: { duplicate: 1 } });
  });

  it('is kept in the state', async () => {
    const { bench } = setUp([planted(1, T0 - 30 * MINUTE)]);
    await bench.turn(stream);
    const state = await bench.store.ruleState('default', stream.id);
    expect(state?.lastRun).toMatchObject({ lane: 'due', toldHits: 1, reasons: { new: 1 } });
  });
});

describe('the log of a run', () => {
  it('has the counts by reason, and at debug each hit with its keys and its reason', async () => {
    const lines = linesOf(await runOf(2, 150));
    const hits = lines.filter((line) => line.level === 'debug').map(({ fields }) => fields);
    expect(hits).toMatchObject([
      { state: 'told', because: 'new', rows: 1, ruleId: stream.id },
      { state: 'told', because: 'new', rows: 1 },
    ]);
    for (const { key, dedupKey } of hits) expect([key, dedupKey]).toEqual([dedupKey, key]);
    expect(lines.at(-1)).toMatchObject({ level: 'info', fields: { lane: 'due', reasons: '2 new, 1 excepted' } });
  });

  it('tells 100 hits singly and counts the rest', async () => {
    const debug = linesOf(await runOf(130, 150)).filter((line) => line.level === 'debug');
    expect(debug).toHaveLength(101);
    expect(debug.at(-1)?.fields).toMatchObject({ hits: 30 });
  });
});
