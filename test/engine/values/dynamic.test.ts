import { describe, expect, it } from '@jest/globals';
import type { Value } from '../../../src/engine/value.ts';
import {
  dynamicType,
  elementOf,
  jsonText,
  memberOf,
  packed,
  propertyOf,
  textOfDynamic,
} from '../../../src/engine/values/dynamic.ts';
import { parseJson } from '../../../src/engine/values/json.ts';

function json(text: string): Value {
  return parseJson(text) ?? null;
}

describe('members', () => {
  const document = json('{"a":{"b":[1,2,3]},"n":null}');

  it('are found by name and position, from either end', () => {
    expect(elementOf(propertyOf(propertyOf(document, 'a'), 'b'), 1)).toBe(2);
    expect(elementOf(json('[1,2,3]'), -1)).toBe(3);
    expect(memberOf(document, 'n')).toBeNull();
  });

  it('are null where there is nothing, never an error', () => {
    expect(propertyOf(document, 'missing')).toBeNull();
    expect(propertyOf(document, 'constructor')).toBeNull();
    expect(propertyOf(null, 'a')).toBeNull();
    expect(propertyOf('text', 'length')).toBeNull();
    expect(elementOf(json('[1]'), 5)).toBeNull();
    expect(elementOf(json('[1]'), -5)).toBeNull();
    expect(elementOf(document, 0)).toBeNull();
    expect(memberOf(json('[1]'), true)).toBeNull();
  });
});

describe('packed', () => {
  it('writes times as text and keeps reals apart from longs', () => {
    expect(packed(0, 'datetime')).toBe('2014-01-01T00:00:00.0000000Z');
    expect(packed(10_000_000, 'timespan')).toBe('00:00:01');
    expect(packed(2, 'real')).toEqual({ real: 2 });
    expect(packed({ unscaled: 15n, scale: 1 }, 'decimal')).toBe('1.5');
    expect(packed(2, 'long')).toBe(2);
    expect(packed(null, 'datetime')).toBeNull();
  });
});

describe('texts', () => {
  it.each([
    ['null', ''],
    ['"x"', 'x'],
    ['[1,"x",null]', '[1,"x",null]'],
    ['{"a":{"b":true}}', '{"a":{"b":true}}'],
    ['1.5', '1.5'],
    ['false', 'false'],
  ])('of %s is %p', (source, expected) => {
    expect(textOfDynamic(json(source))).toBe(expected);
  });

  it('quote what JSON has no number for', () => {
    expect(jsonText([Number.NaN, Number.POSITIVE_INFINITY])).toBe('["NaN","Infinity"]');
  });
});

describe('dynamicType', () => {
  it.each([
    ['null', 'null'],
    ['"x"', 'string'],
    ['true', 'bool'],
    ['1', 'long'],
    ['9007199254740993', 'long'],
    ['1.0', 'real'],
    ['1.5', 'real'],
    ['[]', 'array'],
    ['{}', 'dictionary'],
  ])('of %s is %s', (source, expected) => {
    expect(dynamicType(json(source))).toBe(expected);
  });
});
