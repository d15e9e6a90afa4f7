import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Alert } from '../../../src/alerts/alert.ts';
import { groupAlertId, mergedAlertId, rowAlertIds, runAlertId } from '../../../src/alerts/alert-id.ts';
import type { AlertContext } from '../../../src/alerts/map/alert-context.ts';
import { createAlertMapper } from '../../../src/alerts/map/map-alert.ts';
import { validateAlert } from '../../../src/alerts/map/validate-alert.ts';
import type { Column } from '../../../src/kql/types.ts';
import type { Cell, Row } from '../../../src/sources/source.ts';
import { anyCharacter } from '../../any-character.ts';
import {
  collect,
  columnsOf,
  decideOn,
  EVENT_COLUMNS,
  eventRow,
  makeContext,
  makeRule,
  NOON,
  type RuleChanges,
} from '../samples.ts';

const ID_SCOPE = { tenant: 'contoso', ruleId: 'sample', logicalTime: NOON };
const SET_OF_DEVICES: RuleChanges = { effectiveShape: 'set', identity: { kind: 'columns', columns: ['DeviceId'] } };

function mapAll(
  changes: RuleChanges,
  rows: readonly Row[],
  { columns = EVENT_COLUMNS, context = {} }: { columns?: readonly Column[]; context?: Partial<AlertContext> } = {},
): readonly Alert[] {
  const rule = makeRule(changes);
  const map = createAlertMapper(makeContext(rule, context));
  return decideOn(rule, collect(rule, rows, columns)).told.map(map);
}

function mapOne(changes: RuleChanges, row: Row, columns: readonly Column[] = EVENT_COLUMNS): Alert {
  const [alert] = mapAll(changes, [row], { columns });
  if (!alert) throw new Error('no alert was made');
  return alert;
}

describe('an alert', () => {
  it('says what the rule, the run and the row say', () => {
    const row = eventRow();
    const alert = mapOne({ attack: ['TA0002', 'T1059.001', 'T1204'], alert: { details: { File: 'FileName' } } }, row);
    expect(alert).toMatchObject({
      schemaVersion: '1.1',
      links: {},
      acknowledged: null,
      revision: 0,
      kind: 'detection',
      status: 'firing',
      time: '2026-01-01T12:00:01Z',
      tenant: 'contoso',
      rule: { id: 'sample', version: '1.0.0', tags: ['test'] },
      title: 'powershell.exe on pc1',
      description: 'A rule for tests.',
      severity: 'medium',
      attack: [
        { tactic: 'TA0002', technique: 'T1059.001' },
        { tactic: 'TA0002', technique: 'T1204' },
      ],
      window: { from: '2026-01-01T11:00:00Z', to: '2026-01-01T12:00:00Z', basis: 'ingestion' },
      firstSeen: '2026-01-01T11:50:00Z',
      lastSeen: '2026-01-01T11:50:00Z',
      rowCount: 1,
      details: { File: 'powershell.exe' },
      evidence: [row],
      runId: 'run-1',
      source: 'graph',
    });
    expect(alert).not.toHaveProperty('mappingErrors');
    validateAlert(alert);
  });

  it('keeps its id and content when it is made again, whatever run makes it', () => {
    const row = eventRow();
    const [one] = mapAll({}, [row]);
    const [again] = mapAll({}, [row], { context: { runId: 'run-2', logicalTime: 5 } });
    expect(again?.id).toBe(one?.id);
    const [elsewhere] = mapAll({}, [row], { context: { tenant: 'fabrikam' } });
    expect(elsewhere?.id).not.toBe(one?.id);
  });

  it.each<[string, RuleChanges, (key: string, dedupKey: string) => string]>([
    ['a row of a stream', {}, (key) => rowAlertIds(ID_SCOPE)(key)],
    [
      'a row of a stream that is merged',
      { alert: { dedupColumns: ['DeviceId'] } },
      (key, dedupKey) => mergedAlertId(ID_SCOPE, dedupKey, key),
    ],
    ['a group of a stream', { threshold: { groupBy: ['DeviceId'] } }, (key) => groupAlertId(ID_SCOPE, key)],
    [
      'a group of a stream that is merged',
      { threshold: { groupBy: ['DeviceId'] }, alert: { dedupColumns: ['DeviceName'] } },
      (key) => groupAlertId(ID_SCOPE, key),
    ],
    ['a run', { alert: { per: 'run' } }, () => runAlertId(ID_SCOPE)],
    ['a row of a set', SET_OF_DEVICES, (key) => groupAlertId(ID_SCOPE, key)],
    [
      'a row of a set that is merged',
      { ...SET_OF_DEVICES, alert: { dedupColumns: ['DeviceName'] } },
      (_key, dedupKey) => groupAlertId(ID_SCOPE, dedupKey),
    ],
  ])('has the id of %s', (_name, changes, idOf) => {
    const rule = makeRule(changes);
    const collected = collect(rule, [eventRow()]);
    const [hit] = collected.hits;
    const [told] = decideOn(rule, collected).told;
    if (!hit || !told) throw new Error('nothing was told');
    expect(createAlertMapper(makeContext(rule))(told).id).toBe(idOf(hit.key, hit.dedupKey));
  });

  it('of a set has the time of its run in the id, as the same group can come again', () => {
    const changes: RuleChanges = { effectiveShape: 'set', identity: { kind: 'columns', columns: ['DeviceId'] } };
    const row = eventRow();
    const [one] = mapAll(changes, [row]);
    const [later] = mapAll(changes, [row], { context: { logicalTime: 5 } });
    expect(later?.id).not.toBe(one?.id);
  });

  it('of a run without rows stands on the time of the run', () => {
    const [alert] = mapAll({ alert: { per: 'run' }, threshold: { operator: '==', value: 0 } }, []);
    expect(alert).toMatchObject({
      rowCount: 0,
      evidence: [],
      firstSeen: '2026-01-01T12:00:00Z',
      lastSeen: '2026-01-01T12:00:00Z',
      title: 'Sample rule',
    });
    validateAlert(alert);
  });

  it('of several hits sums them up', () => {
    const [alert] = mapAll({ alert: { dedupColumns: ['DeviceId'], evidence: 2 } }, [
      eventRow({ Timestamp: '2026-01-01T11:10:00Z' }),
      eventRow({ Timestamp: '2026-01-01T11:05:00Z' }),
      eventRow({ Timestamp: '2026-01-01T11:20:00.1234567Z' }),
    ]);
    expect(alert).toMatchObject({
      rowCount: 3,
      firstSeen: '2026-01-01T11:05:00Z',
      lastSeen: '2026-01-01T11:20:00.1234567Z',
    });
    expect(alert?.evidence).toHaveLength(2);
  });
});

