import { describe, expect, it } from '@jest/globals';
import { evaluate } from '../evaluate.ts';

describe('parse_xml', () => {
  it.each([
    ['parse_xml("<e/>")', { e: null }],
    ['parse_xml("<e>text</e>")', { e: 'text' }],
    ['parse_xml("<e name=\'v\'/>")', { e: { '@name': 'v' } }],
    ['parse_xml("<e name=\\"v\\">text</e>")', { e: { '@name': 'v', '#text': 'text' } }],
    ['parse_xml("<e> <a>1</a> <b>2</b> </e>")', { e: { a: '1', b: '2' } }],
    ['parse_xml("<e><a>1</a><a>2</a><a>3</a></e>")', { e: { a: ['1', '2', '3'] } }],
    ['parse_xml("<e> x <a>1</a></e>")', { e: { '#text': 'x', a: '1' } }],
    ['parse_xml("<?xml version=\'1.0\'?><!-- c --><e>a &lt; &#65;&#x42; &amp;</e>")', { e: 'a < AB &' }],
    ['parse_xml("<e><![CDATA[<b>]]></e>")', { e: '<b>' }],
    ['parse_xml("<e><a></e></a>")', null],
    ['parse_xml("<e>")', null],
    ['parse_xml("text")', null],
    ['parse_xml("")', null],
    ['parse_xml("<a/><b/>")', null],
  ])('%s', async (expression, expected) => {
    expect(await evaluate(expression)).toEqual(expected);
  });
});
