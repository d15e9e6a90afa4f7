import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { rowsOf } from '../evaluate.ts';

const ROADS = `let Roads = datatable(src: string, dst: string, line: string)
  ['a', 'b', 'red', 'b', 'c', 'red', 'c', 'a', 'blue', 'a', 'c', 'blue', 'd', 'd', 'red'];
let Towns = datatable(name: string, size: long)['a', 1, 'b', 2, 'c', 3, 'e', 5];
`;
const GRAPH = `${ROADS} Roads | make-graph src --> dst with Towns on name`;

async function sorted(query: string): Promise<unknown[][]> {
  return (await rowsOf(query)).toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

describe('graph-match', () => {
  it.each([
    ['(x)-[e]->(y) where x.name == "a" project y.name', [['b'], ['c']]],
    ['(x)<-[e]-(y) where x.name == "a" project y.name, e.line', [['c', 'blue']]],
    ['(x)-[e]-(y) where x.name == "a" project y.name', [['b'], ['c'], ['c']]],
    ['(x)-->(y)-->(z) where x.name == "a" and z.name == "c" project y.name', [['b']]],
    ['(x)-[e]->(x) project x.name, x.size', [['d', null]]],
    [
      '(x)-[e]->(y), (x)-[f]->(z) where e.line == "red" and f.line == "blue" project x.name, y.name, z.name',
      [['a', 'b', 'c']],
    ],
    ['(x) where x.size > 2 project x.name', [['c'], ['e']]],
    [
      '(x)-[e*2..2]->(y) where x.name == "a" project y.name, map(e, line)',
      [
        ['a', ['blue', 'blue']],
        ['c', ['red', 'red']],
      ],
    ],
    [
      '(x)-[e*0..1]->(y) where x.name == "b" project y.name, e.line',
      [
        ['b', []],
        ['c', ['red']],
      ],
    ],
    ['(x)-[e*1..9]->(y) where x.name == "a" and all(e, line == "red") project y.name', [['b'], ['c']]],
    [
      '(x)-[e]->(y) where node_degree_out(x) == 2 and e.line == "red" project node_degree_in(y), node_id(x), labels(x)',
      [[1, 'a', []]],
    ],
    [
      '(x)-[e*2..3]->(y) where x.name == "a" and any(inner_nodes(e), size == 2) project map(inner_nodes(e), name)',
      [[['b']], [['b', 'c']]],
    ],
    ['(x)-[e]->(y) where x.name == "nobody" project y.name', []],
  ])('%s', async (pattern, expected) => {
    expect(await sorted(`${GRAPH} | graph-match ${pattern}`)).toEqual(
      [...expected].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    );
  });

  it.each([
    ['unique_edges', 4],
    ['none', 2],
    ['all', 6],
  ])('takes cycles=%s', async (cycles, count) => {
    const query = `${GRAPH} | graph-match cycles=${cycles} (x)-[e*1..4]->(y) where x.name == "b" project y.name | count`;
    expect(await rowsOf(query)).toEqual([[count]]);
  });

  it('knows nodes that only edges name, by their id alone', async () => {
    const query =
      'datatable(s: long, t: long)[1, 2] | make-graph s --> t with_node_id=id | graph-match (x)-->(y) project x.id, y.id';
    expect(await rowsOf(query)).toEqual([[1, 2]]);
    const between =
      'datatable(s: long, t: long)[1, 2, 2, 3] | make-graph s --> t with_node_id=id | graph-match (x)-[e*2..2]->(y) project map(inner_nodes(e), id), all(inner_nodes(e), id > 1)';
    expect(await rowsOf(between)).toEqual([[[2], true]]);
  });

  it('takes a variable for all its properties, and a path for a list', async () => {
    expect(await rowsOf(`${GRAPH} | graph-match (x)-[e]->(y) where x.name == "b" project x, e, y.name`)).toEqual([
      [{ name: 'b', size: 2 }, { src: 'b', dst: 'c', line: 'red' }, 'c'],
    ]);
    expect(
      await rowsOf(
        `${GRAPH} | graph-match (x)-[Roads*1..2]->(y) where x.name == "c" and array_length(Roads) == 2 project Roads`,
      ),
    ).toEqual([
      [
        [
          { src: 'c', dst: 'a', line: 'blue' },
          { src: 'a', dst: 'b', line: 'red' },
        ],
      ],
      [
        [
          { src: 'c', dst: 'a', line: 'blue' },
          { src: 'a', dst: 'c', line: 'blue' },
        ],
      ],
    ]);
  });

  it('of no edges gives no rows', async () => {
    const query =
      'datatable(s: string, t: string)[] | make-graph s --> t with_node_id=id | graph-match (x)-->(y) project x.id';
    expect(await rowsOf(query)).toEqual([]);
  });

  it('refuses sequences that are not connected, and a graph that nothing reads', async () => {
    await expect(rowsOf(`${GRAPH} | graph-match (x)-->(y), (z)-->(w) project x.name`)).rejects.toThrow(/not connected/);
    await expect(rowsOf(GRAPH)).rejects.toThrow(/does not support/);
  });

  it('finds what joins of the edges find', async () => {
    const edges = fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 4 })), {
      minLength: 1,
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(edges, async (pairs) => {
        const cells = pairs.map(([s, t], index) => `${s}, ${t}, ${index}`).join();
        const table = `let E = datatable(s: long, t: long, n: long)[${cells}];`;
        const matched = await sorted(
          `${table} E | make-graph s --> t with_node_id=id | graph-match (x)-[e]->(y)-[f]->(z) project e.n, f.n, x.id, z.id`,
        );
        const joined = await sorted(
          `${table} E | join kind=inner E on $left.t == $right.s | where n != n1 | project n, n1, s, t1`,
        );
        expect(matched).toEqual(joined);
      }),
      { numRuns: 25 },
    );
  });
});

