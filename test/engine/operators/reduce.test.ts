import { describe, expect, it } from '@jest/globals';
import { rowsOf } from '../ask.ts';

const list = (texts: readonly string[]): string => `datatable(s:string)[${texts.map((one) => `'${one}'`).join()}]`;

describe('reduce', () => {
  it('parts terms where it is told to, and has as many groups as the threshold leaves', async () => {
    const numbers = "range x from 1 to 10 step 1 | project s = strcat('fooZ', x)";
    expect(await rowsOf(`${numbers} | reduce by s with characters = 'Z'`)).toEqual([['foo*', 10, 'fooZ1']]);
    expect(await rowsOf(`${numbers} | reduce by s`)).toEqual([['others', 10, '']]);
    expect(await rowsOf(`${numbers} | reduce by s with threshold = 0.9, characters = 'Z'`)).toHaveLength(9);
  });

  it('tells what texts share, and stars for the rest', async () => {
    const texts = [1, 2, 3, 4].flatMap((at) => [`logon of kim from 10.0.0.${at} failed`, `service started in ${at} s`]);
    expect(await rowsOf(`${list(texts)} | reduce by s with threshold = 0.25`)).toEqual([
      ['logon of kim from 10.0.0.* failed', 4, 'logon of kim from 10.0.0.1 failed'],
      ['service started in * s', 4, 'service started in 1 s'],
    ]);
  });

  it('lets a star stand for several terms', async () => {
    const texts = ['open a b c now', 'open a now', 'open x now'];
    expect(await rowsOf(`${list(texts)} | reduce by s`)).toEqual([['open * now', 3, 'open a b c now']]);
  });

  it('keeps a text that stands alone, and counts rows', async () => {
    const texts = ['Paris', 'Paris', 'Paris', 'Moscow', 'Moscow', 'Moscow'];
    expect(await rowsOf(`${list(texts)} | reduce by s with threshold = 0.5`)).toEqual([['others', 6, '']]);
    expect(await rowsOf(`${list(['Paris', 'Paris'])} | reduce by s`)).toEqual([['Paris', 2, 'Paris']]);
  });

  it('adds the pattern to the rows with kind=source', async () => {
    expect(await rowsOf(`${list(['a 1', 'a 2'])} | reduce kind=source by s`)).toEqual([
      ['a 1', 'a *', 2, 'a 1'],
      ['a 2', 'a *', 2, 'a 1'],
    ]);
  });

  it('never cuts a character, and has no rows without rows', async () => {
    expect(await rowsOf(`${list(['a😀1', 'a😀2'])} | reduce by s`)).toEqual([['a😀*', 2, 'a😀1']]);
    expect(await rowsOf(`${list(['a😀1', 'a😀2'])} | reduce by s with characters = '😀'`)).toEqual([['a*', 2, 'a😀1']]);
    expect(await rowsOf(`${list(['', '-'])} | reduce by s`)).toEqual([['others', 2, '']]);
    expect(await rowsOf(`${list(['a'])} | where false | reduce by s`)).toEqual([]);
  });

  it('refuses other kinds, other types and options that rows tell', async () => {
    for (const query of ['reduce kind=other by s', 'reduce by strlen(s)', 'reduce by s with characters = s'])
      await expect(rowsOf(`${list(['a'])} | ${query}`)).rejects.toMatchObject({ name: 'HuntwireError' });
  });
});
