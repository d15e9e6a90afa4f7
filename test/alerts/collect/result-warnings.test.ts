import { describe, expect, it } from '@jest/globals';
import { newerRow } from '../../../src/alerts/collect/gathering.ts';
import { measuredValue, planMeasurement, startMeasurement } from '../../../src/alerts/collect/measurement.ts';
import { resultWarnings } from '../../../src/alerts/collect/result-warnings.ts';
import { hashText } from '../../../src/alerts/hash-text.ts';
import { collect, columnsOf, EVENT_COLUMNS, eventRow, HOUR, makeRule, NOON } from '../samples.ts';

const sum = makeRule({ threshold: { measure: 'sum', column: 'Count', value: 10 } });

describe('what is said of a result', () => {
  const warn = (rule: Parameters<typeof resultWarnings>[0], notNumbers = 0, unknownColumns: readonly string[] = []) =>
    resultWarnings(rule, EVENT_COLUMNS, { notNumbers, unknownColumns });

  it.each([
    { rows: 1, message: '1 row without a number in Count was left out of sum.' },
    { rows: 2, message: '2 rows without a number in Count were left out of sum.' },
  ])('counts rows without a number: $message', ({ rows, message }) => {
    expect(warn(sum, rows)).toEqual([{ kind: 'not-a-number', columns: ['Count'], rows, message }]);
  });

  it('names each missing column once', () => {
    const rule = makeRule({ threshold: { measure: 'max', column: 'A', groupBy: ['A', 'B'] } });
    const message = 'The result has no column A, B, which the rule names: the rule does without it.';
    expect(warn(rule)).toEqual([{ kind: 'missing-column', columns: ['A', 'B'], rows: 0, message }]);
  });

  it('names the columns of exceptions that match nothing', () => {
    const message = 'Exceptions name X, Y, which the result does not have: these entries match nothing.';
    expect(warn(makeRule(), 0, ['X', 'Y'])).toEqual([
      { kind: 'exception-column', columns: ['X', 'Y'], rows: 0, message },
    ]);
  });

  it('is nothing where all is well, and no column is asked for where rows are counted', () => {
    expect(warn(sum)).toEqual([]);
    expect(warn(makeRule({ threshold: { measure: 'rows', column: 'Gone' } }), 5)).toHaveLength(1);
    expect(warn(makeRule(), 5)).toEqual([]);
  });
});

describe('distinct values', () => {
  const distinctOf = (type: 'guid' | 'string', cells: readonly string[]) => {
    const columns = columnsOf({ Other: 'dynamic', V: type });
    const plan = planMeasurement({ measure: 'distinct', column: 'V', operator: '>', value: 0, groupBy: [] }, columns);
    const counted = startMeasurement();
    for (const V of cells) plan.count(counted, { V });
    return [measuredValue(plan, counted), counted.rows];
  };

  it('are told apart by the type of their own column', () => {
    const cells = ['AB', 'ab', ''];
    expect(distinctOf('guid', cells)).toEqual([1, 3]);
    expect(distinctOf('string', cells)).toEqual([2, 3]);
    expect(distinctOf('string', ['2026-01-01', '2026-01-01T00:00:00Z'])).toEqual([2, 2]);
  });
});

describe('the newer of two rows', () => {
  const isNewer = newerRow(['A', 'B']);

  it.each([
    { row: { A: '2026-01-02', B: null }, first: { A: '2026-01-01', B: '2026-01-09' }, is: true },
    { row: { A: '2026-01-01', B: '2026-01-03' }, first: { A: '2026-01-01', B: '2026-01-02' }, is: true },
    { row: { A: '2026-01-01', B: '2026-01-02' }, first: { A: '2026-01-01', B: '2026-01-02' }, is: false },
    { row: { A: null }, first: { A: '2026-01-01' }, is: false },
    { row: { A: '2026-01-01' }, first: { A: 'no time' }, is: true },
  ])('goes by the first time that differs: $is', ({ row, first, is }) => {
    expect(isNewer?.(row, first)).toBe(is);
  });

  it('is nobody where there are no times', () => {
    expect(newerRow([])).toBeNull();
  });

  it('does not matter to groups: their rows stay as they came', () => {
    const columns = [...EVENT_COLUMNS, ...columnsOf({ Timestamp1: 'datetime' })];
    const identity = { kind: 'event', columns: ['Timestamp', 'DeviceId', 'ReportId'], newest: ['Timestamp1'] } as const;
    const rows = ['2026-01-01', '2026-01-03'].map((Timestamp1) => eventRow({ Timestamp1 }));
    const kept = (threshold: { groupBy: readonly string[] }) =>
      collect(makeRule({ identity, threshold }), rows, columns).hits.map((hit) =>
        hit.rows.map((row) => row.Timestamp1),
      );
    expect(kept({ groupBy: ['DeviceId'] })).toEqual([['2026-01-01', '2026-01-03']]);
  });

  it('takes the place of the last, and of its size', () => {
    const columns = [...EVENT_COLUMNS, ...columnsOf({ Timestamp1: 'datetime' })];
    const identity = { kind: 'event', columns: ['Timestamp', 'DeviceId', 'ReportId'], newest: ['Timestamp1'] } as const;
    const first = eventRow({ FileName: 'x'.repeat(40_000), Timestamp1: '2026-01-01' });
    const rows = [1, 2, 3, 4].map((day) => ({ ...first, Timestamp1: `2026-01-0${day}` }));
    const [hit] = collect(makeRule({ identity, alert: { evidence: 1 } }), rows, columns).hits;
    expect(hit).toMatchObject({ rowsCut: false, rowCount: 4 });
    expect(hit?.rows.map((row) => row.Timestamp1)).toEqual(['2026-01-04']);
  });
});

describe('keys that states hold', () => {
  it('of a run are the same in every version', () => {
    const rule = makeRule({ alert: { per: 'run' } });
    const [hit] = collect(rule, [eventRow()]).hits;
    expect([hit?.key, hit?.dedupKey]).toEqual([hashText('run'), hashText('run')]);
    expect(hashText('run')).toBe('acba25512100f80b56fc3ccd14c65be5');
  });

  it('of excepted rows tell their newest event where the rule is a set', () => {
    const exceptions = [{ where: { DeviceName: ['pc1'] }, reason: 'r', owner: 'o', expires: NOON + HOUR }];
    const newestOf = (effectiveShape: 'set' | 'stream') => {
      const rule = makeRule({ exceptions, effectiveShape, identity: { kind: 'columns', columns: ['DeviceName'] } });
      const rows = ['2026-01-01T11:50:00Z', '2026-01-01T11:40:00Z'].map((Timestamp) => eventRow({ Timestamp }));
      return collect(rule, rows).excepted.keys.map(({ newest }) => newest);
    };
    expect(newestOf('set')).toEqual(['2026-01-01T11:50:00Z']);
    expect(newestOf('stream')).toEqual([null]);
  });
});
