import { describe, expect, it } from '@jest/globals';
import { parseYaml } from '../../../src/lib/yaml/parse-yaml.ts';

const parse = (text: string) => parseYaml('f.yaml', text, 'RULE_INVALID');

describe('merge keys', () => {
  it('bring the entries of a map; own entries win, and of a list earlier maps', () => {
    const { documents, problems } = parse(
      'a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc: {<<: *a, x: 3}\nd: {x: 4, <<: [*b, *a]}\ne: {<<: {q: 5}}\n',
    );
    expect(problems).toEqual([]);
    expect(documents[0]?.value).toMatchObject({
      c: { x: 3, y: 1 },
      d: { x: 4, y: 2, z: 2 },
      e: { q: 5 },
    });
  });

  it('have the places of what they bring', () => {
    const [document] = parse('a: &a {x: 1, y: [1, 2]}\nc:\n  <<: *a\n  x: 3\nd: {<<: [*a]}\n').documents;
    expect(document?.valuePlace(['c', 'y', 1])).toEqual({ line: 1, column: 21 });
    expect(document?.keyPlace(['c', 'x'])).toEqual({ line: 4, column: 3 });
    expect(document?.keyPlace(['d', 'y'])).toEqual({ line: 1, column: 14 });
  });

  it('in quotes are keys like others', () => {
    expect(parse('a: {"<<": 1}\n').documents[0]?.value).toEqual({ a: { '<<': 1 } });
  });

  it.each([
    ['a: {<<: 1}\n', '1:5 The merge key "<<" takes a map or a list of maps.'],
    ['a: &a [1]\nb: {<<: *a}\n', '2:5 The merge key "<<" takes a map or a list of maps.'],
    ['a: {<<: *b}\n', '1:9 The alias names no anchor that stands before it.'],
  ])('%j is refused', (text, message) => {
    expect(parse(text).problems.map((one) => `${one.line}:${one.column} ${one.message}`)).toContain(message);
  });

  it('that hold themselves are refused, and do not hang', () => {
    expect(parse('a: &a\n  <<: *a\n  x: 1\n').problems.length).toBeGreaterThan(0);
  });
});
