import { describe, expect, it } from '@jest/globals';
import { compileTemplate } from '../../../src/alerts/map/template.ts';
import type { Row } from '../../../src/sources/source.ts';

const ROW: Row = {
  Name: 'pc1',
  Count: 3,
  Bag: { Key: 'k', Deep: { list: [{ n: 1 }, 'two'] }, 'a.b': 'dotted', none: null },
  Text: ' {"Key": "from text", "Inner": "{\\"x\\": [true]}"}',
  Broken: '{"Key": ',
  'Odd.Name': 'whole',
  Items: ['a', 'b'],
};

describe('a template', () => {
  it.each([
    ['{{Name}} and {{ Count }}', 'pc1 and 3'],
    ['{{Bag.Key}}', 'k'],
    ['{{ Bag . Key }}', 'k'],
    ['{{Bag.Deep.list[0].n}}', '1'],
    ['{{Bag.Deep.list.1}}', 'two'],
    ['{{Bag.Deep.list[2].n}}', ''],
    ['{{Bag.Deep}}', '{"list":[{"n":1},"two"]}'],
    ['{{Bag.none}}', ''],
    ['{{Bag.key}}', ''],
    ['{{Text.Key}}', 'from text'],
    ['{{Text.Inner.x[0]}}', 'true'],
    ['{{Broken.Key}}', ''],
    ['{{Odd.Name}}', 'whole'],
    ['{{Items[1]}}', 'b'],
    ['{{Items.length}}', ''],
    ['{{Name.length}}', ''],
    ['{{Bag.constructor.name}}', ''],
    ['{{Bag.__proto__}}', ''],
    ['{{Nothing.Key}}', ''],
    ['{{.}}{{}}', ''],
  ])('writes %s as %j', (text, expected) => {
    expect(compileTemplate(text).render(ROW)).toBe(expected);
  });

  it('names the columns in which its paths begin', () => {
    const template = compileTemplate('{{Name}} {{Bag.Key}} {{Bag.Deep}} {{Odd.Name}} {{Gone.Key}}');
    expect(template.columnsIn(ROW)).toEqual(['Name', 'Bag', 'Odd.Name', 'Gone']);
  });
});
