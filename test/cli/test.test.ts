import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runCli } from '../../src/cli/cli.ts';
import { test as testVerb } from '../../src/cli/test.ts';
import { createFakeWorld } from './fake-world.ts';

const RULE = `# the rule
id: x-started
name: X started
severity: high   # for good
query: |
  DeviceProcessEvents
  | where FileName =~ "x.exe"
  | where ProcessCommandLine has "-y"
schedule: {every: 1h}
alert: {title: "{{FileName}} on {{DeviceName}}"}
`;
const EVENT = '{FileName: x.exe, ProcessCommandLine: "x -y", DeviceName: pc1}';

const tests = (...all: readonly string[]): string => `tests:\n${all.join('')}`;
const snapshot = (name: string, event = EVENT, alerts = '    alerts: []   # to be written\n'): string =>
  `  - name: ${name}\n    snapshot: true\n    tables:\n      DeviceProcessEvents: [${event}]\n${alerts}`;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'test-verb-'));
  mkdirSync(join(folder, 'rules'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string): void => writeFileSync(join(folder, 'rules', name), text);
const read = (name: string): string => readFileSync(join(folder, 'rules', name), 'utf8');

async function runTests(...options: readonly string[]) {
  const world = createFakeWorld(folder);
  const code = await runCli(['test', ...options], world, [testVerb]);
  return { code, out: world.out(), err: world.err() };
}

describe('test --update', () => {
  it('writes what came, shows the diff, keeps all else, and the next run passes', async () => {
    write(
      'a.yaml',
      RULE + tests(snapshot('told'), '  # between\n', snapshot('none', '{FileName: y.exe}', '    alerts: []\n')),
    );
    const failing = await runTests();
    expect([failing.code, failing.out]).toEqual([1, expect.stringContaining('alerts.length: expected 0, got 1')]);
    const { code, out } = await runTests('--update');
    expect(code).toBe(0);
    expect(out).toContain('--- a/rules/a.yaml\n+++ b/rules/a.yaml\n');
    expect(out).toContain(
      '\n-    alerts: []   # to be written\n+    alerts:   # to be written\n+      - title: x.exe on pc1\n',
    );
    expect(out).toContain('new  x-started: told\nok   x-started: none\n1 rule: 2 tests passed, 0 failed, 1 updated.\n');
    const made = read('a.yaml');
    const [head = '', tail = ''] = made.split(/ {4}alerts: {3}# to be written\n(?: {6}.*\n)+/);
    expect(head).toBe(RULE + tests(snapshot('told')).replace('    alerts: []   # to be written\n', ''));
    expect(tail).toBe(`  # between\n${snapshot('none', '{FileName: y.exe}', '    alerts: []\n')}`);
    expect(await runTests()).toMatchObject({ code: 0, out: expect.stringContaining('2 tests passed, 0 failed.') });
    expect((await runTests('--update')).out).not.toContain('---');
    expect(read('a.yaml')).toBe(made);
    expect(readdirSync(join(folder, 'rules'))).toEqual(['a.yaml']);
  });

  it('fails a snapshot that says less than what came, and says what', async () => {
    write('a.yaml', RULE + tests(snapshot('told', EVENT, '    alerts: [{title: x.exe on pc1}]\n')));
    const { code, out } = await runTests();
    expect([code, out]).toEqual([1, expect.stringContaining('alerts[0].severity: expected null, got "high"')]);
  });

  it('leaves tests alone that are not marked, and those whose run failed', async () => {
    const plain = `  - name: plain\n    rows: [${EVENT}]\n    alerts: []\n`;
    const unseen = snapshot('unseen', '{FileName: x.exe, ProcessCommandLine: -y, Timestamp: 2025-01-01}');
    const broken = snapshot('broken', '{FileNam: x.exe}');
    const text = RULE + tests(plain, unseen, broken);
    write('a.yaml', text);
    const { code, out } = await runTests('--update');
    expect([code, out]).toEqual([1, expect.stringContaining('0 tests passed, 3 failed.')]);
    expect(read('a.yaml')).toBe(text);
  });

  it('leaves a test alone that tells the same again a minute later', async () => {
    const query = 'DeviceProcessEvents | extend at = tostring(now()) | summarize n = count() by DeviceName, at';
    const text = `id: a\nname: A\nseverity: low\nquery: ${query}\nschedule: {every: 1h, lookback: 1h}\n${tests(snapshot('again'))}`;
    write('a.yaml', text);
    const { code, out } = await runTests('--update');
    expect([code, out]).toEqual([1, expect.stringContaining('a second run over the same data')]);
    expect(read('a.yaml')).toBe(text);
  });

  it('writes the file beside a rule of another product', async () => {
    const sentinel =
      'id: 6d3f9a0e-0f3a-4a5b-8a65-2f1f3f0a1b2c\nname: S\nkind: Scheduled\nseverity: High\nquery: |\n  DeviceProcessEvents | where FileName =~ "x.exe"\nqueryFrequency: 1h\nqueryPeriod: 1h\ntriggerOperator: gt\ntriggerThreshold: 0\ntactics: []\n';
    write('s.yaml', sentinel);
    write('s.test.yaml', tests(snapshot('told')));
    expect((await runTests('--update')).code).toBe(0);
    expect([read('s.yaml'), read('s.test.yaml')]).toEqual([sentinel, expect.stringContaining('title: S')]);
    expect((await runTests()).code).toBe(0);
  });

  it('writes no list that something else shares, and says so', async () => {
    const text =
      RULE +
      tests(
        snapshot('one', EVENT, '    alerts: &all []\n'),
        snapshot('two', '{FileName: y.exe}', '    alerts: *all\n'),
      );
    write('a.yaml', text);
    const { code, out } = await runTests('--update');
    expect([code, out]).toEqual([1, expect.stringContaining('a list that can be written alone')]);
    expect(read('a.yaml')).toBe(text);
  });

  it('prints one document, and the diff beside it', async () => {
    write('a.yaml', RULE + tests(snapshot('told')));
    const { out, err } = await runTests('--update', '--format', 'json');
    expect(JSON.parse(out)).toMatchObject({
      passed: 1,
      failed: 0,
      updated: 1,
      tests: [{ ok: true, updated: true, differences: [] }],
    });
    expect(err).toContain('+++ b/rules/a.yaml');
  });

  it('says that a file cannot be written, and leaves it', async () => {
    const text = RULE + tests(snapshot('told'));
    write('a.yaml', text);
    write(`a.yaml.huntwire-${process.pid}`, 'left by a process that was killed');
    const { code, err } = await runTests('--update');
    expect([code, err]).toEqual([2, expect.stringContaining('cannot be written')]);
    expect(read('a.yaml')).toBe(text);
  });
});

describe('what a failing test says', () => {
  const failing = (more: string, test: string): Promise<{ readonly out: string }> => {
    write('a.yaml', RULE + more + tests(test));
    return runTests();
  };
  const events = (event: string, alerts = '[{}]'): string =>
    `  - name: t\n    tables:\n      DeviceProcessEvents: [${event}]\n    alerts: ${alerts}\n`;

  it('names the operator that dropped the row, with its place in the file', async () => {
    const { out } = await failing('', events('{FileName: x.exe, ProcessCommandLine: none}'));
    expect(out).toContain('FAIL x-started: t (rules/a.yaml:12:5)\n');
    expect(out).toContain('alerts.length: expected 1, got 0\n');
    expect(out).toMatch(/ 1 -> 1 +window +where Timestamp/);
    expect(out).toMatch(/ 1 -> 1 +7:5 +where FileName =~ "x.exe"\n/);
    expect(out).toMatch(/ 1 -> 0 +8:5 +where ProcessCommandLine has "-y" {3}<- drops every row\n/);
    expect(out).toContain('the result has no rows\n');
  });

  it('says that an exception took the row out', async () => {
    const exception = 'exceptions:\n  - {where: {DeviceName: PC1}, reason: r, owner: o, expires: 2027-01-01}\n';
    const { out } = await failing(exception, events(EVENT));
    expect(out).toContain('the result has 1 row: 1 taken out by an exception\n');
  });

  it('says that the threshold was not passed', async () => {
    const { out } = await failing('threshold: "> 1"\n', events(EVENT));
    expect(out).toContain('the result has 1 row: 1 not enough for the threshold\n');
  });

  it('names the alerts that nobody expected, and what differs in one', async () => {
    const two = `${EVENT}, ${EVENT.replace('pc1', 'pc2')}`;
    const { out } = await failing('', events(two, '[{title: x.exe on pc3, severity: high}]'));
    expect(out).toContain('alerts.length: expected 1, got 2\n');
    expect(out).toContain('alerts[0].title: expected "x.exe on pc3", got "x.exe on pc2"\n');
    expect(out).toContain('alerts: expected "no further alert", got {"title":"x.exe on pc1","severity":"high"}\n');
  });

  it('says how far an event lies outside of the window, with the trace', async () => {
    const { out } = await failing('', events(EVENT.replace('}', ', Timestamp: 2026-01-01T09:00:00Z}'), '[]'));
    expect(out).toMatch(/tables\.DeviceProcessEvents\[0\]: expected "arrival within .*1h50m before the window"/);
    expect(out).toMatch(/ 1 -> 0 +window +where Timestamp .*<- drops every row/);
  });

  it.each([
    ['an unknown column', '{FileNam: x}', /has no column .*FileNam.*Did you mean .*FileName/],
    [
      'a cell of another type',
      '{ProcessId: abc}',
      /ProcessId: expected "a value of type long", got .*abc.* cannot be read/,
    ],
  ])('says what is wrong with %s', async (_, event, said) => {
    expect((await failing('', events(event))).out).toMatch(said);
  });

  it('says where the engine gives up', async () => {
    write(
      'a.yaml',
      RULE.replace('| where FileName', '| where unheard_of(FileName) and FileName') + tests(events(EVENT)),
    );
    const { out, err } = await runTests();
    expect(out + err).toMatch(/rules\/a\.yaml:7:11/);
  });
});

describe('test --untested', () => {
  const QUERY = `id: u
name: U
severity: low
params: {least: 2}
query: |
  let cut = 5;
  DeviceProcessEvents
  | where FileName in~ ("x.exe", "y.exe") and
      (ProcessCommandLine has "-a" or ProcessCommandLine has "-b")
  | extend Kind = case(ProcessId > cut, "late", FileName =~ "x.exe",
      "x", "other")
  | where strlen(FileName) > least
schedule: {every: 1h}
`;
  const test = (event: string, alerts = '[{}]'): string =>
    `  - name: '${event.slice(1, -1)}'\n    tables: {DeviceProcessEvents: [${event}]}\n    alerts: ${alerts}\n`;
  const A = test('{FileName: x.exe, ProcessCommandLine: "x -a", ProcessId: 1}');
  const untested = async (...more: readonly string[]): Promise<readonly string[]> => {
    write('u.yaml', QUERY + tests(A, ...more));
    const { code, out } = await runTests('--untested');
    expect(code).toBe(0);
    return out.split('\n').flatMap((line) => (line.startsWith('untested ') ? [line.slice(9)] : []));
  };

  it('tells conditions and arms that no test reached, with their places', async () => {
    expect(await untested()).toEqual([
      'rules/u.yaml:8:11: u: no test has a row that is dropped by FileName in~ ("x.exe", "y.exe")',
      'rules/u.yaml:9:8: u: no test has a row that is dropped by ProcessCommandLine has "-a" or ProcessCommandLine has "-b"',
      'rules/u.yaml:9:39: u: no row of any test passes by ProcessCommandLine has "-b"',
      'rules/u.yaml:10:41: u: no row of any test takes the arm "late"',
      'rules/u.yaml:11:12: u: no row of any test takes the arm "other"',
      'rules/u.yaml:12:11: u: no test has a row that is dropped by strlen(FileName) > least',
    ]);
  });

  it('fails where it shall, and only where something is untested', async () => {
    write('u.yaml', QUERY + tests(A));
    expect(await runTests('--fail-untested')).toMatchObject({
      code: 1,
      out: expect.stringContaining('6 parts of queries untested'),
    });
    const whole = 'id: w\nname: W\nseverity: low\nquery: DeviceProcessEvents | where FileName =~ "x.exe"\n';
    write('u.yaml', `${whole}schedule: {every: 1h}\n${tests(A, test('{FileName: y.exe}', '[]'))}`);
    expect((await runTests('--fail-untested')).code).toBe(0);
    write('u.yaml', `${whole}schedule: {every: 1h}\n${tests('  - {name: rows alone, rows: [], alerts: []}\n')}`);
    const { code, out } = await runTests('--fail-untested');
    expect([code, out]).toEqual([1, expect.stringContaining('no test has events ("tables") for the query')]);
  });

  it('adds up what all tests of the rule reach', async () => {
    const other = test('{FileName: y.exe, ProcessCommandLine: "y -b", ProcessId: 1}');
    const late = test(
      '{FileName: x.exe, ProcessCommandLine: "-a", ProcessId: 9}, {FileName: z.exe}, {FileName: y.exe}',
    );
    expect(await untested(other, late)).toEqual([
      'rules/u.yaml:12:11: u: no test has a row that is dropped by strlen(FileName) > least',
    ]);
  });

  it('tells what nobody passes, and what comes behind it, once', async () => {
    write('u.yaml', QUERY + tests(test('{FileName: x.exe, ProcessCommandLine: none}', '[]')));
    const { out } = await runTests('--untested', '--format', 'json');
    expect(JSON.parse(out).untested).toEqual([
      expect.objectContaining({ because: 'never-false', part: 'and', line: 8, column: 11 }),
      expect.objectContaining({ because: 'never-true', part: 'and', line: 9, column: 8 }),
      expect.objectContaining({ because: 'never-chosen', part: 'arm', text: '"late"' }),
      expect.objectContaining({ because: 'never-chosen', part: 'arm', text: '"x"' }),
      expect.objectContaining({ because: 'never-chosen', part: 'arm', text: '"other"' }),
      {
        rule: 'u',
        file: join(folder, 'rules/u.yaml'),
        line: 12,
        column: 11,
        part: 'where',
        because: 'never-asked',
        text: 'strlen(FileName) > least',
      },
    ]);
  });

  it('says of a rule without events that no test runs its query', async () => {
    write('u.yaml', QUERY + tests('  - {name: rows, rows: [], alerts: []}\n'));
    const { out } = await runTests('--untested');
    expect(out).toContain(
      'untested rules/u.yaml:6:3: u: no test has events ("tables") for the query; "rows" are its result, and run none of it\n',
    );
    expect(out).toContain('1 rule: 1 test passed, 0 failed; 1 part of queries untested.\n');
  });
});

describe('exceptions of a tested rule', () => {
  const EXCEPTIONS = `exceptions:
  - {where: {DeviceName: pc9}, reason: the ninth, owner: o, expires: 2027-01-01}
  - {where: {DeviceName: [pc2, pc3]}, reason: two of them, owner: o, expires: 2027-01-01}
  - {where: {DeviceName: pc2}, reason: over, owner: o, expires: 2025-01-01}
`;
  const excepted = `  - name: t\n    rows: [${EVENT}, ${EVENT.replace('pc1', 'pc2')}]\n    alerts: [{title: x.exe on pc1}]\n`;

  it('tells those that take no row out in any test, which fails nothing', async () => {
    write('a.yaml', RULE + EXCEPTIONS + tests(excepted));
    const { code, out } = await runTests();
    expect(code).toBe(0);
    expect(out).toContain('note x-started: exception 1 takes no row out in any test (rules/a.yaml:12:5): the ninth\n');
    expect(out).toContain('note x-started: exception 3 takes no row out in any test (rules/a.yaml:14:5): over\n');
    expect(out).not.toContain('two of them');
    const { out: json } = await runTests('--format', 'json');
    expect(JSON.parse(json)).toMatchObject({
      tests: [{ ok: true, excepted: [0, 1, 0] }],
      idleExceptions: [
        { rule: 'x-started', exception: 0, line: 12 },
        { exception: 2, line: 14 },
      ],
    });
  });

  it('tries each alone: what another hides is seen', async () => {
    const both = EXCEPTIONS.replace('pc9', 'pc2');
    write('a.yaml', RULE + both + tests(excepted));
    expect(JSON.parse((await runTests('--format', 'json')).out).tests[0].excepted).toEqual([1, 1, 0]);
  });

  it('says nothing of them where a test failed before', async () => {
    write('a.yaml', RULE + EXCEPTIONS + tests(excepted.replace('pc1}]', 'pc8}]')));
    const { code, out } = await runTests();
    expect([code, out]).toEqual([1, expect.not.stringContaining('note')]);
  });

  it('fails where an exception names a column that the result does not have', async () => {
    const text = RULE.replace('| where ProcessCommandLine has "-y"', '| evaluate bag_unpack(AdditionalFields)').replace(
      '{every: 1h}',
      '{every: 1h, lookback: 2h}',
    );
    const event = '{FileName: x.exe, DeviceName: pc1, AdditionalFields: {Colour: red}}';
    const test = `  - name: t\n    tables: {DeviceProcessEvents: [${event}]}\n    alerts: [{}]\n`;
    const exceptions = (column: string): string =>
      `exceptions:\n  - {where: {${column}: blue}, reason: r, owner: o, expires: 2027-01-01}\n`;
    write('a.yaml', text + exceptions('Colour') + tests(test));
    expect((await runTests()).err).toBe('');
    write('a.yaml', text + exceptions('Shade') + tests(test));
    const { code, out } = await runTests();
    expect([code, out]).toEqual([1, expect.stringContaining('exceptions[0] alone: expected "columns of the result"')]);
  });
});

describe('test --format junit', () => {
  /** What a JUnit report of Jenkins may hold: by element its attributes, those it must have marked, and its elements. */
  const SCHEMA: Readonly<
    Record<string, { readonly attributes: readonly string[]; readonly inside: readonly string[] }>
  > = {
    testsuites: { attributes: ['name', 'tests', 'failures'], inside: ['testsuite'] },
    testsuite: { attributes: ['name!', 'tests!', 'failures'], inside: ['testcase'] },
    testcase: { attributes: ['name!', 'classname', 'file', 'line'], inside: ['failure'] },
    failure: { attributes: ['message', 'type'], inside: [] },
  };

  it('keeps to the schema, counts right, and carries what the text says', async () => {
    const failing = `  - name: '"<&>" fails'\n    tables: {DeviceProcessEvents: [{FileName: x.exe}]}\n    alerts: [{}]\n`;
    write('a.yaml', RULE + tests(snapshot('snap'), failing, `  - {name: ok, rows: [], alerts: []}\n`));
    write('b.yaml', RULE.replace('x-started', 'b-rule') + tests('  - {name: ok, rows: [], alerts: []}\n'));
    const { code, out } = await runTests('--format', 'junit');
    expect(code).toBe(1);
    const root = parseXml(out);
    check(root);
    const suites = root.children;
    expect(root.attributes).toEqual({ name: 'huntwire test', tests: '4', failures: '2' });
    expect(suites.map(({ attributes }) => attributes)).toEqual([
      { name: 'x-started', tests: '3', failures: '2' },
      { name: 'b-rule', tests: '1', failures: '0' },
    ]);
    for (const { attributes, children } of suites) {
      expect(children).toHaveLength(Number(attributes.tests));
      expect(children.filter((one) => one.children.length > 0)).toHaveLength(Number(attributes.failures));
    }
    const failed = suites[0]?.children[1];
    expect(failed?.attributes).toEqual({
      classname: 'x-started',
      name: '"<&>" fails',
      file: 'rules/a.yaml',
      line: '17',
    });
    expect(failed?.children[0]?.attributes).toEqual({
      type: 'difference',
      message: 'alerts.length: expected 1, got 0',
    });
    expect(failed?.children[0]?.text).toContain('where ProcessCommandLine has "-y"   <- drops every row');
  });

  function check({ name, attributes, children, text }: Element): void {
    const known = SCHEMA[name];
    const names = known?.attributes.map((one) => one.replace('!', ''));
    expect(Object.keys(attributes).filter((one) => !names?.includes(one))).toEqual([]);
    const mandatory = known?.attributes.filter((one) => one.endsWith('!')).map((one) => one.slice(0, -1)) ?? [];
    expect(mandatory.filter((one) => attributes[one] === undefined)).toEqual([]);
    expect(children.filter((one) => !known?.inside.includes(one.name))).toEqual([]);
    if (name !== 'failure') expect(text.trim()).toBe('');
    for (const child of children) check(child);
  }
});

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

/** Elements, attributes and text, as strict as XML is about them. */
function parseXml(xml: string): Element {
  const top: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [top];
  const [head = '', ...rest] = xml.split('\n');
  expect(head).toBe('<?xml version="1.0" encoding="UTF-8"?>');
  for (const [, close, name, attributes = '', empty, text] of rest
    .join('\n')
    .matchAll(/<(\/?)(\w+)((?:\s\w+="[^"<]*")*)\s*(\/?)>|([^<]+)/g)) {
    const current = open.at(-1);
    if (text !== undefined && current) current.text += plain(text);
    else if (close) expect(open.pop()?.name).toBe(name);
    else {
      const pairs = [...attributes.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, plain(value ?? '')]);
      const element: Element = { name: name ?? '', attributes: Object.fromEntries(pairs), children: [], text: '' };
      current?.children.push(element);
      if (!empty) open.push(element);
    }
  }
  expect([open.length, top.children.length, top.text.trim()]).toEqual([1, 1, '']);
  return top.children[0] ?? top;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };

function plain(text: string): string {
  return text.replace(/&(?:#(\d+)|(\w+));|&/g, (whole, code, name) => {
    if (whole === '&') throw new Error(`a bare & in ${text}`);
    return code ? String.fromCodePoint(Number(code)) : (ENTITIES[name] ?? whole);
  });
}

describe('a rule file that is broken', () => {
  const GOOD = RULE + tests(`  - {name: fires, tables: {DeviceProcessEvents: [${EVENT}]}, alerts: [{}]}\n`);

  it('keeps no other rule from being tested, and makes the exit code 2', async () => {
    write('a-broken.yaml', 'id: broken\nname: B\nseverity: low\nquery: DeviceEvents\nschedul: {every: 1h}\n');
    write(
      'b-refused.yaml',
      'id: refused\nname: R\nseverity: low\nquery: DeviceEvents | where (\nschedule: {every: 1h}\n',
    );
    write('c.yaml', GOOD);
    const { code, out, err } = await runTests();
    expect([code, out]).toEqual([2, expect.stringContaining('1 rule: 1 test passed, 0 failed.')]);
    expect(err).toContain('not tested: rules/a-broken.yaml:5:1: Unknown key "schedul". Did you mean "schedule"?');
    expect(err).toContain('not tested: rules/b-refused.yaml:4:');
    const { problems } = JSON.parse((await runTests('--format', 'json')).out) as {
      readonly problems: readonly object[];
    };
    expect(problems).toContainEqual(expect.objectContaining({ code: 'RULE_INVALID', line: 5, column: 1 }));
    write('c.yaml', GOOD.replace('x -y', 'x -z'));
    expect((await runTests()).code).toBe(1);
  });

  it('is an error where it is alone', async () => {
    write('a.yaml', RULE.replace('schedule', 'schedul'));
    const { code, out, err } = await runTests();
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('rules/a.yaml');
  });
});