describe('graph-shortest-paths', () => {
  it('tells one path for each pair, or all of the shortest', async () => {
    const edges = `datatable(s: string, t: string, n: long)['a', 'b', 1, 'b', 'd', 2, 'a', 'c', 3, 'c', 'd', 4, 'a', 'a', 5, 'd', 'e', 6]`;
    const query = (output: string): string =>
      `${edges} | make-graph s --> t with_node_id=id | graph-shortest-paths ${output} (x)-[p*1..5]->(y) where x.id == 'a' and y.id in ('d', 'e') project y.id, map(p, n)`;
    expect(await sorted(query(''))).toEqual([
      ['d', [1, 2]],
      ['e', [1, 2, 6]],
    ]);
    expect(await sorted(query('output=all'))).toEqual([
      ['d', [1, 2]],
      ['d', [3, 4]],
      ['e', [1, 2, 6]],
      ['e', [3, 4, 6]],
    ]);
  });
});

describe('graph-to-table and graph-mark-components', () => {
  it('gives nodes and edges back', async () => {
    expect(await rowsOf(`${GRAPH} | graph-to-table nodes`)).toEqual([
      ['a', 1],
      ['b', 2],
      ['c', 3],
      ['e', 5],
      ['d', null],
    ]);
    expect(await rowsOf(`${GRAPH} | graph-to-table edges with_target_id=T | project T == hash(dst)`)).toEqual([
      [true],
      [true],
      [true],
      [true],
      [true],
    ]);
    expect(await rowsOf(`${GRAPH} | graph-to-table nodes as N with_node_id=id, edges as E; E | count`)).toHaveLength(5);
    expect(
      await rowsOf(
        `${ROADS} let G = Roads | make-graph src --> dst with Towns on name; G | graph-to-table edges | count`,
      ),
    ).toEqual([[5]]);
  });

  it.each([
    [
      '',
      [
        ['a', 0],
        ['b', 0],
        ['c', 0],
        ['e', 1],
        ['d', 2],
      ],
    ],
    [
      'kind=strong with_component_id=part',
      [
        ['a', 0],
        ['b', 0],
        ['c', 0],
        ['e', 1],
        ['d', 2],
      ],
    ],
  ])('numbers components (%s)', async (options, expected) => {
    expect(
      await rowsOf(`${GRAPH} | graph-mark-components ${options} | graph-to-table nodes | project-away size`),
    ).toEqual(expected);
  });

  it('tells strong components from weak ones', async () => {
    const chain = "datatable(s: string, t: string)['a', 'b', 'b', 'c', 'c', 'b'] | make-graph s --> t with_node_id=id";
    expect(await rowsOf(`${chain} | graph-mark-components kind=strong | graph-to-table nodes`)).toEqual([
      ['a', 0],
      ['b', 1],
      ['c', 1],
    ]);
    expect(await rowsOf(`${chain} | graph-mark-components | graph-to-table nodes`)).toEqual([
      ['a', 0],
      ['b', 0],
      ['c', 0],
    ]);
  });
});

describe('make-graph partitioned-by', () => {
  it('makes a graph for each value', async () => {
    const query = `datatable(s: string, t: string, k: string)['a', 'b', 'x', 'b', 'c', 'y', 'b', 'd', 'x']
      | make-graph s --> t with_node_id=id partitioned-by k (graph-match (m)-->(n)-->(o) project m.id, o.id)`;
    expect(await rowsOf(query)).toEqual([['a', 'd']]);
  });

  it('takes shortest paths, and operators behind them', async () => {
    const query = `datatable(s: string, t: string, k: string)['a', 'b', 'x', 'b', 'c', 'y', 'b', 'd', 'x']
      | make-graph s --> t with_node_id=id partitioned-by k (graph-shortest-paths cycles=none (m)-[e*1..3]->(n) project m.id, n.id | take 1)`;
    expect(await rowsOf(query)).toEqual([
      ['a', 'b'],
      ['b', 'c'],
    ]);
  });
});
