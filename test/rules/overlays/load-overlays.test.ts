import { describe, expect, it } from '@jest/globals';
import { HOUR_MS } from '../../../src/lib/duration.ts';
import type { Rule } from '../../../src/rules/rule.ts';
import { ruleText } from '../rule-text.ts';
import { loadSet } from './overlay-folder.ts';

const RULE = ruleText({ tags: '[office]', attack: '[T1059.001]' });

async function ruleWith(overlays: string, rule = RULE, more: Readonly<Record<string, string>> = {}): Promise<Rule> {
  const { rules, problems } = await loadSet({ 'rules/a.yaml': rule, 'overlays/x.yaml': overlays, ...more });
  expect(problems).toEqual([]);
  const [first] = rules;
  if (!first) throw new Error('no rule');
  return first;
}

async function problemsWith(overlays: string): Promise<readonly string[]> {
  const { problems } = await loadSet({ 'rules/a.yaml': RULE, 'overlays/x.yaml': overlays });
  return problems.map((one) => `${one.file}:${one.line}:${one.column} ${one.message}`);
}

const ALL = `overlays:
  - match: {ids: [some-rule]}
    set:
      schedule: {every: 1h, lookback: 2h}
      window: event
      severity: low
      status: testing
      targets: [soar]
      exceptions: [{where: {DeviceName: build}, reason: r, owner: o, expires: 2030-01-01}]
      dedup: {columns: [DeviceId]}
      suppress: 4h
      resolveAfter: 2h
      updates: {every: 30m, when: severity}
      entities: [{type: host, name: DeviceName}]
      details: {Command: ProcessCommandLine}
      params: {least: 3}
`;