describe('templates', () => {
  it.each<[string, Row, string]>([
    ['{{ FileName }}!', { FileName: 'a.exe' }, 'a.exe!'],
    ['{{Count}} of {{Tags}}', { Count: 3, Tags: ['x'] }, '3 of ["x"]'],
    ['{{Gone}}-{{FileName}}', { FileName: null }, '-'],
    ['{{FileName}}', { FileName: '' }, 'Sample rule'],
    ['{{FileName}}', { FileName: '{{Count}}', Count: 1 }, '{{Count}}'],
    ['{{FileName}}', { FileName: 'a\r\n\u0000b\ud800' }, 'a b\ufffd'],
    ['{{constructor}}x{{__proto__}}', {}, 'x'],
  ])('%s of %j is %j', (title, row, expected) => {
    expect(mapOne({ alert: { title } }, row).title).toBe(expected);
  });

  it('cuts a title to 512 characters and a description to 8,192, line breaks kept', () => {
    const alert = mapOne(
      { alert: { title: '{{FileName}}', description: 'a\n{{FileName}}' } },
      eventRow({ FileName: 'x'.repeat(20_000) }),
    );
    expect([alert.title.length, alert.description.length]).toEqual([512, 8192]);
    expect(alert.description.startsWith('a\nx')).toBe(true);
  });
});

