import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { digestOf } from '../../../src/cli/kept/keeping.ts';
import { lintOnce } from '../../../src/cli/lint/lint-once.ts';
import type { LintReport } from '../../../src/cli/lint/lint-report.ts';
import { createMemoryCache } from '../../../src/lib/cache.ts';
import { createManualClock } from '../../../src/lib/clock.ts';
import { DAY_MS } from '../../../src/lib/duration.ts';
import type { Keeping } from '../../../src/rules/kept/kept-reader.ts';
import { tries } from '../../tries.ts';
import { createFakeWorld } from '../fake-world.ts';

const rule = (id: string, query: string, rest = ''): string => `id: ${id}
name: Rule ${id}
severity: high
query: |
  ${query}
schedule: {every: 1h, lookback: 2h}
params: {least: 5}
${rest}`;

/** Files of a set: each in a few forms, of which one is there; an empty one is not. */
const FORMS: Readonly<Record<string, readonly string[]>> = {
  'rules/one.yaml': [
    rule('one', 'DeviceEvents | where FileName contains "cmd"\n  | where ProcessId > least'),
    rule('one', 'DeviceEvents | where FileName contains "cmd"', 'alert: {title: "{{Missing}} on {{DeviceName}}"}'),
    rule('one', 'DeviceEvents | where Typo == "x"', '# huntwire-disable attack-missing: of no use\ntags: [a]'),
    rule('one', 'DeviceEvents | where (', 'attack: [T9999]'),
    'id: [',
  ],
  'rules/two.yaml': [
    '',
    rule('two', 'DeviceEvents | where FileName == "cmd.exe" | summarize N = count() by DeviceId', 'attack: [T1059]'),
    rule('one', 'DeviceEvents | where FileName contains "cmd"\n  | where ProcessId > least'),
    rule(
      'two',
      'Saved() | where FileName has "x"',
      'exceptions: [{where: {DeviceName: [a]}, reason: r, owner: o, expires: 2026-01-20}]',
    ),
    `${rule('two', 'DeviceEvents | take 5 // huntwire-disable limited-rows: meant')}\n---\n${rule('three', 'DeviceInfo')}`,
  ],
  'rules/two.test.yaml': [
    '',
    'tests: [{name: t, rows: [{DeviceName: a}], alerts: [{rowCount: 1}]}]',
    'tests: [{name: 5}]',
  ],
  'rules/sentinel.yaml': [
    '',
    'id: 11111111-2222-3333-4444-555555555555\nname: Vendor\nkind: Scheduled\nseverity: High\nquery: DeviceEvents | where FileName has "a"\nqueryFrequency: 1h\nqueryPeriod: 1h\ntriggerOperator: gt\ntriggerThreshold: 0\n',
  ],
  'rules/defaults.yaml': ['', 'severity: low\n', 'alert: {title: "{{Nothing}}"}\n'],
  'overlays/a.yaml': [
    '',
    'overlays: [{match: {ids: [one, gone]}, set: {severity: low}}]',
    'overlays: [{match: {ids: [one]}, set: {window: {basis: none}}}]',
  ],
  'functions/saved.kql': ['', '.create function Saved() { DeviceEvents | where Timestamp > ago(30d) }'],
};

let folder: string;
let keeping: Keeping & { read: number };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kept-lint-'));
  const cache = createMemoryCache();
  keeping = {
    read: 0,
    cache: {
      get: async (key) => {
        const value = await cache.get(key);
        if (value !== null) keeping.read += 1;
        return value;
      },
      set: cache.set,
    },
    build: 'test',
    digest: digestOf,
  };
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): void {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  if (text === '') rmSync(path, { force: true });
  else writeFileSync(path, text);
}

function lint(kept: Keeping | null, now = Date.UTC(2026, 0, 1)): Promise<LintReport> {
  const world = { ...createFakeWorld(folder), clock: createManualClock(now) };
  const paths = [join(folder, 'rules')];
  const places = {
    paths,
    overlays: [join(folder, 'overlays')],
    functions: [join(folder, 'functions')],
    roots: paths,
    folder,
  };
  return lintOnce(world, {
    scope: { places, whole: true, severities: {}, offerOf: () => null, targetProblems: () => [], state: null },
    gate: { failOn: 'error', maxWarnings: null },
    wanted: null,
    keeping: kept,
    workersFrom: 1000,
  });
}

const edits = fc.array(
  fc.constantFrom(...Object.keys(FORMS)).chain((name) =>
    fc.record({
      name: fc.constant(name),
      form: fc.nat((FORMS[name] ?? []).length - 1),
      tail: fc.constantFrom('', '\n# x\n'),
    }),
  ),
  { minLength: 3, maxLength: 6 },
);

describe('lint with what an earlier lint has kept', () => {
  it('finds after any edits what a lint finds that knows nothing', async () => {
    for (const name of ['overlays/keep.txt', 'functions/keep.txt']) write(name, 'so that the folder is there');
    await fc.assert(
      fc.asyncProperty(edits, async (steps) => {
        for (const [name, [first = '']] of Object.entries(FORMS)) write(name, first);
        for (const { name, form, tail } of steps) {
          const text = FORMS[name]?.[form] ?? '';
          write(name, text && text + tail);
          expect(await lint(keeping)).toEqual(await lint(null));
        }
      }),
      { numRuns: tries(3, 8) },
    );
  });

  it('reads nothing again where nothing has changed, and only what has', async () => {
    write('rules/one.yaml', FORMS['rules/one.yaml']?.[1] ?? '');
    write('rules/two.yaml', FORMS['rules/two.yaml']?.[1] ?? '');
    for (const name of ['overlays/keep.txt', 'functions/keep.txt']) write(name, 'x');
    const first = await lint(keeping);
    keeping.read = 0;
    expect(await lint(keeping)).toEqual(first);
    expect(keeping.read).toBe(4);
    keeping.read = 0;
    write('rules/one.yaml', `# edited\n${FORMS['rules/one.yaml']?.[1]}`);
    const moved = await lint(keeping);
    // The other file's rule and findings, and the analysis of the query, which is the same.
    expect(keeping.read).toBe(3);
    expect(moved.findings.map(({ message }) => message)).toEqual(first.findings.map(({ message }) => message));
  });

  it('looks anew where the time has a say, or another build', async () => {
    write('rules/two.yaml', FORMS['rules/two.yaml']?.[3] ?? '');
    write('functions/saved.kql', FORMS['functions/saved.kql']?.[1] ?? '');
    write('overlays/keep.txt', 'x');
    await lint(keeping);
    const later = Date.UTC(2026, 0, 1) + 10 * DAY_MS;
    const told = await lint(keeping, later);
    expect(told).toEqual(await lint(null, later));
    expect(told.findings.some(({ check }) => check === 'exception-expired')).toBe(true);
    keeping.read = 0;
    await lint({ ...keeping, build: 'another' });
    // The analysis alone, which has a version of its own.
    expect(keeping.read).toBe(1);
  });
});