describe('overlays', () => {
  it('say all that they may, and the hash is of what the rule says then', async () => {
    const plain = await ruleWith('overlays: [{match: {}, set: {targets: [soar]}}]');
    const rule = await ruleWith(ALL);
    expect(rule).toMatchObject({
      schedule: { kind: 'every', everyMs: HOUR_MS, lookbackMs: 2 * HOUR_MS },
      window: { basis: 'event' },
      severity: 'low',
      status: 'testing',
      targets: ['soar'],
      exceptions: [{ where: { DeviceName: ['build'] }, owner: 'o' }],
      params: { least: 3 },
      alert: {
        dedupColumns: ['DeviceId'],
        suppressMs: 4 * HOUR_MS,
        resolveAfterMs: 2 * HOUR_MS,
        updates: { everyMs: HOUR_MS / 2, when: 'severity' },
        details: { Command: 'ProcessCommandLine' },
      },
    });
    expect(rule.alert.entities).toEqual([{ type: 'host', fields: { name: 'DeviceName' } }]);
    expect(rule.hash).not.toBe(plain.hash);
  });

  it('leave the hash as it is where they say nothing that decides what is found', async () => {
    const { rules } = await loadSet({ 'rules/a.yaml': RULE });
    expect((await ruleWith('overlays: [{match: {}, set: {status: testing, targets: [x]}}]')).hash).toBe(rules[0]?.hash);
    expect((await ruleWith('overlays: [{match: {}, set: {severity: high}}]')).hash).toBe(rules[0]?.hash);
    expect((await ruleWith('overlays: [{match: {}, set: {severity: low}}]')).hash).not.toBe(rules[0]?.hash);
  });

  it('make the hash of a rule whose file says the same', async () => {
    const { rules } = await loadSet({ 'rules/a.yaml': `${RULE}alert: {suppress: 4h}\n` });
    expect((await ruleWith('overlays: [{match: {}, set: {suppress: 4h}}]')).hash).toBe(rules[0]?.hash);
  });

  it.each([
    ['{ids: [SOME-rule, other]}', true],
    ['{ids: [other]}', false],
    ['{globs: [some-*]}', true],
    ['{globs: ["rules/*.yaml"]}', true],
    ['{globs: ["rule/*.yaml"]}', false],
    ['{tags: [x, Office]}', true],
    ['{tactics: [execution]}', true],
    ['{tactics: [TA0002]}', true],
    ['{tactics: [Impact]}', false],
    ['{severities: [low, high]}', true],
    ['{severities: [low]}', false],
    ['{tags: [office], severities: [high]}', true],
    ['{tags: [office], severities: [low]}', false],
  ])('match %s: %s', async (match, fits) => {
    const rule = await ruleWith(`overlays: [{match: ${match}, set: {status: disabled}}]`);
    expect(rule.status).toBe(fits ? 'disabled' : 'enabled');
  });

  it('match what the file says, whatever others have said before', async () => {
    const rule = await ruleWith(
      'overlays: [{match: {}, set: {severity: low}}, {match: {severities: [high]}, set: {status: testing}}, {match: {severities: [low]}, set: {status: disabled}}]',
    );
    expect(rule).toMatchObject({ severity: 'low', status: 'testing' });
  });

  it('replace in the order of files and entries; exceptions and entities are added', async () => {
    const entry = (name: string): string =>
      `{match: {}, set: {suppress: ${name}h, targets: [t${name}], exceptions: [{where: {A: x${name}}, reason: r, owner: o, expires: 2030-01-01}], entities: [{type: ip, address: C${name}}]}}`;
    const rule = await ruleWith(`overlays: [${entry('1')}, ${entry('2')}]`, RULE, {
      'overlays/y.yaml': `overlays: [${entry('3')}]`,
      'overlays/a/z.yaml': `overlays: [${entry('4')}]`,
    });
    expect(rule.targets).toEqual(['t3']);
    expect(rule.exceptions.map(({ where }) => where.A?.[0])).toEqual(['x4', 'x1', 'x2', 'x3']);
    expect(rule.alert.entities?.map(({ fields }) => fields.address)).toEqual(['C4', 'C1', 'C2', 'C3']);
  });

  it('keep the entities that are inferred where a rule lists none, and of params those not named', async () => {
    expect((await ruleWith('overlays: [{match: {}, set: {entities: [{type: host, name: X}]}}]')).alert.inferred).toBe(
      true,
    );
    const rule = await ruleWith(
      'overlays: [{match: {}, set: {params: {a: 2}, entities: [{type: host, name: X}]}}]',
      `${RULE}params: {a: 1, b: 1}\nalert: {entities: [{type: host, name: DeviceName}]}\n`,
    );
    expect(rule.params).toEqual({ a: 2, b: 1 });
    expect(rule.alert.inferred).toBeUndefined();
    expect(rule.alert.entities).toHaveLength(2);
  });

  it('have the place of what they say in their own file', async () => {
    const rule = await ruleWith(
      ALL,
      `${RULE}exceptions: [{where: {A: x}, reason: r, owner: o, expires: 2030-01-01}]\n`,
    );
    expect(rule.map.placeOf(['schedule', 'every'])).toEqual({ line: 4, column: 18, file: '/set/overlays/x.yaml' });
    expect(rule.map.placeOf(['alert', 'details', 'Command'])).toMatchObject({ line: 15, file: '/set/overlays/x.yaml' });
    expect(rule.map.placeOf(['exceptions', 0]).file).toBeUndefined();
    expect(rule.map.placeOf(['exceptions', 1, 'expires'])).toMatchObject({ line: 9, file: '/set/overlays/x.yaml' });
    expect(rule.map.textPlace(['alert', 'dedup', 'columns', 0], 0)).toMatchObject({ line: 10, column: 25 });
    expect(rule.map.placeOf(['name'])).toEqual({ line: 2, column: 1 });
    expect(rule.map.placeOf(['params', 'other']).file).toBeUndefined();
  });

  it('tell each mistake where it stands, and the nearest key', async () => {
    expect(await problemsWith('overlays:\n  - match: {id: [a]}\n    set: {severty: low}\n')).toEqual([
      '/set/overlays/x.yaml:2:13 Unknown key "id". Did you mean "ids"?',
      '/set/overlays/x.yaml:3:11 Unknown key "severty". Did you mean "severity"?',
    ]);
    expect(
      await problemsWith(
        'overlays:\n  - match: {tactics: [executon]}\n    set: {schedule: {cron: "* *"}, exceptions: [{where: {A: b}, reason: r, owner: o, expires: 2030-02-30}]}\n',
      ),
    ).toEqual([
      '/set/overlays/x.yaml:2:23 "executon" is no tactic of ATT&CK. Did you mean "execution"?',
      expect.stringContaining('/set/overlays/x.yaml:3:28 "cron" has 2 fields'),
      expect.stringContaining('"2030-02-30" is no date'),
    ]);
    expect(await problemsWith('overlays: []\n')).toEqual(['/set/overlays/x.yaml:1:11 "overlays" must not be empty.']);
    expect(await problemsWith('- a\n')).toEqual(['/set/overlays/x.yaml:1:1 The document must be a map.']);
  });

  it('may repeat what stands in a merged block', async () => {
    const rule = await ruleWith(`overlays:
  - match: {tags: [other]}
    set: &quiet {suppress: 1h, targets: [soar]}
  - match: {ids: [some-rule]}
    set:
      <<: *quiet
      suppress: 2h
`);
    expect(rule).toMatchObject({ targets: ['soar'], alert: { suppressMs: 2 * HOUR_MS } });
    expect(rule.map.placeOf(['targets'])).toEqual({ line: 3, column: 32, file: '/set/overlays/x.yaml' });
  });

  it('are no obstacle where there are none, and told where their folder holds other files alone', async () => {
    const { problems } = await loadSet({ 'rules/a.yaml': RULE, 'overlays/readme.txt': '' });
    expect(problems.map(({ message }) => message)).toEqual(['There is no overlay file (*.yaml, *.yml) here.']);
  });
});

