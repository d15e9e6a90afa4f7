import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compileExpression } from '../../../src/targets/template/expression.ts';
import { compileText, compileTree, pathText } from '../../../src/targets/template/template.ts';
import { sampleAlert } from '../sample-alert.ts';

const ALERT = sampleAlert({
  rowCount: 3,
  entities: [
    { type: 'host', name: 'pc1' },
    { type: 'account', name: 'anna' },
  ],
  details: { Command: 'powershell -enc AAAA', List: [1, 2] },
});

const tree = (value: unknown) => compileTree(value, 'here').render(ALERT);
const value = (text: string, input: unknown = ALERT) => compileExpression(text, 'here').evaluate(input);

describe('a tree with places', () => {
  it('keeps the types of values that stand alone', async () => {
    const body = {
      count: '{{ rowCount }}',
      list: '{{ details.List }}',
      host: '{{ entities[type="host"].name }}',
      isHigh: '{{ severity = "high" }}',
      nothing: '{{ window }}',
      fixed: 7,
      deep: [{ text: 'a {{ title }} b' }, null, true],
    };
    expect(await tree(body)).toEqual({
      count: 3,
      list: [1, 2],
      host: 'pc1',
      isHigh: true,
      nothing: null,
      fixed: 7,
      deep: [{ text: `a ${ALERT.title} b` }, null, true],
    });
  });

  it('leaves out a member without a value, and writes null for an item', async () => {
    expect(await tree({ a: '{{ missing }}', b: ['{{ missing }}', '{{ status }}'] })).toEqual({ b: [null, 'firing'] });
  });

  it('fills in texts: nothing for no value, JSON for what is no text', async () => {
    const { render } = compileText('<{{ missing }}|{{ window }}|{{ details.List }}|{{ rowCount }}>', 'here');
    expect(await render(ALERT)).toBe('<||[1,2]|3>');
  });

  it('says what is wrong where the braces of an object end a place', async () => {
    expect(() => compileTree('{{ {"a": {"b": title}} }}', 'here')).toThrow('Two closing braces end a place');
    expect(await tree('{{ {"a": {"b": rowCount} } }}')).toEqual({ a: { b: 3 } });
    expect(() => compileTree('{{ $foo( }}', 'here')).toThrow(/is no JSONata: (?!.*braces)/);
  });

  it('encodes what stands in a path', async () => {
    const { render } = compileText('/alerts/{{ title }}/x', 'here');
    expect(await render({ title: '../a b/?#\ud800' }, pathText)).toBe('/alerts/..%2Fa%20b%2F%3F%23%EF%BF%BD/x');
  });

  it('holds what was put in, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), async (json) => {
        const input = { value: JSON.parse(json) };
        const [rendered] = (await compileTree(['{{ value }}'], 'here').render(input)) as unknown[];
        expect(JSON.stringify(rendered)).toBe(JSON.stringify(input.value));
      }),
    );
  });

  it('goes no deeper than it can', () => {
    let deep: unknown = 'x';
    for (let level = 0; level < 40; level += 1) deep = [deep];
    expect(() => compileTree(deep, 'here')).toThrow(/at most 32 levels/);
  });

  it.each(['{{ title', '{{ ( }}', '{{ $match(title, /(?=x)/) }}', '{{ $match(title, /(a)\\1/) }}'])(
    'is refused with its place: %s',
    (text) => {
      if (text === '{{ title') expect(() => compileTree({ a: text }, 'here')).not.toThrow();
      else expect(() => compileTree({ a: [text] }, 'here')).toThrow(/^here\.a\.0: .* is no JSONata: /);
    },
  );
});

describe('an expression', () => {
  it('finds with regexes as JSONata does', async () => {
    expect(await value('$match(details.Command, /-e(n)c (\\w+)/).groups')).toEqual(['n', 'AAAA']);
    expect(await value('$replace("a-b-c", /-/, "+")')).toBe('a+b+c');
    expect(await value('$split("a1b22c", /[0-9]+/)')).toEqual(['a', 'b', 'c']);
    expect(await value('$contains("ABC", /b/i)')).toBe(true);
    expect(await value('$replace("x=1", /(\\w)=(\\d)/, "$2:$1")')).toBe('1:x');
  });

  it('ends at once on a regex that others hang on', async () => {
    expect(await value('$contains(text, /^(a+)+$/)', { text: `${'a'.repeat(20_000)}!` })).toBe(false);
  });

  it.each([
    ['($f := function($n) { $f($n + 1) }; $f(0))', /stack|timeout/i],
    ['[1..1000000]', /2000000|sequence|D2014|D2015|exceed|large|size/i],
    ['$nothing()', /function/i],
    ['1 + "a"', /.*/],
  ])('fails within its limits: %s', async (text, message) => {
    await expect(value(text)).rejects.toMatchObject({
      code: 'TEMPLATE_FAILED',
      message: expect.stringMatching(message),
    });
  });

  it('takes no value that is larger than any receiver takes', async () => {
    await expect(value("$pad('x', 4000001)")).rejects.toThrow('more than 4000000 characters');
  });

  it('gives no functions and no marks of sequences', async () => {
    expect(await value('$sum')).toBeUndefined();
    expect(Object.getOwnPropertyNames((await value('entities.name')) as object)).toEqual(['0', '1', 'length']);
  });
});
