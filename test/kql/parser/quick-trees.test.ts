import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createContext, Script } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { call, type Foreign, foreignList, member } from '../../../src/kql/parser/foreign.ts';
import { quickenTrees } from '../../../src/kql/parser/quick-trees.ts';

const require = createRequire(import.meta.url);
const scripts = ['bridge.min.js', 'Kusto.Language.Bridge.min.js'].map((file) => {
  const filename = require.resolve(`@kusto/language-service-next/${file}`);
  return new Script(readFileSync(filename, 'utf8'), { filename });
});

function freshLanguage(): Foreign {
  const realm = createContext({ console });
  for (const script of scripts) script.runInContext(realm);
  return member((realm as unknown as { readonly Kusto: Foreign }).Kusto, 'Language');
}

const QUERIES = [
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

function told(language: Foreign, text: string): readonly unknown[] {
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
    const language = freshLanguage();
    const elements = member(member(language, 'Syntax'), 'SyntaxElement');
    const walk = member(elements, 'WalkElements');
    const expected = QUERIES.map((text) => told(language, text));
    quickenTrees(language);
    expect(member(elements, 'WalkElements')).not.toBe(walk);
    expect(QUERIES.map((text) => told(language, text))).toEqual(expected);
    expect(() => call(elements, 'WalkElements', null)).toThrow();
  });

  it('leaves another language as it is', () => {
    const other = { Syntax: {}, Symbols: {} } as unknown as Foreign;
    expect(() => quickenTrees(other)).not.toThrow();
  });
});
