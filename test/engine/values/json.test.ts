import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { jsonText } from '../../../src/engine/values/dynamic.ts';
import { dynamicOfJson, parseJson } from '../../../src/engine/values/json.ts';
import { outputOf } from '../../../src/engine/values/output.ts';

/** What results carry for a number of the platform: whole ones beyond 2^53 as text, unless they are too large for a long. */
function asOutput(_key: string, value: unknown): unknown {
  if (typeof value !== 'number' || !Number.isInteger(value) || Number.isSafeInteger(value)) return value;
  const text = String(value);
  return /^-?\d+$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text) ? text : value;
}

describe('parseJson', () => {
  it('agrees with the platform', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const text = JSON.stringify(value);
        expect(outputOf(parseJson(text) ?? null, 'dynamic')).toEqual(JSON.parse(text, asOutput));
        expect(outputOf(parseJson(JSON.stringify(value, null, 2)) ?? null, 'dynamic')).toEqual(
          JSON.parse(text, asOutput),
        );
      }),
    );
  });

  it('keeps whole numbers to 64 bits and tells reals apart', () => {
    const text = '[9223372036854775807,-9223372036854775808,50,50.0,1e2,99999999999999999999]';
    expect(parseJson(text)).toEqual([2n ** 63n - 1n, -(2n ** 63n), 50, { real: 50 }, { real: 100 }, { real: 1e20 }]);
    expect(jsonText(parseJson('[50,50.0,0.5]') ?? null)).toBe('[50,50.0,0.5]');
  });

  it('keeps the order of keys, also of those that look like numbers or prototypes', () => {
    const text = '{"b":1,"10":2,"__proto__":{"x":1},"a":3}';
    expect(jsonText(parseJson(text) ?? null)).toBe(text);
    expect(Object.hasOwn(Object(outputOf(parseJson(text) ?? null, 'dynamic')), '__proto__')).toBe(true);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  it('resolves escapes', () => {
    expect(parseJson('"\\u00e9\\n\\"\\ud83d\\ude00"')).toBe('é\n"😀');
  });

  it.each([
    '',
    '{',
    '[1,]',
    '{"a"}',
    '{a:1}',
    "{'a':1}",
    '01',
    '1 2',
    'nul',
    '"open',
    '"\\x"',
    '"\\u12"',
    '+1',
    '.5',
    '[1}',
  ])('refuses %p', (text) => {
    expect(parseJson(text)).toBeUndefined();
  });

  it('refuses documents that are nested too deeply instead of ending the stack', () => {
    expect(parseJson('['.repeat(100_000))).toBeUndefined();
    expect(parseJson(`${'['.repeat(400)}1${']'.repeat(400)}`)).toBeDefined();
  });
});

describe('dynamicOfJson', () => {
  it('turns plain objects into bags', () => {
    expect(dynamicOfJson({ a: [1, 'x', null, true], b: 2 ** 60 })).toEqual(
      new Map<string, unknown>([
        ['a', [1, 'x', null, true]],
        ['b', { real: 2 ** 60 }],
      ]),
    );
    expect(dynamicOfJson([2n ** 60n, undefined])).toEqual([2n ** 60n, null]);
  });
});
