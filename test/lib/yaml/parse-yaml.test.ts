import { describe, expect, it } from '@jest/globals';
import { holdNodes, parseYaml, YAML_LIMITS, type YamlDocument } from '../../../src/lib/yaml/parse-yaml.ts';

const parse = (text: string, limits = YAML_LIMITS) => parseYaml('r.yaml', text, 'RULE_INVALID', limits);

function only(text: string) {
  const { documents, problems } = parse(text);
  expect(problems).toEqual([]);
  const [document] = documents;
  if (!document) throw new Error('no document');
  return document;
}

function messages(text: string, limits = YAML_LIMITS): string[] {
  const { documents, problems } = parse(text, limits);
  expect(documents).toEqual([]);
  return problems.map((problem) => `${problem.line}:${problem.column} ${problem.message}`);
}

describe('parseYaml', () => {
  it('gives frozen plain data and skips empty documents', () => {
    const { documents } = parse('a: 1\nb: [x, {c: true}]\n---\n---\nd: null\n');
    expect(documents.map((document) => document.value)).toEqual([{ a: 1, b: ['x', { c: true }] }, { d: null }]);
    expect(Object.isFrozen(documents[0]?.value)).toBe(true);
  });

  it('keeps integers beyond 2^53 exact and dates as text', () => {
    expect(only('a: 9007199254740993\nb: 9007199254740991\nc: 2027-03-01\nd: 0x10').value).toEqual({
      a: 9007199254740993n,
      b: 9007199254740991,
      c: '2027-03-01',
      d: 16,
    });
  });

  it.each([0, 10, 1000])(
    'tells the same places where nodes of %s characters are held, and when they were let go',
    (characters) => {
      const texts = ['a: 1\nb: "x\\ty"\n', 'a: [1,\n  2]\n', 'b: >\n  one\n  two\n'];
      const placesOf = (documents: readonly YamlDocument[]) =>
        documents.map((one) => [
          one.keyPlace(['b']),
          one.valuePlace(['a', 1]),
          one.textPlace(['b'], 4),
          one.folds(['b']),
        ]);
      const plain = placesOf(texts.flatMap((text) => parse(text).documents));
      const release = holdNodes(characters);
      const held = texts.flatMap((text) => parse(text).documents);
      expect(placesOf(held)).toEqual(plain);
      release();
      expect(placesOf(held)).toEqual(plain);
    },
  );

  it('tells the places of a file after another one was parsed', () => {
    const [, first] = parse('a: 1\n---\nb:\n  - c: |\n      text\n').documents;
    const second = only('x: 1\ny: {z: 2}\n');
    expect(first?.keyPlace(['b', 0, 'c'])).toEqual({ line: 4, column: 5 });
    expect(second.valuePlace(['y', 'z'])).toEqual({ line: 2, column: 8 });
    expect(first?.textPlace(['b', 0, 'c'], 1)).toEqual({ line: 5, column: 8 });
  });

  it('tells places behind a byte order mark and CRLF', () => {
    const document = only('\uFEFFfirst: 1\r\nsecond:\r\n  third: [10, 20]\r\n');
    expect(document.keyPlace(['first'])).toEqual({ line: 1, column: 1 });
    expect(document.valuePlace(['first'])).toEqual({ line: 1, column: 8 });
    expect(document.keyPlace(['second', 'third', 1])).toEqual({ line: 3, column: 15 });
    expect(document.keyPlace(['second', 'absent', 'deeper'])).toEqual({ line: 2, column: 1 });
  });

  it('follows aliases for values and places', () => {
    const document = only('base: &b {x: 1}\nuse: *b\n');
    expect(document.value).toEqual({ base: { x: 1 }, use: { x: 1 } });
    expect(document.valuePlace(['use', 'x'])).toEqual({ line: 1, column: 14 });
  });

  it('reports every problem with its place', () => {
    expect(messages('a: 1\na: 2\nb: !odd x\nc: .inf\nd: *nowhere\n')).toEqual([
      '2:1 The key stands here a second time.',
      '3:4 Tags ("!name") are not taken: a text that begins with "!" must be in quotes.',
      '4:4 The number must be finite.',
      '5:4 The alias names no anchor that stands before it.',
    ]);
  });

  it('refuses __proto__ and keys that are no text', () => {
    expect(messages('__proto__: {x: 1}\n? [a]\n: 1\n')).toEqual([
      '1:1 A key must be plain text.',
      '2:3 A key must be plain text.',
    ]);
  });

  it('bounds nesting, size, aliases and documents', () => {
    expect(messages('['.repeat(100) + ']'.repeat(100))).toEqual(['1:66 Values are nested more than 64 levels deep.']);
    expect(messages('a: 1', { ...YAML_LIMITS, maxBytes: 3 })).toEqual(['1:1 The file is larger than 3 bytes.']);
    const laughs = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
    for (const [from, to] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg']) {
      laughs.push(`${to}: &${to} [${Array(10).fill(`*${from}`).join(', ')}]`);
    }
    expect(messages(laughs.join('\n'))).toEqual([expect.stringContaining('more than 250000 values')]);
    expect(messages('a\n---\nb', { ...YAML_LIMITS, maxDocuments: 1 })).toHaveLength(1);
  });

  it('ends an alias that holds itself, and nesting that no parser survives', () => {
    expect(messages('a: &a [*a]')).toEqual([expect.stringContaining('nested more than 64')]);
    expect(messages('['.repeat(200_000)).length).toBeGreaterThan(0);
  });
});

describe('textPlace', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['literal', 'q: | # note\n  T\n    | where A == 1\n\n  | take 5\n'],
    ['literal with an indent of its own', 'q: |2\n    T\n  | take 5\n'],
    ['folded', 'q: >-\n  T\n  | where A\n\n  | take 5\n'],
    ['plain', 'q: T | where A\n  | take 5\n'],
    ['single-quoted', "q: 'T | where A == ''x'' \n  | take 5'\n"],
    ['double-quoted', 'q: "T\\n | where A == \\"\\u00e9\\" \\x20 \\\n  | take 5"\n'],
    ['astral', 'q: "T // \\U0001F600 x\\n| take 5"\n'],
    ['behind an anchor', 'q: &q |-\n  T\n  | take 5\n'],
  ];

  it.each(cases)('finds a word in a %s scalar', (_, text) => {
    const document = only(text);
    const value = (document.value as { q: string }).q;
    const { line, column } = document.textPlace(['q'], value.indexOf('take'));
    expect((text.split('\n')[line - 1] ?? '').slice(column - 1, column + 3)).toBe('take');
  });

  it('tells the end of the text as the place behind its last character', () => {
    expect(only('q: |\n  T | where\n').textPlace(['q'], 999)).toEqual({ line: 2, column: 12 });
    expect(only('q: ""\n').textPlace(['q'], 0)).toEqual({ line: 1, column: 4 });
  });
});
