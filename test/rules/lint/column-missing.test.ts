import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { columnMissing } from '../../../src/rules/lint/column-missing.ts';
import { parseRules } from '../../../src/rules/load-rules.ts';
import type { Rule } from '../../../src/rules/rule.ts';
import { DEFAULT_RETENTION_MS } from '../../../src/rules/shape.ts';
import { analyzed } from '../analyzed.ts';
import { preparedOf } from '../prepared-of.ts';
import { sentinelText } from '../readers/sentinel-text.ts';
import { ruleOf, ruleText } from '../rule-text.ts';

const RETURNED = ['Timestamp', 'DeviceId', 'DeviceName', 'Count', 'Risk'];
const COLUMNS = RETURNED.map((name) => ({ name, type: 'string' }) as const);

function remarksOn(rule: Rule, prepared = preparedOf({ columns: COLUMNS })) {
  return columnMissing
    .check(rule, { prepared, now: 0, retentionMs: DEFAULT_RETENTION_MS })
    .map(({ place, ...remark }) => ({ at: `${place.line}:${place.column}`, ...remark }));
}

const THERE = {
  threshold: '{measure: sum, column: Count, operator: ">", value: 3, groupBy: [DeviceId, DeviceName]}',
  alert:
    '{title: "{{ DeviceName }}: {{Count}}", description: "On {{DeviceId}}", severityColumn: Risk, ' +
    'entities: [{type: host, name: DeviceName, id: DeviceId}], details: {n: Count}, dedup: {columns: [DeviceId]}}',
  exceptions: '[{where: {DeviceName: [a, b]}, reason: because, owner: team, expires: 2026-06-01}]',
};

