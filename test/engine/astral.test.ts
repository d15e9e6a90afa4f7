import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SCALAR_FUNCTIONS } from '../../src/engine/functions/registry.ts';
import { allMatches, compileRegex } from '../../src/engine/regex/compile-regex.ts';
import type { EvaluationContext, Value } from '../../src/engine/value.ts';
import { tries } from '../tries.ts';
import { ask, cells, rowsOf, tableOf } from './ask.ts';

const context: EvaluationContext = { now: 0, random: () => 0.5, spend: () => undefined, tick: () => undefined };

const pieces = fc
  .array(fc.constantFrom('😀', '𝒜', '🏳', 'a', 'B', ' ', '/', '%', '-', '=', '"', '\\', '.', '1'), { maxLength: 8 })
  .map((all) => all.join(''));
const text = fc.oneof(
  { weight: 9, arbitrary: pieces },
  { weight: 1, arbitrary: fc.constantFrom('"\\ud83d"', '["\\ude00"]') },
);
const SAMPLES: Readonly<Record<string, fc.Arbitrary<Value>>> = {
  string: text,
  long: fc.oneof(fc.integer({ min: -3, max: 9 }), fc.constantFrom(0xd83d, 0xde00)),
  dynamic: fc.oneof(
    fc.array(fc.oneof(text, fc.constantFrom(0xd83d, 0xde00)), { maxLength: 4 }),
    text,
    fc.constant(null),
  ),
};

/** No half of a surrogate pair stands alone. */
function wellFormed(value: string): boolean {
  return !/\p{Surrogate}/u.test(value);
}

function torn(value: unknown): boolean {
  if (typeof value === 'string') return !wellFormed(value);
  if (Array.isArray(value)) return value.some(torn);
  return value instanceof Map ? [...value].some(torn) : false;
}

/** Every list of types of up to four arguments with a text among them. */
function signatures(): string[][] {
  const types = Object.keys(SAMPLES);
  const grow = (lists: string[][]): string[][] => lists.flatMap((list) => types.map((type) => [...list, type]));
  const one = grow([[]]);
  const two = grow(one);
  const three = grow(two);
  return [...one, ...two, ...three].filter((list) => list.includes('string') || list.includes('dynamic'));
}
const SIGNATURES = signatures();

describe('characters beyond the basic plane', () => {
  it.each([...SCALAR_FUNCTIONS.values()])('$name gives no half of a pair', (one) => {
    for (const types of SIGNATURES) {
      const call = one.bind(
        types,
        'string',
        types.map(() => undefined),
        context,
      );
      if (!call) continue;
      fc.assert(
        fc.property(fc.tuple(...types.map((type) => SAMPLES[type] ?? text)), (values) => {
          let result: Value = null;
          try {
            result = call(...values);
          } catch (error) {
            // A pattern that is no regular expression, a text that grows too long: refusals, with nothing torn.
            expect(error).toMatchObject({ name: expect.stringMatching(/^(HuntwireError|QueryProblem)$/) });
          }
          // The property fails where it gives false: `expect`, called 100,000 times here, takes as long as all else together.
          return !torn(result);
        }),
        { numRuns: tries(8, 20) },
      );
    }
  });

  it.each(['^', '$', '\\A', '\\z', '\\B', '(?m)^', '(?m)$', '(?m)\\B', 'x*', '(a|^)', '(?i)\\B'])(
    '%s does not match between the halves',
    (pattern) => {
      for (const source of ['😀', 'a😀', '😀\n😀', '𝒜 😀'])
        for (const { start, end } of allMatches(compileRegex(pattern), source))
          expect(wellFormed(source.slice(0, start)) && wellFormed(source.slice(0, end))).toBe(true);
    },
  );
});

describe('astral text in queries', () => {
  it.each([
    [`print a = 'Invoice 😀' matches regex @'^(re:|fw:)?\\s*$'`, false],
    [`print a = replace_regex('😀', @'$', '!')`, '😀!'],
    [`print a = replace_regex('a😀', @'\\B', '-')`, 'a😀-'],
  ])('%s', async (query, expected) => {
    expect(await rowsOf(query)).toEqual([[expected]]);
  });

  it('operators that cut texts cut no pair', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (value) => {
        const T = tableOf('s: string', [[value]]);
        for (const query of [
          "T | parse s with a '-' b ' ' c",
          "T | parse-kv s as (a: string, B: string) with (pair_delimiter=' ', kv_delimiter='=')",
          "T | parse kind=regex s with '[a😀]' a @'\\B' b",
          "T | mv-expand p = split(s, 'a') to typeof(string)",
          'T | extend l = strlen(s) | extend p = substring(s, l / 2), q = s[0]',
        ]) {
          const result = await ask(query, { T }).catch(() => null);
          if (result) expect(cells(result).some(torn)).toBe(false);
        }
      }),
      { numRuns: tries(15, 40) },
    );
  });
});
