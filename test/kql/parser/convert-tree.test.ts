import { expect, it } from '@jest/globals';
import type { KqlNode } from '../../../src/kql/ast.ts';
import { analyze } from '../../../src/kql/parser/adapter.ts';
import { convertDiagnostics } from '../../../src/kql/parser/convert-diagnostics.ts';
import { call, type Foreign, type ForeignSyntax, foreignText, member } from '../../../src/kql/parser/foreign.ts';
import { buildGlobals } from '../../../src/kql/parser/globals.ts';
import { loadKusto } from '../../../src/kql/parser/runtime.ts';

/** With parts that are missing or empty, separators that stand alone, bodies of functions, comments at both ends. */
const QUERIES = [
  '// first\n T | where a > 1 and b in ("x", "y") // last\n',
  'T | where a in (1,,2) | project , a',
  'let f = (x: long, y: string = "z") { x + strlen(y) }; T | extend c = f(a), d = f(2, b) | summarize n = count() by c',
  'T | where (a | extend',
  'print a = "x" "y", b = dynamic({"k": [1, 2]}), c = typeof(long), d = 1.5h, e = long(null)',
  'T | wher a == 1',
  '',
];

/** What the parser itself tells of a part and all below it, without what separates items. */
function placesOf(part: ForeignSyntax): readonly unknown[] {
  const { TextStart: start, End: end } = part as unknown as { readonly TextStart: number; readonly End: number };
  const below: unknown[] = [];
  for (let index = 0; index < part.ChildCount; index += 1) {
    const child = part.GetChild(index);
    const item = isSeparated(child) ? child?.GetChild(0) : child;
    if (item) below.push([foreignText(part.GetName(index)), placesOf(item)]);
  }
  return [start, end, below];
}

const isSeparated = (part: ForeignSyntax | null | undefined): boolean =>
  part !== null && part !== undefined && 'Separator' in part;

const converted = (node: KqlNode): readonly unknown[] => [
  node.start,
  node.end,
  node.children.map((child) => [child.role, converted(child)]),
];

it('finds places and complaints that the parser tells when each part is asked', async () => {
  const { language } = await loadKusto();
  const globals = await buildGlobals({
    tables: {
      T: [
        { name: 'a', type: 'long' },
        { name: 'b', type: 'string' },
      ],
    },
    functions: [],
  });
  const complaints: number[] = [];
  for (const text of QUERIES) {
    const tree = await analyze(text, globals);
    const code = call(member(language, 'KustoCode'), 'ParseAndAnalyze', text, globals) as Foreign;
    expect([text, converted(tree.root)]).toEqual([text, placesOf(member(code, 'Syntax') as unknown as ForeignSyntax)]);
    expect([text, tree.diagnostics]).toEqual([text, convertDiagnostics(code)]);
    complaints.push(tree.diagnostics.length);
  }
  expect(complaints.map((count) => count > 0)).toEqual([false, true, false, true, false, true, false]);
});
