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
