import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { call, type Foreign, foreignList, member } from '../../../src/kql/parser/foreign.ts';
import { quickenCompletions } from '../../../src/kql/parser/quick-completions.ts';
import { quickenRuntime } from '../../../src/kql/parser/quick-runtime.ts';
import { quickenTrees } from '../../../src/kql/parser/quick-trees.ts';
import { freshRealm, freshRuntime, plainRealm } from './fresh-realm.ts';

const ROOT = new URL('../../../', import.meta.url);

type Run = (...args: readonly unknown[]) => unknown;
type Functions = Record<string, Run>;

function queries(): readonly string[] {
  const rules = readdirSync(new URL('rules/', ROOT)).map((name) =>
    readFileSync(new URL(`rules/${name}`, ROOT), 'utf8'),
  );
  return [
    ...rules.map((text) => (parse(text) as { readonly query: string }).query),
    'let f = (x: long = 1) { x * 2 }; datatable (a: long, b: dynamic) [1, dynamic({})] | extend c = f(a), d = b.x[0]',
    'range x from 1 to 3 step 1 | where x !in (1, 2) | summarize any(x), make_list(x) by bin(x, 2) | join (print x = 1) on x',
    'Unknown | where Nothing == 1 | union (other | take 3), (range y from now() to ago(1h) step 1m) | evaluate bag_unpack(z)',
    'print | where | (',
  ];
}

/** All that is told of a query, names and types of its result included. */
function analysis(language: Foreign, text: string): readonly unknown[] {
  const globals = member(member(language, 'GlobalState'), 'Default');
  const code = call(member(language, 'KustoCode'), 'ParseAndAnalyze', text, globals);
  const told = foreignList(call(code, 'GetDiagnostics')).map((one) =>
    ['Code', 'Start', 'Length', 'Message', 'Severity'].map((name) => member(one, name)).join(' '),
  );
  const result = member(code, 'ResultType');
  const columns = result
    ? foreignList(member(result, 'Columns')).map((column) =>
        [member(column, 'Name'), member(member(column, 'Type'), 'Name')].join(':'),
      )
    : null;
  return [told, columns];
}

/** Asks the functions of both, each time that one is called, and notes where they differ. */
function compare(
  quick: Functions,
  plain: Functions,
  names: readonly string[],
  same: (a: unknown, b: unknown) => boolean,
) {
  const seen = { calls: 0, different: [] as string[] };
  for (const name of names) {
    const one = quick[name];
    const other = plain[name];
    if (!one || !other) throw new Error(`There is no ${name}.`);
    quick[name] = (...args) => {
      const answer = one(...args);
      seen.calls += 1;
      if (!same(answer, other(...args))) seen.different.push(`${name}(${args.map(String).join(', ').slice(0, 100)})`);
      return answer;
    };
  }
  return seen;
}

