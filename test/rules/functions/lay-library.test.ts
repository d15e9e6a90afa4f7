import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createAnalyst } from '../../../src/kql/analyst.ts';
import { joinLibrary } from '../../../src/rules/functions/lay-library.ts';
import { lintRules } from '../../../src/rules/lint/lint-rules.ts';
import { type LoadedRules, loadRules } from '../../../src/rules/load-rules.ts';
import { prepareRules } from '../../../src/rules/prepare-rules.ts';
import { DEFAULT_RETENTION_MS } from '../../../src/rules/shape.ts';
import { memoryFiles } from '../overlays/overlay-folder.ts';
import { ruleText } from '../rule-text.ts';
import { libraryOf } from './library-of.ts';

function load(files: Readonly<Record<string, string>>): Promise<LoadedRules> {
  const places = {
    paths: ['/set/rules'],
    overlays: [],
    functions: ['/set/functions'],
    roots: ['/set/rules'],
    folder: '/set',
  };
  return loadRules(places, memoryFiles(files));
}

const HELPERS = {
  'functions/OfficeChildren.yaml': `FunctionName: OfficeChildren
FunctionParams:
  - {Name: what, Type: string, Default: '*'}
FunctionQuery: |
  // what Office starts
  ProcessesOf(dynamic(["winword.exe"]))
  | where what == '*' or FileName has what
`,
  'functions/helpers.kql': `let ProcessesOf = (names: dynamic) {
  DeviceProcessEvents
  | where InitiatingProcessFileName in~ (names)
};
let Unused = () { DeviceEvents };
`,
};

const QUERY = '|\n  OfficeChildren(what="powershell")\n  | where DeviceName != ""\n';
const RULE = ruleText({ query: QUERY });

