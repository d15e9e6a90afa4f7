import { describe, expect, it } from '@jest/globals';
import type { OutputValue } from '../../../src/engine/values/output.ts';
import { rowsOf } from '../evaluate.ts';

const KEYS = 'as (Text:string, Id:long, Machine:string)';

async function parsed(text: string, properties: string): Promise<OutputValue[] | undefined> {
  const [row] = await rowsOf(`print s = ${JSON.stringify(text)} | parse-kv s ${KEYS} ${properties} | project-away s`);
  return row;
}

describe('parse-kv', () => {
  it.each([
    ['Id:7, Machine:n1, Text: is up', "with (pair_delimiter=',', kv_delimiter=':')", ['is up', 7, 'n1']],
    ['Id=7;Id=8;Machine=', "with (pair_delimiter=';', kv_delimiter='=')", ['', 7, '']],
    ["Text='a, b',Id=x", "with (pair_delimiter=',', kv_delimiter='=', quote=\"'\")", ['a, b', null, '']],
    ['12:30 [INFO] Id:7, Machine:n1, Text: Started', '', ['Started', 7, 'n1']],
    ["Id:7 Text: 'it \\' s' Machine", "with (quote=\"'\", escape='\\\\')", ["it ' s", 7, '']],
    ['<Id>7</Id>', "with (regex='<(.*?)>(.*?)<')", ['', 7, '']],
    ['', '', ['', null, '']],
  ])('%p %s', async (text, properties, expected) => {
    expect(await parsed(text, properties)).toEqual(expected);
  });
});
