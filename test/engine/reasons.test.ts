import { describe, expect, it } from '@jest/globals';
import { REASONS } from '../../src/engine/reasons.ts';
import { supportOf } from '../../src/engine/support.ts';
import { foreignList, foreignText, member } from '../../src/kql/parser/foreign.ts';
import { loadKusto } from '../../src/kql/parser/runtime.ts';

/** Parts of operators that have no keyword of their own, and what the parser knows under another name. */
const NO_WORDS = new Set(['bad-query', 'partition-by']);

async function namesOf(list: 'Functions' | 'Aggregates' | 'PlugIns'): Promise<string[]> {
  const { language } = await loadKusto();
  const names = foreignList(member(member(language, list), 'All')).map((one) => foreignText(member(one, 'Name')));
  return names.filter((name) => !name.startsWith('__'));
}

async function operatorWords(): Promise<string[]> {
  const { language } = await loadKusto();
  const kinds = Object.keys(member(member(language, 'Syntax'), 'SyntaxKind') as unknown as Record<string, number>);
  const words: Readonly<Record<string, string>> = { filter: 'where', 'get-schema': 'getschema', 'reduce-by': 'reduce' };
  return kinds
    .filter((kind) => /^[A-Z]\w+Operator$/.test(kind))
    .map((kind) =>
      kind
        .replace(/Operator$/, '')
        .replace(/([a-z])([A-Z])/g, '$1-$2')
        .toLowerCase(),
    )
    .map((word) => words[word] ?? word)
    .filter((word) => !NO_WORDS.has(word));
}

describe('what the language has and the engine has not', () => {
  const reasons = new Set(REASONS.flatMap(([, names]) => names));
  const support = supportOf();

  it('has a reason for each name', async () => {
    const known = new Set([
      ...support.functions,
      ...support.aggregates,
      ...support.plugins,
      ...support.operators,
      ...reasons,
    ]);
    const all = [
      ...(await namesOf('Functions')),
      ...(await namesOf('Aggregates')),
      ...(await namesOf('PlugIns')),
      ...(await operatorWords()),
    ];
    expect(all.length).toBeGreaterThan(400);
    expect([...new Set(all.filter((name) => !known.has(name)))]).toEqual([]);
  });

  it('has no reason for what it runs, and each name once', () => {
    const run = new Set([...support.functions, ...support.aggregates, ...support.plugins, ...support.operators]);
    expect([...reasons].filter((name) => run.has(name))).toEqual([]);
    expect(REASONS.flatMap(([, names]) => names)).toHaveLength(reasons.size);
  });
});