describe('column-missing', () => {
  it('has nothing against names that the query returns, nor where nobody knows what it returns', () => {
    expect(remarksOn(ruleOf(THERE))).toEqual([]);
    expect(remarksOn(ruleOf({ alert: '{severityColumn: Rsk, title: "{{ }}"}' }), preparedOf())).toEqual([]);
  });

  it('looks at name and description where they stand for what the alert has none of', () => {
    const texts = { ...THERE, name: '"On {{DevName}}"', description: '"By {{User}}"' };
    expect(remarksOn(ruleOf(texts))).toEqual([]);
    const bare = remarksOn(ruleOf({ ...texts, alert: '{severityColumn: Risk}' }));
    expect(bare.map(({ message }) => message)).toEqual([
      '"name" names the column "DevName", which the query does not return.',
      '"description" names the column "User", which the query does not return.',
    ]);
    const { map } = ruleOf(texts);
    expect(bare.map(({ at }) => at)).toEqual(
      [map.textPlace(['name'], 5), map.textPlace(['description'], 5)].map(({ line, column }) => `${line}:${column}`),
    );
  });

  const EXCEPTED = 'a]}, reason: r, owner: o, expires: 2026-06-01}]';
  it.each([
    ['in quotes', `[{where: {"DevName": [${EXCEPTED}`],
    ['in single quotes', `[{where: {'DevName': [${EXCEPTED}`],
    ['behind a tab', `[{where: {\t"DevName":\t[${EXCEPTED}`],
    [
      'as an explicit key',
      '\n  - where:\n      ? "DevName"\n      : [a]\n    reason: r\n    owner: o\n    expires: 2026-06-01',
    ],
    [
      'as a key of a block',
      "\n  - where:\n      'DevName':\n        - a\n    reason: r\n    owner: o\n    expires: 2026-06-01",
    ],
  ])('finds a slip of an exception %s at its word, whatever ends lines', (_, exceptions) => {
    const text = ruleText({ ...THERE, exceptions });
    const lines = text.split('\n');
    const line = lines.findIndex((one) => one.includes('DevName'));
    const at = `${line + 1}:${(lines[line]?.indexOf('DevName') ?? 0) + 1}`;
    for (const form of [text, text.replaceAll('\n', '\r\n')]) {
      const [rule] = parseRules('a.yaml', form).rules;
      expect(rule && remarksOn(rule).map((found) => found.at)).toEqual([at]);
    }
  });

  it.each([
    ['threshold.column', 'threshold', 'Count', 'Cuont'],
    ['threshold.groupBy', 'threshold', 'DeviceId', 'DeviceIdd'],
    ['alert.title', 'alert', 'DeviceName', 'DevicName'],
    ['alert.title', 'alert', 'Count', 'Cunt'],
    ['alert.description', 'alert', 'On {{DeviceId', 'On {{DevicId'],
    ['alert.severityColumn', 'alert', 'Risk', 'Rsik'],
    ['alert.entities.name', 'alert', 'name: DeviceName', 'name: DeviceNam'],
    ['alert.details.n', 'alert', 'n: Count', 'n: Conut'],
    ['alert.dedup.columns', 'alert', 'columns: [DeviceId', 'columns: [DeviceI'],
    ['exceptions.where.DevName', 'exceptions', 'DeviceName', 'DevName'],
  ] as const)('finds a slip in %s, at its place in the file', (by, key, right, wrong) => {
    const slipped = { ...THERE, [key]: THERE[key].replace(right, wrong) };
    const [found, ...others] = remarksOn(ruleOf(slipped));
    const word = /\w+$/.exec(wrong)?.[0] ?? '';
    expect(others).toEqual([]);
    expect(found?.message).toBe(`"${by}" names the column "${word}", which the query does not return.`);
    expect(found?.suggestion).toMatch(
      /^Did you mean "\w+"\? It returns Timestamp, DeviceId, DeviceName, Count, Risk\.$/,
    );
    const lines = ruleText(slipped).split('\n');
    const line = lines.findIndex((one) => one.startsWith(key));
    expect(found?.at).toBe(`${line + 1}:${(lines[line]?.search(new RegExp(`${word}\\b`)) ?? 0) + 1}`);
  });

  it.each([
    ['literal', '|\n    On {{DeviceName}}\n    or {{Nowhere}}', '10:10'],
    ['folded', '>\n    On {{DeviceName}}\n    or {{Nowhere}}', '10:10'],
    ['quoted', '"tab \\t {{Nowhere}}"', '8:20'],
    ['plain', 'it was {{Nowhere}}', '8:19'],
  ])('tells the place of the word in a %s text, whatever ends its lines', (_, text, place) => {
    const lines = `${['id: a', 'name: a', 'severity: high', 'query: T', 'schedule: {every: 1h}', '# \t tabs', 'alert:'].join('\n')}\n  title: ${text}\n`;
    for (const file of [lines, `\uFEFF${lines}`, lines.replaceAll('\n', '\r\n')]) {
      const { rules, problems } = parseRules('some.yaml', file);
      expect(problems).toEqual([]);
      expect(rules.flatMap((rule) => remarksOn(rule)).map(({ at }) => at)).toEqual([place]);
    }
  });

  it('looks at the column in which a path begins, and whether anything can be in it', () => {
    const columns = [
      ...COLUMNS,
      { name: 'Bag', type: 'dynamic' },
      { name: 'Size', type: 'long' },
      { name: 'A.b', type: 'long' },
    ] as const;
    const rule = ruleOf({ alert: '{title: "{{Bag.Key}} {{Risk.Key}} {{A.b}} {{Bga.Key}} {{Size.x[0]}}"}' });
    expect(remarksOn(rule, preparedOf({ columns })).map(({ at, message }) => [at, message])).toEqual([
      ['6:52', '"alert.title" names the column "Bga", which the query does not return.'],
      ['6:64', '"alert.title" names "Size.x[0]", and the column "Size" is of the type long, which has nothing in it.'],
    ]);
  });

  it('tells a column of a title of another product once, though hits are told apart by it, too, and where it stands', () => {
    const custom = {
      id: '7',
      displayName: 'A',
      schedule: { period: '1H' },
      queryCondition: { queryText: 'DeviceEvents | project Timestamp, DeviceId, ReportId' },
      detectionAction: {
        alertTemplate: { title: 'On {{Nope}}', severity: 'low', category: 'Execution', impactedAssets: [] },
      },
    };
    const [rule] = parseRules('a.json', JSON.stringify(custom, null, 2)).rules;
    expect(rule?.alert.dedupColumns).toContain('Nope');
    expect(rule && remarksOn(rule)).toMatchObject([{ at: '12:22', message: expect.stringContaining('"alert.title"') }]);
    const override = '{alertDynamicProperties: [{alertProperty: AlertLink, value: Nope}]}';
    const [other] = parseRules('b.yaml', sentinelText({ alertDetailsOverride: override })).rules;
    const [remark] = other ? remarksOn(other) : [];
    const line = sentinelText({ alertDetailsOverride: override })
      .split('\n')
      .findIndex((one) => one.includes('AlertLink'));
    expect(remark).toMatchObject({
      at: `${line + 1}:${'alertDetailsOverride: {alertDynamicProperties: [{alertProperty: AlertLink, value: '.length + 1}`,
    });
  });

  it('lists what there is where nothing is near, at most thirty names', () => {
    const many = Array.from({ length: 32 }, (_, index) => ({ name: `Column${index}`, type: 'string' }) as const);
    const rule = ruleOf({ alert: '{severityColumn: Elsewhere}' });
    expect(remarksOn(rule)[0]?.suggestion).toBe('It returns Timestamp, DeviceId, DeviceName, Count, Risk.');
    const { suggestion } = remarksOn(rule, preparedOf({ columns: many }))[0] ?? {};
    expect(suggestion).toMatch(/^It returns Column0, .*, Column29, and 2 more\.$/);
  });

  it('tells the right name for whatever letter of one is left out, changed, doubled or swapped', () => {
    const slips = fc.record({
      name: fc.constantFrom('Timestamp', 'DeviceId', 'DeviceName'),
      at: fc.nat(8),
      kind: fc.constantFrom('drop', 'change', 'double', 'swap'),
    });
    fc.assert(
      fc.property(slips, ({ name, at: place, kind }) => {
        const at = place % name.length;
        const [left, letter, right] = [name.slice(0, at), name[at] ?? '', name.slice(at + 1)];
        const slip = {
          drop: left + right,
          change: `${left}X${right}`,
          double: left + letter + letter + right,
          swap: left + right.slice(0, 1) + letter + right.slice(1),
        }[kind];
        fc.pre(!RETURNED.includes(slip));
        const [found] = remarksOn(ruleOf({ alert: `{dedup: {columns: [${slip}]}}` }));
        expect(found?.suggestion).toContain(`Did you mean "${name}"?`);
      }),
    );
  });

  it('goes by what the analysis knows: a warning where a plugin may bring more columns', async () => {
    const closed = await analyzed('DeviceProcessEvents | project Timestamp, DeviceName');
    const open = await analyzed(
      'DeviceProcessEvents | project Timestamp, DeviceName, B = todynamic(FileName) | evaluate bag_unpack(B)',
    );
    const severities = async (name: string) =>
      [closed, open].map((prepared) =>
        remarksOn(ruleOf({ alert: `{severityColumn: ${name}}` }), prepared).map(({ severity = 'error' }) => severity),
      );
    expect(await severities('DeviceNam')).toEqual([['error'], ['warning']]);
    expect(await severities('Unpacked')).toEqual([['error'], []]);
    expect(await severities('DeviceName')).toEqual([[], []]);
  });
});
