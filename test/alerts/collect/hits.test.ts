import { describe, expect, it } from '@jest/globals';
import { createHitCollector, hitKind } from '../../../src/alerts/collect/hits.ts';
import { collect, columnsOf, EVENT_COLUMNS, eventRow, HOUR, makeRule, NOON } from '../samples.ts';

describe('row hits', () => {
  it('merge rows with equal keys, all counted, the first ones kept', () => {
    const row = eventRow();
    const rule = makeRule({ alert: { evidence: 2 } });
    const { hits, rows } = collect(rule, [row, { ...row, FileName: 'b' }, { ...row, FileName: 'c' }, eventRow()]);
    expect(rows).toBe(4);
    expect(hits.map((hit) => [hit.rowCount, hit.rows.length])).toEqual([
      [3, 2],
      [1, 1],
    ]);
    expect(hits[0]?.rows.map((one) => one.FileName)).toEqual(['powershell.exe', 'b']);
  });

  it('are hits only if the run as a whole passes', () => {
    const rule = makeRule({ threshold: { operator: '>', value: 2 } });
    const two = collect(rule, [eventRow(), eventRow()]);
    expect([two.hits.length, two.otherKeys.length]).toEqual([0, 2]);
    const three = collect(rule, [eventRow(), eventRow(), eventRow()]);
    expect([three.hits.length, three.otherKeys.length]).toEqual([3, 0]);
  });

  it('take their times from the rows and their severity from a column', () => {
    const row = eventRow({ Risk: 'low' });
    const columns = [...EVENT_COLUMNS, { name: 'Risk', type: 'string' as const }];
    const rule = makeRule({ alert: { severityColumn: 'Risk', dedupColumns: ['DeviceId'] } });
    const { hits } = collect(rule, [row, eventRow({ Risk: 'CRITICAL' }), eventRow({ Risk: 'unheard of' })], columns);
    expect(hits.map((hit) => hit.severity)).toEqual(['low', 'critical', 'medium']);
    expect(new Set(hits.map((hit) => hit.dedupKey)).size).toBe(1);
    expect(hits[0]).toMatchObject({ firstSeen: '2026-01-01T11:50:00Z', lastSeen: '2026-01-01T11:50:00Z' });
  });

  it('keep their own keys where the result has none of the dedup columns', () => {
    const { hits } = collect(makeRule({ alert: { dedupColumns: ['Gone'] } }), [eventRow(), eventRow()]);
    expect(hits.map((hit) => hit.dedupKey)).toEqual(hits.map((hit) => hit.key));
    expect(new Set(hits.map((hit) => hit.key)).size).toBe(2);
  });

  it('know no time where rows tell none', () => {
    const { hits } = collect(makeRule(), [eventRow({ Timestamp: null }), eventRow({ Timestamp: 'yesterday' })]);
    expect(hits.map((hit) => hit.firstSeen)).toEqual([null, null]);
  });
});

describe('five rows by mv-expand', () => {
  it('are five hits of one event', () => {
    const columns = [...EVENT_COLUMNS, { name: 'Address', type: 'string' as const }];
    const row = eventRow();
    const rule = makeRule({
      identity: { kind: 'event', columns: ['Timestamp', 'DeviceId', 'ReportId'], fanOut: ['Address'] },
    });
    const rows = ['a', 'b', 'c', 'd', 'e'].map((Address) => ({ ...row, Address }));
    expect(collect(rule, rows, columns).hits).toHaveLength(5);
  });
});

describe('rows of one entity that meet one event', () => {
  const columns = [...EVENT_COLUMNS, { name: 'Timestamp1', type: 'datetime' as const }];
  const row = eventRow();
  const rows = ['2026-01-01T01:00:00Z', null, '2026-01-01T03:00:00.5Z', '2026-01-01T02:00:00Z'].map((Timestamp1) => ({
    ...row,
    Timestamp1,
  }));
  const identity = { kind: 'event', columns: ['Timestamp', 'DeviceId', 'ReportId'], newest: ['Timestamp1'] } as const;

  it('are one hit, shown by the newest, whatever the order and however few are kept', () => {
    for (const evidence of [20, 1]) {
      for (const given of [rows, [...rows].reverse()]) {
        const { hits } = collect(makeRule({ identity, alert: { evidence } }), given, columns);
        expect(hits.map((hit) => [hit.rowCount, hit.rows.length])).toEqual([[4, Math.min(4, evidence)]]);
        expect(hits[0]?.rows[0]?.Timestamp1).toBe('2026-01-01T03:00:00.5Z');
      }
    }
  });
});

