import { describe, expect, it } from '@jest/globals';
import { ask, tableOf } from '../../ask.ts';

const T = tableOf('s: string', [['a'], ['b']]);

async function places(query: string): Promise<unknown[]> {
  const result = await ask(query, { T }, { trace: true });
  return result.trace.map(({ line, start, end }) => [line, query.slice(start, end)]);
}

describe('places inside the body of a function', () => {
  it('are those of the query text', async () => {
    const query = 'let n = 1;\nlet f = (x: string) {\n  T\n  | where s == x\n};\nf("a")\n| take n';
    expect(await places(query)).toEqual([
      [4, 'where s == x'],
      [7, 'take n'],
    ]);
  });

  it('are so in a function that is declared in another one', async () => {
    const query = 'let f = () {\n  let g = () {\n    T | where s == "b"\n  };\n  g() | count\n};\nf()';
    expect(await places(query)).toEqual([
      [3, 'where s == "b"'],
      [5, 'count'],
    ]);
  });

  it('are so in a function that is called by another one', async () => {
    const query = 'let g = () {\n  T | where s == "b" };\nlet f = () {\n  g()\n  | count };\nf()';
    expect(await places(query)).toEqual([
      [2, 'where s == "b"'],
      [5, 'count'],
    ]);
  });

  it('are told in errors', async () => {
    const query = 'let f = () {\n  T\n  | evaluate python(typeof(*), "x")\n};\nf()';
    await expect(ask(query, { T })).rejects.toMatchObject({ problems: [{ line: 3, column: 14 }] });
  });

  it('stand for the call where the function is stored', async () => {
    const schema = {
      tables: {},
      functions: [{ name: 'Odd', parameters: '()', body: '{ T | evaluate python(typeof(*), "x") }' }],
    };
    await expect(ask('T\n| union (Odd())', { T }, { schema })).rejects.toMatchObject({
      problems: [{ line: 2, column: 10 }],
    });
  });
});
