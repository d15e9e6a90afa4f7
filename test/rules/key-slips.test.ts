import { describe, expect, it } from '@jest/globals';
import overlaySchema from '../../schemas/overlay.schema.json' with { type: 'json' };
import ruleSchema from '../../schemas/rule.schema.json' with { type: 'json' };
import { editDistance } from '../../src/lib/nearest.ts';
import { compileSchema } from '../../src/lib/schema-problems.ts';
import { parseRules } from '../../src/rules/load-rules.ts';
import { type ClosedKey, closedKeys, documentWith, type KeySchema, slipsOf } from '../key-slips.ts';
import { loadSet } from './overlays/overlay-folder.ts';
import { problemsOf, ruleText } from './rule-text.ts';

/** What is wrong with how the slips of a key are told; a slip that is another key, or as near to one, says less. */
function mistold({ way, key, all }: ClosedKey, tell: (way: ClosedKey['way']) => readonly string[]): readonly string[] {
  const clear = slipsOf(key).filter((slip) =>
    all.every((one) => one === key || editDistance(slip.toLowerCase(), one.toLowerCase()) > 1),
  );
  return clear.flatMap((slip) => {
    const told = tell([...way, slip]);
    const wanted = `${[...way, slip].join('.')} Unknown key "${slip}". Did you mean "${key}"?`;
    return told.includes(wanted) ? [] : [`${wanted} | ${told.join(' | ')}`];
  });
}

function bySchema(schema: object): (way: ClosedKey['way']) => readonly string[] {
  const problems = compileSchema(schema as Readonly<Record<string, unknown>>);
  return (way) => problems(documentWith(way)).map(({ path, message }) => `${path.join('.')} ${message}`);
}

describe('a slip in a key, whichever letter of whichever key it is', () => {
  it.each([
    ['rules', ruleSchema, 60],
    ['overlays', overlaySchema, 30],
  ])('is told at its place with the key that was meant: %s', (_, schema, least) => {
    const keys = closedKeys(schema as KeySchema);
    expect(keys.length).toBeGreaterThan(least);
    expect(keys.flatMap((key) => mistold(key, bySchema(schema)))).toEqual([]);
  });

  it('stands in the file where the key stands, at any depth', () => {
    const text = ruleText({
      schedule: '{every: 15m, lokback: 1h}',
      alert: '\n  dedup: {colums: [A]}\n  entities: [{type: host, name: DeviceName}]',
      exceptions: '\n  - {where: {A: b}, reson: r, owner: o, expires: 2099-01-01}',
      tests: '\n  - {name: t, row: [], alerts: []}',
    });
    expect(problemsOf(text).filter((line) => line.includes('Unknown key'))).toEqual([
      '5:24 Unknown key "lokback". Did you mean "lookback"?',
      '7:11 Unknown key "colums". Did you mean "columns"?',
      '10:21 Unknown key "reson". Did you mean "reason"?',
      '12:15 Unknown key "row". Did you mean "rows"?',
    ]);
  });

  it('is told in overlays and files of tests where it stands', async () => {
    const { problems } = await loadSet({
      'rules/a.yaml': ruleText(),
      'rules/a.test.yaml': 'tests:\n  - {name: t, rows: [], alert: []}\n',
      'overlays/o.yaml': 'overlays:\n  - match: {id: [some-rule]}\n    set: {alert: {}, supress: 1h}\n',
    });
    const told = problems.map(({ file, line, column, message }) => `${file}:${line}:${column} ${message}`);
    expect(told).toEqual(
      expect.arrayContaining([
        expect.stringContaining('/set/rules/a.test.yaml:2:25 Unknown key "alert". Did you mean "alerts"?'),
        expect.stringContaining('/set/overlays/o.yaml:2:13 Unknown key "id". Did you mean "ids"?'),
        expect.stringContaining('/set/overlays/o.yaml:3:22 Unknown key "supress". Did you mean "suppress"?'),
      ]),
    );
  });
});

describe('a slip in a key of another product’s rule', () => {
  const SENTINEL: Readonly<Record<string, string>> = {
    id: '6d3f9a0e-0f3a-4a5b-8a65-2f1f3f0a1b2c',
    name: 'S',
    kind: 'Scheduled',
    description: 'd',
    severity: 'High',
    query: 'DeviceProcessEvents | where FileName =~ "x.exe"',
    queryFrequency: '1h',
    queryPeriod: '1h',
    triggerOperator: 'gt',
    triggerThreshold: '0',
    tactics: '[Execution]',
    relevantTechniques: '[T1059]',
    suppressionEnabled: 'false',
    suppressionDuration: '5h',
    entityMappings: '[{entityType: Host, fieldMappings: [{identifier: HostName, columnName: DeviceName}]}]',
    customDetails: '{File: FileName}',
    alertDetailsOverride: '{alertDisplayNameFormat: "{{FileName}}", alertDescriptionFormat: "d"}',
    eventGroupingSettings: '{aggregationKind: AlertPerResult}',
  };
  const text = (entries: readonly (readonly [string, string])[]): string =>
    entries.map(([key, value]) => `${key}: ${value}\n`).join('');
  const warned = (yaml: string): readonly string[] =>
    parseRules('s.yaml', yaml).verdicts.flatMap(({ warnings, reason }) => [
      ...warnings.map(({ line, column, message }) => `${line}:${column} ${message}`),
      ...(reason ? [reason] : []),
    ]);
  const told = (slip: string, key: string): RegExp =>
    new RegExp(`The key "${slip}" is not known and changes nothing\\. Did you mean "${key}"\\?`);

  it('is warned of at its place, with the key that was meant', () => {
    const wrong = Object.keys(SENTINEL).flatMap((key, at) => {
      // What tells the format is looked for by these.
      if (['id', 'name', 'kind', 'query', 'queryFrequency'].includes(key)) return [];
      const others = Object.keys(SENTINEL).filter((one) => one !== key);
      // A fifth of them, of each kind and at each letter some: each takes a whole reading.
      return slipsOf(key)
        .filter((_, index) => index % 5 === at % 5)
        .flatMap((slip) => {
          if (
            slip.toLowerCase() === key.toLowerCase() ||
            others.some((one) => editDistance(slip.toLowerCase(), one.toLowerCase()) <= 1)
          )
            return [];
          const lines = warned(text(Object.entries(SENTINEL).map(([one, value]) => [one === key ? slip : one, value])));
          const isTold = lines.some((line) => line.startsWith(`${at + 1}:1 `) && told(slip, key).test(line));
          return isTold ? [] : [`${slip}: ${lines.join(' | ')}`];
        });
    });
    expect(wrong).toEqual([]);
  });

  it.each([
    ['alertDetailsOverride', '{alertDisplayNameFormt: "x"}', 'alertDisplayNameFormt', 'alertDisplayNameFormat'],
    ['eventGroupingSettings', '{agregationKind: AlertPerResult}', 'agregationKind', 'aggregationKind'],
    ['entityMappings', '[{entityType: Host, fieldMapings: []}]', 'fieldMapings', 'fieldMappings'],
  ])('is warned of inside %s, too', (key, value, slip, meant) => {
    const lines = warned(text(Object.entries({ ...SENTINEL, [key]: value })));
    expect(lines).toEqual(expect.arrayContaining([expect.stringMatching(told(slip, meant))]));
  });

  it('has no suggestion where nothing is near', () => {
    expect(warned(`${text(Object.entries(SENTINEL))}ourOwnNotes: x\n`)).toEqual([
      '19:1 The key "ourOwnNotes" is not known and changes nothing.',
    ]);
  });
});