describe('a rule that uses saved functions', () => {
  it('is the rule with them in front of its query, each before those that use it, and no other', async () => {
    const { rules, problems, refusals } = await load({ 'rules/a.yaml': RULE, ...HELPERS });
    expect([problems, refusals]).toEqual([[], []]);
    expect(rules[0]?.query).toBe(`let ProcessesOf = (names: dynamic) {
  DeviceProcessEvents
  | where InitiatingProcessFileName in~ (names)
};
let OfficeChildren = (what:string="*") {
// what Office starts
ProcessesOf(dynamic(["winword.exe"]))
| where what == '*' or FileName has what
};
OfficeChildren(what="powershell")
| where DeviceName != ""
`);
    expect(rules[0]?.map.functions).toEqual([
      { name: 'ProcessesOf', file: '/set/functions/helpers.kql' },
      { name: 'OfficeChildren', file: '/set/functions/OfficeChildren.yaml' },
    ]);
  });

  it('is another rule when a function that it uses changes, and the same when another does', async () => {
    const hashOf = async (files: Readonly<Record<string, string>>) => (await load(files)).rules[0]?.hash;
    const before = await hashOf({ 'rules/a.yaml': RULE, ...HELPERS });
    const helpers = HELPERS['functions/helpers.kql'];
    const used = { ...HELPERS, 'functions/helpers.kql': helpers.replace('in~', 'in') };
    const unused = { ...HELPERS, 'functions/helpers.kql': helpers.replace('DeviceEvents', 'DeviceInfo') };
    expect(await hashOf({ 'rules/a.yaml': RULE, ...used })).not.toBe(before);
    expect(await hashOf({ 'rules/a.yaml': RULE, ...unused })).toBe(before);
    const plain = ruleText();
    expect(await hashOf({ 'rules/a.yaml': plain, ...HELPERS })).toBe(
      (await loadRules(['/set/rules'], memoryFiles({ 'rules/a.yaml': plain }))).rules[0]?.hash,
    );
  });

  it('is analyzed whole: tables in functions have windows, findings have their places in their files', async () => {
    const wrong = HELPERS['functions/helpers.kql'].replace(
      'InitiatingProcessFileName in',
      'InitiatingProcessFileNam in',
    );
    const both = ['a', 'b'].map((id) => [
      `rules/${id}.yaml`,
      ruleText({ id, query: QUERY.replace('DeviceName', 'DeviceNam') }),
    ]);
    const files = { ...Object.fromEntries(both), ...HELPERS, 'functions/helpers.kql': wrong };
    const { rules } = await load(files);
    const analyst = createAnalyst({ form: 'in-process' });
    const { subjects, problems } = await prepareRules(rules, analyst);
    await analyst.close();
    expect(problems).toEqual([]);
    expect(subjects[0]?.prepared.tables.map(({ table, role }) => `${table} ${role}`)).toEqual([
      'DeviceProcessEvents driving',
    ]);
    const found = lintRules(subjects, { now: 0, retentionMs: DEFAULT_RETENTION_MS }).filter(
      ({ message }) => message.includes('FileNam') || message.includes('DeviceNam'),
    );
    expect(found.map(({ file, line, column, endColumn }) => [file.slice(5), line, column, endColumn])).toEqual([
      ['functions/helpers.kql', 3, 11, 35],
      ['rules/a.yaml', 6, 11, 20],
      ['rules/b.yaml', 6, 11, 20],
    ]);
  });

  it('keeps its own places: of the query, of lines that YAML joins, of comments that switch checks off', async () => {
    const files = {
      'rules/a.yaml': ruleText({ query: '>\n  OfficeChildren() // all\n  | where DeviceName != ""\n' }),
      ...HELPERS,
      'functions/helpers.kql': `// huntwire-disable contains-word: as it is\n${HELPERS['functions/helpers.kql']}`,
    };
    const { rules } = await load(files);
    const [rule] = rules;
    if (!rule) throw new Error('no rule');
    const own = rule.query.indexOf('OfficeChildren()');
    expect(rule.map.place(own)).toMatchObject({ line: 5, column: 3 });
    expect(rule.map.textPlace(['query'], own)).toMatchObject({ line: 5, column: 3 });
    expect(rule.map.textPlace(['name'], 0)).toMatchObject({ line: 2, column: 7 });
    expect(rule.map.folds?.map((at) => rule.query.slice(at, at + 7))).toEqual(['| where']);
  });

  it('that needs more than any query may have is told so itself', async () => {
    const big = `T | where a in (${'"0123456789",'.repeat(15_000)} "")`;
    const files = {
      'rules/a.yaml': ruleText({ query: 'union A, B | take 1' }),
      'functions/A.kql': big,
      'functions/B.kql': big,
    };
    const { rules } = await load(files);
    const analyst = createAnalyst({ form: 'in-process' });
    const { problems } = await prepareRules(rules, analyst);
    await analyst.close();
    expect(problems).toMatchObject([
      { file: '/set/rules/a.yaml', line: 4, message: expect.stringContaining('at most 262144') },
    ]);
  });

  it('runs beside functions that are broken', async () => {
    const { rules, problems, refusals } = await load({
      'rules/a.yaml': RULE,
      ...HELPERS,
      'functions/b.yaml': 'FunctionQuery: T',
    });
    expect([rules.length, problems.length]).toEqual([1, 0]);
    expect(refusals).toMatchObject([{ file: '/set/functions/b.yaml', line: 1 }]);
  });
});

describe('joinLibrary', () => {
  it('puts each function once, before all that use it, whatever uses what', async () => {
    const uses = fc.array(fc.array(fc.nat(6), { maxLength: 4 }), { minLength: 7, maxLength: 7 });
    await fc.assert(
      fc.asyncProperty(uses, async (given) => {
        const bodies = given.map((list, at) =>
          ['T', ...list.filter((one) => one < at).map((one) => `F${one}`)].join(', '),
        );
        const { library } = await libraryOf(
          Object.fromEntries(bodies.map((body, at) => [`F${at}.kql`, `union ${body}`])),
        );
        const { functions = [], text = '' } = joinLibrary('F6 | take 1', library) ?? {};
        const names = functions.map(({ name }) => name);
        expect(new Set(names).size).toBe(names.length);
        expect(names.at(-1)).toBe('F6');
        for (const [at, name] of names.entries())
          for (const used of library.uses.get(name) ?? []) expect(names.indexOf(used)).toBeLessThan(at);
        expect(text.endsWith('F6 | take 1')).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});