describe("the parser's runtime with quicker functions", () => {
  it('answers each question of an analysis as the one that came with it, and tells of a query what that one tells', () => {
    const { Bridge, System, language } = freshRealm();
    const core = Bridge as unknown as Functions;
    const lists = member(System, 'Array') as unknown as Functions;
    const classes = member(Bridge, 'Class') as unknown as Functions;
    const plain = { core: { ...core }, lists: { ...lists }, classes: { ...classes } };
    quickenRuntime(Bridge, System);
    const alike = (one: unknown, other: unknown): boolean => Boolean(one) === Boolean(other);
    const seen = [
      compare(core, plain.core, ['is', 'isArray'], alike),
      compare(core, plain.core, ['as', 'cast', 'hasValue', 'referenceEquals', 'staticEquals'], Object.is),
      compare(lists, plain.lists, ['getCount', 'getItem', 'type'], Object.is),
      compare(classes, plain.classes, ['getCachedType'], Object.is),
    ];
    const told = new Map(queries().map((text) => [text, analysis(language, text)]));
    expect(seen.map(({ different }) => different)).toEqual([[], [], [], []]);
    for (const { calls } of seen) expect(calls).toBeGreaterThan(1000);
    for (const text of queries().slice(-6))
      expect([text, told.get(text)]).toEqual([text, analysis(plainRealm().language, text)]);
  });

  it('knows what is boxed, lists of the language and nothing by their own kinds', () => {
    const { Bridge, System } = freshRuntime();
    const core = Bridge as unknown as Functions;
    const { Int32, String: text, Object: any, Double } = System as unknown as Record<string, Foreign>;
    const boxed = core.box?.(5, Int32);
    const questions: readonly (readonly unknown[])[] = [
      [boxed, Int32],
      [boxed, Double],
      [boxed, any],
      ['x', text],
      [5, Int32],
      [5.5, Int32],
      [true, text],
      [null, text],
      [null, text, false, true],
      [undefined, any],
      [undefined, any, true],
      [[], any],
      [new Uint8Array(2), any],
      [() => 0, any],
    ];
    const before = questions.map((args) => Boolean(core.is?.(...args)));
    const as = (): unknown[] => questions.map(([object, type]) => core.as?.(object, type));
    const ases = as();
    const arrays = [[], new Uint8Array(1), 'x', null, undefined, {}, boxed, Object.create(null)];
    const were = arrays.map((one) => Boolean(core.isArray?.(one)));
    quickenRuntime(Bridge, System);
    for (const _ of [1, 2]) {
      expect(questions.map((args) => Boolean(core.is?.(...args)))).toEqual(before);
      expect(arrays.map((one) => Boolean(core.isArray?.(one)))).toEqual(were);
      expect(as()).toEqual(ases);
    }
  });

  it('knows of any two values whether they are there and the same, and unboxes those of arrays', () => {
    const { Bridge, System } = freshRuntime();
    const core = Bridge as unknown as Functions;
    const boxed = core.box?.(5, (System as unknown as Record<string, Foreign>).Int32);
    const thing = {};
    const values = [null, undefined, 0, '', Number.NaN, 'x', thing, {}, [], boxed];
    const answers = (): readonly unknown[] =>
      values.map((one) => [
        core.hasValue?.(one),
        ...values.flatMap((other) => [core.referenceEquals?.(one, other), core.staticEquals?.(one, other)]),
      ]);
    const before = answers();
    quickenRuntime(Bridge, System);
    expect(answers()).toEqual(before);
    const list = [boxed, thing];
    expect([core.hasValue?.(list), list]).toEqual([true, [5, thing]]);
  });

  it('writes through a reference into the place that it is of', () => {
    const { Bridge, System } = freshRuntime();
    quickenRuntime(Bridge, System);
    const { ref } = Bridge as unknown as { readonly ref: (holder: unknown, name: unknown) => { v: unknown } };
    const list = [1, 2, 3];
    const place = ref(list, 1);
    place.v = 7;
    list[0] = 9;
    expect([list, place.v, ref(list, 0).v]).toEqual([[9, 7, 3], 7, 9]);
    const lone = ref(5, undefined);
    expect(lone.v).toBe(5);
  });

  it('is quickened once, and left alone where it lacks what could be', () => {
    const { Bridge, System } = freshRuntime();
    quickenRuntime(Bridge, System);
    const { is } = Bridge as unknown as Functions;
    quickenRuntime(Bridge, System);
    expect((Bridge as unknown as Functions).is).toBe(is);
    expect(() => quickenRuntime({} as unknown as Foreign, {} as unknown as Foreign)).not.toThrow();
  });
});

const TREE_QUERIES = [
  'let f = (x: long = 1) { x * 2 }; datatable (a: long, b: dynamic, a: string) [1, dynamic({})] | extend c = f(a), d = b.x[0], a = 3 | where A == 1',
  'range x from 1 to 3 step 1 | where x !in (1, 2) | summarize any(x), make_list(x) by bin(x, 2) | join (print x = 1, y = 2) on x | where x1 > y',
  'Unknown | where Nothing == 1 | union (other | take 3), (range y from now() to ago(1h) step 1m) | project-away y*',
  'print | where | (',
  '',
];

