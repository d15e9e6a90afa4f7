import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Document, Scalar } from 'yaml';
import { parseYaml } from '../../../src/lib/yaml/parse-yaml.ts';

const STYLES = ['PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED'] as const;

/** Texts of lines with indents, as queries are; letters need no escape in any style. */
const line = fc
  .tuple(
    fc.integer({ min: 0, max: 4 }),
    fc.array(fc.constantFrom('T', '|', 'where', 'A', '==', '1'), { minLength: 1, maxLength: 12 }),
  )
  .map(([indent, words]) => ' '.repeat(indent) + words.join(' '));
const query = fc.array(line, { minLength: 1, maxLength: 6 }).map((lines) => lines.join('\n'));

describe('folds', () => {
  it.each(STYLES)('of a %s scalar are where a line of the file begins and none of the value does', (style) => {
    fc.assert(
      fc.property(query, (text) => {
        const scalar = new Scalar(text);
        scalar.type = style;
        const source = new Document({ before: 1, query: scalar }).toString({ lineWidth: 20 });
        const [document] = parseYaml('x.yaml', source, 'RULE_INVALID').documents;
        const value = (document?.value as { readonly query: string } | undefined)?.query ?? '';
        const visible = [...value.matchAll(/\S/g)].map((match) => match.index);
        const lineOf = (offset: number) => document?.textPlace(['query'], offset).line ?? 0;
        const expected = visible.slice(1).filter((at, index) => {
          const before = visible[index] ?? 0;
          return lineOf(at) > lineOf(before) && !value.slice(before, at).includes('\n');
        });
        const saysLines = source.includes('\\n');
        expect(document?.folds(['query']) ?? []).toEqual(saysLines ? [] : expected);
      }),
      { numRuns: 60 },
    );
  });

  it('are null where lines are kept, and none in a folded scalar of one line', () => {
    const folds = (text: string) => parseYaml('x.yaml', text, 'RULE_INVALID').documents[0]?.folds(['a']);
    expect(folds('a: |\n  b\n  c\n')).toBeNull();
    expect(folds('a: b c\n')).toBeNull();
    expect(folds('a: "b\\nc"\n')).toBeNull();
    expect(folds('a: "b\\n// c\n  d\\n\\\n  e"\n')).toBeNull();
    expect(folds('a: "b\\\\n\n  c"\n')).toEqual([4]);
    expect(folds('a: >\n  b\n')).toEqual([]);
    expect(folds('a: >\n  b\n  c\n\n  d\n')).toEqual([2]);
  });
});

/** Which white space a writer puts around folded lines is its own business, so offsets count in what was read back. */
describe('sourceOffset', () => {
  it.each(STYLES)('leads every visible character of a %s scalar to itself', (style) => {
    fc.assert(
      fc.property(query, (text) => {
        const scalar = new Scalar(text);
        scalar.type = style;
        const source = new Document({ before: 1, query: scalar }).toString({ lineWidth: 20 });
        const [document] = parseYaml('x.yaml', source, 'RULE_INVALID').documents;
        const lines = source.split('\n');
        const value = (document?.value as { readonly query: string } | undefined)?.query ?? '';
        expect(value.split(/\s+/).filter(Boolean)).toEqual(text.split(/\s+/).filter(Boolean));
        for (const [offset, char] of [...value].entries()) {
          if (char.trim() === '') continue;
          const place = document?.textPlace(['query'], offset);
          expect(lines[(place?.line ?? 0) - 1]?.[(place?.column ?? 0) - 1]).toBe(char);
        }
      }),
      { numRuns: 60 },
    );
  });
});
