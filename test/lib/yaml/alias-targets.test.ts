import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Alias, isAlias, parseDocument, visit } from 'yaml';
import { aliasTargets } from '../../../src/lib/yaml/alias-targets.ts';
import { parseYaml } from '../../../src/lib/yaml/parse-yaml.ts';

const line = fc.oneof(
  fc.constantFrom('a', 'b', 'c').map((name) => `- &${name} x`),
  fc.constantFrom('a', 'b', 'c').map((name) => `- *${name}`),
  fc
    .tuple(fc.constantFrom('a', 'b'), fc.constantFrom('a', 'b', 'c'))
    .map(([own, used]) => `- &${own} [y, *${used}, {k: &c z}]`),
  fc.constantFrom('a', 'b').map((name) => `- {*${name} : 1, k: *${name}}`),
);

describe('aliases', () => {
  it('stand for what the library says, anchors that come again included', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const document = parseDocument(lines.join('\n'));
        const aliases: Alias[] = [];
        visit(document, (_key, node) => {
          if (isAlias(node)) aliases.push(node);
        });
        const targets = aliasTargets(document);
        for (const alias of aliases) expect(targets.get(alias)).toBe(alias.resolve(document));
      }),
    );
  });

  // Each took a walk of the document: so many of them took minutes.
  it.each([
    ['of one anchor', (count: number) => `- &a x\n${'- *a\n'.repeat(count)}`],
    ['of nothing', (count: number) => '- *a\n'.repeat(count)],
    [
      'of many anchors',
      (count: number) => Array.from({ length: count / 2 }, (_, at) => `- &a${at} x\n- *a${at}\n`).join(''),
    ],
  ])('%s cost no more than other values', (_name, text) => {
    const { documents, problems } = parseYaml('r.yaml', text(10_000), 'RULE_INVALID');
    expect(documents.length + problems.length).toBeGreaterThan(0);
  });

  it('many keys are found without a walk for each', () => {
    const count = 10_000;
    const text = Array.from({ length: count }, (_, at) => `k${at}: ${at}\n`).join('');
    const [document] = parseYaml('r.yaml', text, 'RULE_INVALID').documents;
    const wanted = Array.from({ length: count }, (_, at) => at + 1);
    expect(wanted.map((line) => document?.keyPlace([`k${line - 1}`]).line)).toEqual(wanted);
  });
});