describe('overlays over rules of other products', () => {
  const SENTINEL = `id: 11111111-2222-4333-8444-555555555555
name: Encoded PowerShell
kind: Scheduled
severity: Medium
query: |
  DeviceProcessEvents
  | where ProcessCommandLine has "-enc"
queryFrequency: 1h
queryPeriod: 1h
triggerOperator: gt
triggerThreshold: 0
tactics: [Execution]
relevantTechniques: [T1059.001]
`;

  it('say what their files do not, which stay as they are', async () => {
    const { rules, problems, refusals } = await loadSet({
      'rules/vendor/a.yaml': SENTINEL,
      'overlays/x.yaml':
        'overlays:\n  - match: {globs: ["vendor/**"], tactics: [execution], severities: [medium]}\n    set:\n      schedule: {every: 30m, lookback: 2h}\n      targets: [soar]\n      suppress: 4h\n',
    });
    expect([problems, refusals]).toEqual([[], []]);
    expect(rules).toHaveLength(1);
    expect(rules[0]).toMatchObject({
      schedule: { kind: 'every', everyMs: HOUR_MS / 2, lookbackMs: 2 * HOUR_MS },
      targets: ['soar'],
      alert: { suppressMs: 4 * HOUR_MS },
    });
    expect(rules[0]?.map.placeOf(['schedule'])).toEqual({ line: 4, column: 7, file: '/set/overlays/x.yaml' });
    expect(rules[0]?.map.file).toBe('/set/rules/vendor/a.yaml');
  });
});

describe('defaults.yaml', () => {
  const files = {
    'rules/a.yaml': RULE,
    'rules/office/b.yaml': RULE.replace('some-rule', 'deeper'),
    'rules/defaults.yaml': 'targets: [outer]\nsuppress: 1h\n',
    'rules/office/defaults.yaml': 'set: {targets: [inner]}\n',
  };
  const targetsOf = async (more: Readonly<Record<string, string>> = {}, paths?: string[]) => {
    const { rules, problems } = await loadSet({ ...files, ...more }, paths);
    expect(problems).toEqual([]);
    return rules.map(({ id, targets, alert }) => [id, targets?.[0], alert.suppressMs]);
  };

  it('is laid over the rules of its folder, an inner one over an outer one, and is no rule', async () => {
    expect(await targetsOf()).toEqual([
      ['some-rule', 'outer', HOUR_MS],
      ['deeper', 'inner', HOUR_MS],
    ]);
  });

  it('lies below all overlays', async () => {
    expect(
      await targetsOf({ 'overlays/x.yaml': 'overlays: [{match: {ids: [deeper]}, set: {targets: [over]}}]' }),
    ).toEqual([
      ['some-rule', 'outer', HOUR_MS],
      ['deeper', 'over', HOUR_MS],
    ]);
  });

  it('counts from the outermost folder of rules on, also where one file is asked for', async () => {
    expect(await targetsOf({}, ['/set/rules/office/b.yaml'])).toEqual([['deeper', 'inner', HOUR_MS]]);
  });

  it('tells its mistakes', async () => {
    const { problems } = await loadSet({ 'rules/a.yaml': RULE, 'rules/defaults.yaml': 'targts: [x]\nsuppress: 4 h\n' });
    expect(problems.map((one) => `${one.file}:${one.line}:${one.column} ${one.message}`)).toEqual([
      '/set/rules/defaults.yaml:1:1 Unknown key "targts". Did you mean "targets"?',
      expect.stringMatching(/^\/set\/rules\/defaults\.yaml:2:11 "suppress" is not in the right form/),
    ]);
  });
});