describe('what cannot be mapped', () => {
  it('names columns that the result lacks', () => {
    const alert = mapOne(
      {
        alert: {
          title: '{{Nope}}',
          details: { X: 'Missing' },
          entities: [{ type: 'host', fields: { id: 'NoId', name: 'DeviceName' } }],
          severityColumn: 'NoRisk',
        },
      },
      eventRow(),
    );
    expect(alert.mappingErrors?.map((one) => one.column)).toEqual(['Nope', 'Missing', 'NoId', 'NoRisk']);
    expect(alert).toMatchObject({
      severity: 'medium',
      details: { X: null },
      entities: [{ type: 'host', name: 'pc1' }],
    });
  });

  it('says so of a severity that is none', () => {
    const columns = [...EVENT_COLUMNS, { name: 'Risk', type: 'string' as const }];
    const alert = mapOne({ alert: { severityColumn: 'Risk' } }, eventRow({ Risk: 'awful' }), columns);
    expect(alert.mappingErrors).toEqual([{ column: 'Risk', message: expect.stringContaining('"awful"') }]);
  });

  it('holds no half characters of what a rule file says either', () => {
    const half = 'a\ud800';
    const origin = { format: 'sentinel', data: { [half]: [half, '\\ud800'] } } as const;
    const said = { name: half, tags: [half], references: [half], runbook: half, falsePositives: [half], origin };
    const alert = mapOne({ ...said, alert: { details: { [half]: 'FileName' } } }, eventRow());
    validateAlert(alert);
    expect(JSON.stringify(alert)).not.toMatch(/[^\\]\\ud[89a-f]/i);
    expect(alert.rule).toMatchObject({
      name: 'a\ufffd',
      tags: ['a\ufffd'],
      origin: { data: { 'a\ufffd': ['a\ufffd', '\\ud800'] } },
    });
    expect(Object.keys(alert.details)).toEqual(['a\ufffd']);
  });

  const deep = (levels: number): Cell => (levels === 0 ? 1 : [deep(levels - 1)]);
  it.each<[string, Cell]>([
    ['null', null],
    ['nested', { a: [{ b: null }], __proto__x: {} }],
    ['nested too deep', deep(500)],
    ['1 MB of text', 'é'.repeat(1_000_000)],
    ['1 MB nested', Array.from({ length: 100_000 }, () => 'abcdefgh')],
    ['control characters', '\u0000\u001b[31m\r\n\u0085'],
    ['lone surrogates', '\ud800 \udfff'],
    ['not a number', Number.NaN],
    ['a prototype', JSON.parse('{"__proto__":{"polluted":true}}')],
    ['a toJSON key', { toJSON: 'x' }],
  ])('survives a cell that is %s', (_, cell) => {
    const columns = columnsOf({ Timestamp: 'datetime', DeviceName: 'string', FileName: 'dynamic' });
    const alert = mapOne(
      { alert: { title: '{{FileName}}', description: '{{FileName}}', details: { F: 'FileName' } } },
      { Timestamp: '2026-01-01T11:50:00Z', DeviceName: 'pc1', FileName: cell },
      columns,
    );
    validateAlert(alert);
    const text = JSON.stringify(alert);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(256 * 1024);
    expect(text).not.toMatch(/\\ud[89a-f]/i);
    expect(alert.evidence).toHaveLength(1);
    expect(JSON.parse(text)).toEqual(alert);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('keeps columns with names of prototypes', () => {
    const row = JSON.parse('{"__proto__":"x","constructor":"y"}') as Row;
    const columns = ['__proto__', 'constructor'].map((name) => ({ name, type: 'string' as const }));
    const alert = mapOne({ alert: { title: '{{__proto__}} {{constructor}}', entities: [] } }, row, columns);
    expect(alert.title).toBe('x y');
    expect(JSON.stringify(alert.evidence)).toBe('[{"__proto__":"x","constructor":"y"}]');
  });

  it('becomes a bare alert with the raw row where mapping itself fails', () => {
    const row = eventRow();
    const alert = mapOne({ alert: { entities: [{ type: 'car' as never, fields: { name: 'DeviceName' } }] } }, row);
    validateAlert(alert);
    expect(alert).toMatchObject({
      title: 'Sample rule',
      entities: [],
      evidence: [row],
      mappingErrors: [{ column: '*' }],
    });
  });

  it('throws where the rule itself breaks the schema, which no row can do', () => {
    expect(() => mapOne({ severity: 'awful' as never }, eventRow())).toThrow('/severity');
  });

  it('notes what was cut', () => {
    const alert = mapOne({}, eventRow({ FileName: 'x'.repeat(20_000) }));
    expect(alert.mappingErrors).toEqual([{ column: 'FileName', message: '20000 characters were cut to 16384.' }]);
  });

  it('makes a valid alert of any row', () => {
    const cell = fc.oneof(fc.string({ unit: anyCharacter }), fc.double(), fc.jsonValue()) as fc.Arbitrary<Cell>;
    const row = fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('DeviceName', 'FileName', 'Timestamp')), cell);
    fc.assert(
      fc.property(row, (one) => {
        const columns = Object.keys(one).map((name) => ({ name, type: 'dynamic' as const }));
        const alert = mapOne({}, one, columns);
        expect(() => validateAlert(alert)).not.toThrow();
        expect(alert.evidence).toHaveLength(1);
      }),
    );
  });
});

describe('limits', () => {
  it('keep evidence to 64 KB and say what is missing', () => {
    const rows = Array.from({ length: 30 }, () => eventRow({ FileName: 'é'.repeat(2000) }));
    const [alert] = mapAll({ alert: { per: 'run', evidence: 30 } }, rows);
    expect(alert).toMatchObject({ rowCount: 30, evidenceTruncated: true });
    expect(Buffer.byteLength(JSON.stringify(alert?.evidence))).toBeLessThanOrEqual(64 * 1024);
    expect(alert?.evidence.length).toBeGreaterThan(10);
  });

  it('carry as many rows as the rule says, none if it says so', () => {
    const rows = Array.from({ length: 5 }, () => eventRow());
    expect(mapAll({ alert: { per: 'run', evidence: 3 } }, rows)[0]?.evidence).toHaveLength(3);
    const [none] = mapAll({ alert: { per: 'run', evidence: 0 } }, rows);
    expect(none).toMatchObject({ evidence: [], title: 'powershell.exe on pc1' });
    expect(none).not.toHaveProperty('evidenceTruncated');
  });
});
