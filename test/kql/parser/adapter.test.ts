import { describe, expect, it } from '@jest/globals';
import { childOf, type KqlNode, type KqlTree, walk } from '../../../src/kql/ast.ts';
import { analyze } from '../../../src/kql/parser/adapter.ts';
import { buildGlobals, withParameters } from '../../../src/kql/parser/globals.ts';

const SCHEMA = {
  tables: {
    T: [
      { name: 'a', type: 'long' as const },
      { name: 'b', type: 'string' as const },
    ],
  },
  functions: [{ name: 'Twice', parameters: '(x: long)', body: '{ x * 2 }' }],
};
const parse = async (text: string): Promise<KqlTree> => analyze(text, await buildGlobals(SCHEMA));
const named = (tree: KqlTree, kind: string): readonly KqlNode[] =>
  [...walk(tree.root)].filter((node) => node.kind === kind);

describe('the tree', () => {
  it('is plain and frozen, all the way down', async () => {
    const tree = await parse('T | where a > 1 | summarize n = count() by b');
    for (const node of walk(tree.root)) expect(Object.isFrozen(node) && Object.isFrozen(node.children)).toBe(true);
    expect(JSON.parse(JSON.stringify(tree))).toEqual(tree);
  });

  it('covers the text: every token stands where it says', async () => {
    const text = '// note\n T | where b == "it\'s" // end\n';
    const tree = await parse(text);
    for (const node of walk(tree.root)) if (node.text !== '') expect(text.slice(node.start, node.end)).toBe(node.text);
  });

  it('has columns with ids that stay while a column is passed through', async () => {
    const tree = await parse('T | where a > 1 | extend b = tolower(b)');
    const [table] = named(tree, 'NameReference');
    const [a, b] = tree.columns ?? [];
    expect(a).toEqual(table?.columns?.[0]);
    expect(b).toMatchObject({ name: 'b', type: 'string' });
    expect(b?.id).not.toBe(table?.columns?.[1]?.id);
  });

  it('tells what is built in from what is declared', async () => {
    const tree = await parse('let f = (x: long) { x + 1 }; T | extend c = f(a), d = Twice(a), e = abs(a)');
    const calls = named(tree, 'FunctionCallExpression').map((node) => node.reference);
    expect(calls.map((one) => [one?.name, one?.builtIn])).toEqual([
      ['f', false],
      ['Twice', false],
      ['abs', true],
    ]);
  });

  it('has the bodies of called functions, and cuts those that call themselves', async () => {
    const tree = await parse('let f = (x: long) { x + 1 }; T | extend c = f(a)');
    const [call] = named(tree, 'FunctionCallExpression');
    expect(call?.body?.kind).toBe('FunctionBody');
    const recursive = await parse('let f = (x: long) { f(x) }; T | extend c = f(a)');
    expect(recursive.root.kind).toBe('QueryBlock');
  });

  it('has literals with escapes resolved, and null for what is none', async () => {
    const tree = await parse("print 'a\\tb', @'c:\\d', 12, 1.5h, true");
    expect([...walk(tree.root)].map((node) => node.value).filter((value) => value !== null)).toEqual([
      'a\tb',
      'c:\\d',
      '12',
      '1.5h',
      'true',
    ]);
  });

  it('has list items without their separators', async () => {
    const tree = await parse('T | project a, b');
    const [project] = named(tree, 'ProjectOperator');
    expect(project && childOf(project, 'Expressions')?.children.map((node) => node.kind)).toEqual([
      'NameReference',
      'NameReference',
    ]);
  });

  it('says whether the result may have more columns', async () => {
    expect((await parse('T | take 1')).open).toBe(false);
    expect((await parse('Unknown | take 1')).open).toBe(true);
  });
});

describe('diagnostics', () => {
  it('tell malformed text from names that do not fit', async () => {
    const [syntax] = (await parse('T | where (')).diagnostics.filter((one) => one.syntax);
    expect(syntax).toMatchObject({ severity: 'error', syntax: true });
    const [name] = (await parse('T | where c == 1')).diagnostics;
    expect(name).toMatchObject({ code: 'KS142', start: 10, end: 11, syntax: false });
  });
});

describe('analyze', () => {
  it('gives up with KQL_BUDGET what is nested too deep', async () => {
    const deep = `T | where ${'a == 1 or '.repeat(9000)} a == 2`;
    await expect(parse(deep)).rejects.toMatchObject({ code: 'KQL_BUDGET' });
    expect((await parse('T')).diagnostics).toEqual([]);
  });

  it('says with KQL_SYNTAX that the parser fails on a text', async () => {
    const graph = 'unknown_graph() | graph-match (a)-[e]-(b) where a.x == 1 project b.x';
    await expect(parse(graph)).rejects.toMatchObject({ code: 'KQL_SYNTAX' });
    expect((await parse('T')).diagnostics).toEqual([]);
  });

  it('knows names from outside with their types', async () => {
    const globals = await withParameters(await buildGlobals(SCHEMA), { limit: 'long', word: 'string' });
    const tree = await analyze('T | where a > limit and b == word', globals);
    expect(tree.diagnostics).toEqual([]);
    expect(named(tree, 'NameReference').map((node) => node.reference?.kind)).toContain('parameter');
  });
});