describe('group hits', () => {
  const rule = makeRule({ threshold: { groupBy: ['DeviceId'], operator: '>=', value: 2 } });

  it('are the groups that pass by themselves', () => {
    const { hits, otherKeys } = collect(rule, [eventRow(), eventRow(), eventRow({ DeviceId: 'd2' })]);
    expect(hits.map((hit) => [hit.per, hit.rowCount, hit.rowKeys.length])).toEqual([['group', 2, 2]]);
    expect(otherKeys).toHaveLength(1);
  });

  it('span first and last event, at any precision', () => {
    const { hits } = collect(rule, [
      eventRow({ Timestamp: '2026-01-01T11:50:00.1Z' }),
      eventRow({ Timestamp: '2026-01-01T11:50:00Z' }),
      eventRow({ Timestamp: '2026-01-01T11:50:00.0999999Z' }),
    ]);
    expect(hits[0]).toMatchObject({ firstSeen: '2026-01-01T11:50:00Z', lastSeen: '2026-01-01T11:50:00.1Z' });
  });

  it('aggregate a column per group and say what was no number', () => {
    const sums = makeRule({ threshold: { measure: 'sum', column: 'Count', value: 10, groupBy: ['DeviceId'] } });
    const { hits, warnings } = collect(sums, [
      eventRow({ Count: 6 }),
      eventRow({ Count: '5' }),
      eventRow({ DeviceId: 'd2', Count: null }),
    ]);
    expect(hits).toHaveLength(1);
    expect(warnings).toMatchObject([{ kind: 'not-a-number', columns: ['Count'], rows: 1 }]);
  });

  it('are implied by groupBy; a group rule without it is about the run', () => {
    expect(hitKind(makeRule({ threshold: { groupBy: ['A'] } }))).toBe('group');
    expect(hitKind(makeRule({ alert: { per: 'group' } }))).toBe('run');
    expect(hitKind(makeRule())).toBe('row');
  });
});

describe('run hits', () => {
  const rule = makeRule({ alert: { per: 'run' }, threshold: { operator: '==', value: 0 } });

  it('need no row where a complete answer says zero', () => {
    const collector = createHitCollector(rule, { columns: EVENT_COLUMNS, logicalTime: NOON });
    expect(collector.finish({ complete: true }).hits).toMatchObject([{ per: 'run', rowCount: 0, rowKeys: [] }]);
    const cut = createHitCollector(rule, { columns: EVENT_COLUMNS, logicalTime: NOON });
    expect(cut.finish({ complete: false }).hits).toEqual([]);
    // A workspace without any data answers so.
    const bare = createHitCollector(rule, { columns: [], logicalTime: NOON });
    expect(bare.finish({ complete: true }).hits).toEqual([]);
  });

  it('hold all rows of the run', () => {
    const many = makeRule({ alert: { per: 'run', evidence: 3 } });
    const { hits } = collect(
      many,
      Array.from({ length: 50 }, () => eventRow()),
    );
    expect(hits).toMatchObject([{ rowCount: 50, rowsCut: false }]);
    expect([hits[0]?.rows.length, hits[0]?.rowKeys.length]).toEqual([3, 50]);
  });
});

describe('exceptions', () => {
  it('come before the threshold and leave keys and counts', () => {
    const rule = makeRule({
      threshold: { operator: '>=', value: 2 },
      exceptions: [{ where: { DeviceName: ['pc1'] }, reason: 'r', owner: 'o', expires: NOON + HOUR }],
    });
    const result = collect(rule, [eventRow(), eventRow(), eventRow({ DeviceName: 'pc2' })]);
    expect(result).toMatchObject({ rows: 3, hits: [], excepted: { rows: 2 } });
    expect([result.excepted.keys.length, result.otherKeys.length]).toEqual([2, 1]);
  });

  it('that name unknown columns are told', () => {
    const exception = { where: { Gone: ['x'] }, reason: 'r', owner: 'o', expires: NOON + HOUR };
    const { warnings } = collect(makeRule({ exceptions: [exception] }), [eventRow()]);
    expect(warnings).toMatchObject([{ kind: 'exception-column', columns: ['Gone'] }]);
  });
});

describe('limits', () => {
  it('keep at most 64 KB of rows a hit, but always the first', () => {
    const rule = makeRule({ alert: { per: 'run', evidence: 500 } });
    const big = () => eventRow({ FileName: 'x'.repeat(30_000) });
    const { hits } = collect(rule, [eventRow({ FileName: 'x'.repeat(1_000_000) }), big()]);
    expect(hits).toMatchObject([{ rowCount: 2, rowsCut: true }]);
    expect(hits[0]?.rows).toHaveLength(1);
    expect(collect(rule, [big(), big(), big()]).hits[0]?.rows).toHaveLength(2);
  });

  it('keep one row for the alert even where no evidence is wanted', () => {
    expect(collect(makeRule({ alert: { evidence: 0 } }), [eventRow()]).hits[0]?.rows).toHaveLength(1);
  });

  it('name columns that the rule needs and the result lacks', () => {
    const rule = makeRule({ threshold: { groupBy: ['A'] }, alert: { dedupColumns: ['B'], severityColumn: 'C' } });
    const { warnings } = collect(rule, [{ DeviceId: 'd1' }], columnsOf({ DeviceId: 'string' }));
    expect(warnings).toMatchObject([{ kind: 'missing-column', columns: ['A', 'B', 'C'] }]);
  });
});
