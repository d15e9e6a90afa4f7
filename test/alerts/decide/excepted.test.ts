import { describe, expect, it } from '@jest/globals';
import { dedupKeysToFind } from '../../../src/alerts/decide/decide.ts';
import type { DecideInput, Decision } from '../../../src/alerts/decide/decision.ts';
import type { Row } from '../../../src/sources/source.ts';
import { collect, columnsOf, decideOn, eventRow, HOUR, makeRule, NOON, type RuleChanges } from '../samples.ts';

const exceptions = [
  { where: { DeviceName: ['lab*'] }, reason: 'a lab', owner: 'ann', expires: NOON + 100 * HOUR },
  { where: { FileName: ['tool.exe'] }, reason: 'signed', owner: 'bob', expires: NOON + 100 * HOUR },
];
const COLUMNS = columnsOf({ DeviceId: 'string', DeviceName: 'string', FileName: 'string' });
const SET: RuleChanges = { effectiveShape: 'set', identity: { kind: 'columns', columns: ['DeviceId', 'FileName'] } };
const GROUPS: RuleChanges = { ...SET, threshold: { groupBy: ['DeviceId'] }, exceptions };

function at(hours: number, before?: Decision): Partial<DecideInput> {
  const logicalTime = NOON + hours * HOUR;
  return {
    logicalTime,
    window: { from: logicalTime - HOUR, to: logicalTime },
    known: new Map(before?.keys.map((one) => [one.key, one])),
    quiet: new Map(before?.quiet.map((one) => [one.dedupKey, one])),
  };
}

function decideRows(changes: RuleChanges, rows: readonly Row[], input: Partial<DecideInput> = {}): Decision {
  const rule = makeRule(changes);
  return decideOn(rule, collect(rule, rows, COLUMNS), input);
}

const ROW = { DeviceId: 'd1', DeviceName: 'pc1', FileName: 'bad.exe' };
const TOOL = { ...ROW, FileName: 'tool.exe' };

describe('rows that exceptions take out', () => {
  it('are told with the alert of their group', () => {
    const decision = decideRows(GROUPS, [ROW, TOOL, { ...TOOL, DeviceId: 'd2' }], at(0));
    expect(decision).toMatchObject({ toldHits: 1, told: [{ held: { excepted: 1 } }], suppressed: { excepted: 2 } });
  });

  it('are told with the next one where none comes now, each once', () => {
    const first = decideRows(GROUPS, [ROW], at(0));
    const second = decideRows(GROUPS, [TOOL], at(2, first));
    expect(second).toMatchObject({ toldHits: 0, quiet: [{ held: { excepted: 1 } }] });
    const again = decideRows(GROUPS, [TOOL], at(2.5, { ...second, keys: [...first.keys, ...second.keys] }));
    expect(again.suppressed.excepted).toBe(1);
    expect(again.quiet).toEqual([]);
    const third = decideRows(GROUPS, [ROW], at(4, second));
    expect(third).toMatchObject({ toldHits: 1, told: [{ held: { excepted: 1 } }] });
  });

  it('are told once of a stream, however often its windows read them', () => {
    const stream: RuleChanges = { exceptions, alert: { dedupColumns: ['DeviceId'], suppressMs: HOUR } };
    const rule = makeRule(stream);
    const [bad, tool] = [
      eventRow({ DeviceId: 'd1', FileName: 'bad.exe' }),
      eventRow({ DeviceId: 'd1', FileName: 'tool.exe' }),
    ];
    const first = decideOn(rule, collect(rule, [bad, tool]), at(0));
    expect(first.told).toMatchObject([{ held: { excepted: 1 } }]);
    const again = decideOn(rule, collect(rule, [tool]), at(0.1, first));
    expect([again.suppressed.excepted, again.quiet]).toEqual([1, []]);
  });

  it('that stand for themselves in a stream ask for nothing', () => {
    const rule = makeRule({ exceptions });
    expect(dedupKeysToFind(collect(rule, [eventRow({ DeviceName: 'lab1' })]))).toEqual([]);
  });

  it('are counted by exception, in the order of the rule', () => {
    const lab = { ...ROW, DeviceName: 'lab1' };
    const { excepted } = collect(makeRule(GROUPS), [TOOL, lab, { ...lab, DeviceId: 'd2' }, ROW], COLUMNS);
    expect(excepted).toMatchObject({
      rows: 3,
      by: [
        { reason: 'a lab', owner: 'ann', rows: 2 },
        { reason: 'signed', owner: 'bob', rows: 1 },
      ],
    });
  });
});
