import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Composer, type Document, isMap, isScalar, isSeq, Parser } from 'yaml';
import { quickContents } from '../../../src/lib/yaml/quick/quick-document.ts';

const RULES = join(import.meta.dirname, '../../../rules');

/** What a file's values and places are made of. */
function outline(node: unknown): unknown {
  if (isMap(node))
    return { map: node.range?.[0], items: node.items.map((one) => [outline(one.key), outline(one.value)]) };
  if (isSeq(node)) return { list: node.range?.[0], items: node.items.map(outline) };
  if (!isScalar(node)) return node;
  const { value, type, source, range, anchor, tag } = node;
  return { value, type, source, from: range?.[0], to: range?.[1], anchor, tag };
}

function composed(text: string): readonly Document[] {
  const options = { intAsBigInt: true, prettyErrors: false, uniqueKeys: false };
  return [...new Composer(options).compose(new Parser().parse(text))];
}

/** What the library makes of a text that the quick reader knows; null where it gives up. */
function bothWays(text: string): readonly [unknown, unknown] | null {
  const quick = quickContents(text);
  if (quick === null) return null;
  const [first, ...others] = composed(text);
  if (others.length > 0 || first?.errors.length !== 0 || first.warnings.length > 0)
    return [outline(quick), 'a mistake'];
  return [outline(quick), outline(first.contents)];
}

const PLAIN = [
  "a: b\nc:\n  - d\n  - e: f\n    g: |\n      h\n\n        i\nj: {k: l, m: [n, \"o\"], p: {}}\n\n# x\nq: 'r''s' # t\n",
  'a: >-\n  b c\n  d\nx: 1.50\ny: [1, 0x1F, 0o17, 1e3, 0.5, +1, -2, 12345678901234567890, true, Null, nullable]\n',
  'a:\n- b\n- c: d\n  e:\n  - f\n-\n  g: h\nz: "a\\"b\\\\c\\n\\t\\/"',
  '# huntwire-disable x: y\n\na: |-\n    b # no comment\n   \n',
  'when: 2026-01-01T11:00:00Z\nevery: 1h\npath: C:\\x\nurl: https://a.b/c#d\ntext: a b, c [d]\n',
  'q: |\n  x\n\ty\n  z\n\n\nk: ünï\n',
];

describe('a plain text', () => {
  it.each(PLAIN.filter((text) => !text.includes('\t') && !text.includes('   \n')))(
    'is what the library makes of it: %j',
    (text) => {
      const both = bothWays(text);
      expect(both?.[0]).toEqual(both?.[1]);
      expect(both).not.toBeNull();
    },
  );

  it('is each rule of ours', () => {
    const shipped = readdirSync(RULES, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'));
    const texts = shipped.map((name) => readFileSync(join(RULES, name), 'utf8'));
    for (const text of texts) {
      const both = bothWays(text);
      expect(both).not.toBeNull();
      expect(both?.[0]).toEqual(both?.[1]);
    }
  });
});

describe('what is not plain', () => {
  it.each([
    '',
    '# nothing',
    '- a',
    'a:',
    'a: &b c',
    'a: *b',
    'a: !!str b',
    '<<: {a: b}',
    '? a\n: b',
    'a: b\n---\nc: d',
    'a: b\r\nc: d',
    'a:\tb',
    'a: b\n  c',
    'a: "b\n  c"',
    'a: "\\x41"',
    'a: [b,\n  c]',
    'a: [b, ]',
    'a: {b}',
    'a: b: c',
    'a: |2\n   b',
    'a: |+\n  b\n\n',
    'a: |\n\n  b',
    'a: |\nb',
    'a: >\n  b\n\n  c',
    '"a": b',
    'a b: c',
    'a: @b',
    'a: %b',
    '\uFEFFa: b',
    `a: ${'['.repeat(20)}${']'.repeat(20)}`,
  ])('is left to the library: %j', (text) => {
    expect(quickContents(text)).toBeNull();
  });
});

describe('any text', () => {
  const PIECES = [
    ...[
      ' ',
      '  ',
      '\n',
      '\n\n',
      '\n ',
      '\n  ',
      '\t',
      '\r\n',
      '- ',
      ':',
      ': ',
      '#',
      ' #',
      '"',
      "'",
      '[',
      ']',
      '{',
      '}',
      ',',
      '|',
      '>',
    ],
    ...[
      '|-',
      '>-',
      '|2',
      '|+',
      '&a',
      '*a',
      '!',
      '%',
      '@',
      '`',
      '? ',
      '~',
      '\\',
      '\\n',
      '0',
      '1',
      '.',
      '-',
      'e',
      'null',
      'true',
      '<<: ',
    ],
    ...['---\n', '\n...\n', 'a', '_', 'é', '\u00a0', '\u2028', '\uFEFF', 'b: c\n', '- d\n'],
  ];
  const change = fc.record({ at: fc.nat(), gone: fc.nat(2), put: fc.constantFrom('', ...PIECES) });

  it('is read as the library reads it, or not at all', () => {
    const changed = fc.tuple(fc.constantFrom(...PLAIN), fc.array(change, { minLength: 1, maxLength: 3 }));
    fc.assert(
      fc.property(changed, ([text, changes]) => {
        const made = changes.reduce((before, { at, gone, put }) => {
          const place = at % (before.length + 1);
          return before.slice(0, place) + put + before.slice(place + gone);
        }, text);
        const both = bothWays(made);
        if (both) expect(both[0]).toEqual(both[1]);
      }),
      { numRuns: 400 },
    );
  });
});
