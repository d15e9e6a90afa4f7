import { describe, expect, it } from '@jest/globals';
import { columnType } from '../../src/sources/decode/column-types.ts';
import { classifyAnswer } from '../../src/sources/errors.ts';
import { readServiceError } from '../../src/sources/service-answer.ts';

describe('what an error body says', () => {
  it.each([
    ['  plain text \n', { code: '', text: 'plain text', isHtml: false }],
    ['', { code: '', text: '', isHtml: false }],
    ['  <html><title> 502  Bad\nGateway </title><p>x</html>', { code: '', text: '502 Bad Gateway', isHtml: true }],
    ['<p>no  title</p><b>here</b>', { code: '', text: 'no title here', isHtml: true }],
    ['[1]', { code: '', text: '[1]', isHtml: false }],
    ['{"error":{"code":"C","message":" m "}}', { code: 'C', text: 'm', isHtml: false }],
    ['{"error":{"code":7,"message":8}}', { code: '7', text: '8', isHtml: false }],
    ['{"code":"C","message":"m"}', { code: 'C', text: 'm', isHtml: false }],
    ['{"error":"no object","message":"m"}', { code: '', text: 'm', isHtml: false }],
    ['{"error":{"innerError":{"message":"inner"}}}', { code: '', text: 'inner', isHtml: false }],
    ['{"error":{"message":"outer","innerError":{"message":"inner"}}}', { code: '', text: 'outer', isHtml: false }],
    ['{"ErrorCode":5,"ErrorMessage":"m","RecommendedAction":"do"}', { code: '5', text: 'm do', isHtml: false }],
    ['{"error":{"message":{},"code":[]}}', { code: '', text: '', isHtml: false }],
  ])('%j', (body, expected) => {
    expect(readServiceError(body)).toMatchObject(expected);
  });
});

describe('the names of column types', () => {
  it.each([
    ['String', 'string'],
    ['Guid', 'guid'],
    ['Boolean', 'bool'],
    ['SByte', 'bool'],
    ['Int32', 'int'],
    ['Int64', 'long'],
    ['Double', 'real'],
    ['SqlDecimal', 'decimal'],
    ['DateTime', 'datetime'],
    ['TimeSpan', 'timespan'],
    ['Object', 'dynamic'],
    ['time', 'timespan'],
    ['date', 'datetime'],
    ['bool', 'bool'],
    ['Int16', 'int'],
    ['int', 'int'],
    ['long', 'long'],
    ['Single', 'real'],
    ['real', 'real'],
    ['decimal', 'decimal'],
    ['uuid', 'guid'],
    ['dynamic', 'dynamic'],
    ['System.Int64', 'long'],
    ['Unheard', 'dynamic'],
    ['constructor', 'dynamic'],
  ])('%s is %s, in any case', (name, type) => {
    expect([columnType(name), columnType(name.toUpperCase())]).toEqual([type, type]);
  });
});

describe('an error that says too much', () => {
  // Each of these took seconds: the expressions went back over the text from every place in it.
  it.each([
    ['permissions without an end', `required application permissions (${'. '.repeat(400_000)}`],
    ['permissions of nothing but dots', `required application permissions (${'.'.repeat(400_000)}x)`],
    ['a page of brackets', '<'.repeat(400_000)],
    ['a title without an end', `<title>${'a'.repeat(400_000)}`],
    ['blanks', `<p>${' '.repeat(400_000)}x`],
    ['times', `in ${'1'.repeat(400_000)} seconds`],
  ])('is looked at for its beginning only: %s', (_name, text) => {
    for (const body of [text, JSON.stringify({ error: { code: text, message: text } })]) {
      for (const status of [400, 403, 429, 500, 502]) {
        const api = { api: 'graph', permission: 'ThreatHunting.Read.All', retiresOn: null };
        const error = classifyAnswer({ status, body, retryAfter: null, now: 0 }, api);
        expect(error.message.length).toBeLessThan(2000);
      }
    }
  });
});
