import { describe, expect, it } from '@jest/globals';
import { compileSchema } from '../../src/lib/schema-problems.ts';

const SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: { type: 'string', pattern: '^[a-z]+$', 'x-hint': 'write small letters' },
    size: { type: 'integer', minimum: 1 },
    color: { enum: ['red', 'green'] },
    parts: { type: 'array', minItems: 1, items: { type: ['string', 'number'] } },
    kind: { const: 'x' },
    share: { type: 'number', exclusiveMinimum: 0, maximum: 2 },
    code: { type: 'string', minLength: 3, maxLength: 4 },
    pair: { type: 'array', minItems: 2, uniqueItems: true },
    one: { type: 'object', maxProperties: 1 },
    more: { type: 'object', propertyNames: { pattern: '^[a-z]+$' }, additionalProperties: { type: 'string' } },
  },
};

const say = (value: unknown) =>
  compileSchema(SCHEMA)(value).map((one) => `${one.path.join('.')}${one.atKey ? ' key' : ''}: ${one.message}`);

describe('compileSchema', () => {
  it('has nothing against what fits, integers beyond 2^53 included', () => {
    expect(say({ name: 'a', size: 2n ** 60n, parts: ['a', 1], more: { a: 'b' } })).toEqual([]);
  });

  it.each([
    [{}, ': The key "name" is missing.', ' key'],
    [{ nmae: 'a', name: 'a' }, 'nmae key: Unknown key "nmae". Did you mean "name"?', ''],
    [{ name: 'A' }, 'name: "name" is not in the right form: write small letters.', ''],
    [{ name: 1 }, 'name: "name" must be text: write small letters.', ''],
    [{ name: 'a', size: 0 }, 'size: "size" must be at least 1.', ''],
    [{ name: 'a', share: 0 }, 'share: "share" must be more than 0.', ''],
    [{ name: 'a', share: 3 }, 'share: "share" must be at most 2.', ''],
    [{ name: 'a', code: 'xy' }, 'code: "code" must have at least 3 characters.', ''],
    [{ name: 'a', code: 'xyzwv' }, 'code: "code" must have at most 4 characters.', ''],
    [{ name: 'a', pair: [1] }, 'pair: "pair" must have at least 2 entries.', ''],
    [{ name: 'a', pair: [1, 2, 1] }, 'pair: "pair" has one entry twice: entries 1 and 3 are the same.', ''],
    [{ name: 'a', one: { a: 1, b: 2 } }, 'one: "one" must have at most 1 key.', ''],
    [{ name: 'a', size: 1.5 }, 'size: "size" must be a whole number.', ''],
    [{ name: 'a', color: 'gren' }, 'color: "color" must be one of red, green. Did you mean "green"?', ''],
    [{ name: 'a', parts: [] }, 'parts: "parts" must not be empty.', ''],
    [{ name: 'a', parts: [true] }, 'parts.0: An entry of "parts" must be text or a number.', ''],
    [{ name: 'a', kind: 'y' }, 'kind: "kind" must be "x".', ''],
    [{ name: 'a', more: { 'a/b~c': 1 } }, 'more.a/b~c: "a/b~c" must be text.', ''],
    [[], ': The document must be a map.', ''],
  ])('says in words what is wrong with %j', (value, message, key) => {
    expect(say(value)).toContain(`${key}${message}`);
  });

  it('never repeats a value, which may be a secret', () => {
    const secret = 'S3CRET-VALUE';
    expect(say({ name: secret, color: secret, kind: secret, size: secret, parts: secret }).join()).not.toContain(
      secret,
    );
  });

  it('tells each problem once', () => {
    const twice = compileSchema({ allOf: [{ required: ['a'] }, { required: ['a'] }] });
    expect(twice({})).toHaveLength(1);
  });
});