type Step = readonly [what: string, start: unknown, width: unknown, kind: unknown];

/** What a walk comes by, each place before and behind what is below it. */
function steps(elements: Foreign, name: string, root: Foreign, descend?: (one: Foreign) => boolean): readonly Step[] {
  const taken: Step[] = [];
  const take = (what: string) => (one: Foreign) => {
    taken.push([what, member(one, 'TriviaStart'), member(one, 'FullWidth'), member(one, 'Kind')]);
  };
  call(elements, name, root, take('before'), take('after'), descend);
  return taken;
}

function treesOf(language: Foreign, text: string): readonly unknown[] {
  const globals = member(member(language, 'GlobalState'), 'Default');
  const code = call(member(language, 'KustoCode'), 'ParseAndAnalyze', text, globals);
  const elements = member(member(language, 'Syntax'), 'SyntaxElement');
  const root = member(code, 'Syntax');
  const isShallow = (one: Foreign): boolean => Number(member(one, 'ChildCount')) < 4;
  const result = member(code, 'ResultType');
  return [
    steps(elements, 'WalkElements', root),
    steps(elements, 'WalkNodes', root),
    steps(elements, 'WalkElements', root, isShallow),
    foreignList(call(code, 'GetDiagnostics')).map((one) => [member(one, 'Message'), member(one, 'Start')]),
    result ? foreignList(member(result, 'Columns')).map((column) => member(column, 'Name')) : null,
  ];
}

describe('quickenTrees', () => {
  it('walks trees, tells where each part starts and finds columns as the parser does, and refuses to walk nothing', () => {
    // Nobody asks behind this for one whose trees are as they came.
    const { language } = plainRealm();
    const elements = member(member(language, 'Syntax'), 'SyntaxElement');
    const walk = member(elements, 'WalkElements');
    const expected = TREE_QUERIES.map((text) => treesOf(language, text));
    quickenTrees(language);
    expect(member(elements, 'WalkElements')).not.toBe(walk);
    expect(TREE_QUERIES.map((text) => treesOf(language, text))).toEqual(expected);
    expect(() => call(elements, 'WalkElements', null)).toThrow();
  });

  it('leaves another language as it is', () => {
    const other = { Syntax: {}, Symbols: {} } as unknown as Foreign;
    expect(() => quickenTrees(other)).not.toThrow();
  });
});

/** A list of completions, and what each item would put in. */
function completionsAt(language: Foreign, text: string, at: number): readonly unknown[] {
  const View = member(member(member(language, 'Editor'), 'KustoCodeService'), '$ctor1');
  const view = new View(text, member(member(language, 'GlobalState'), 'Default'));
  const info = call(view, 'GetCompletionItems', at);
  const items = foreignList(member(info, 'Items')).map((item) =>
    ['Kind', 'DisplayText', 'BeforeText', 'AfterText', 'MatchText', 'OrderText', 'Retrigger'].map((name) =>
      String(member(item, name)),
    ),
  );
  return [member(info, 'EditStart'), member(info, 'EditLength'), items];
}

/** Each at its end. */
const TYPED = [
  '',
  'let f = (x: long) { x }; let t = 3; print a = 1, a_b = "" | where ',
  'print a = 1 | invoke ',
  'print a = 1 | summarize b = ',
];

describe('quickenCompletions', () => {
  it('gives the lists that the parser gives, the first time and from what it remembers', () => {
    const { language } = plainRealm();
    const listsOf = () => TYPED.map((text) => completionsAt(language, text, text.length));
    const expected = listsOf();
    quickenCompletions(language);
    const steps = member(member(member(language, 'Editor'), 'KustoCompleter'), 'prototype');
    const { Retriggered: first } = steps;
    quickenCompletions(language);
    expect(member(steps, 'Retriggered')).toBe(first);
    expect(listsOf()).toEqual(expected);
    expect(listsOf()).toEqual(expected);
  });
});
