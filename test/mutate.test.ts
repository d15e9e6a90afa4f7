import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

interface Mutant {
  readonly file: string;
  readonly line: number;
  readonly kind: string;
  readonly reach: string | null;
  readonly before: string;
  readonly after: string;
}

const root = resolve(import.meta.dirname, '..');
const { findMutants, applied, withReach } = (await import(join(root, 'scripts/mutate/find-mutants.mjs'))) as {
  findMutants(file: string, source: string): readonly Mutant[];
  applied(source: string, mutant: Mutant): string;
  withReach(file: string, source: string): string;
};
const { sampleOf } = (await import(join(root, 'scripts/mutate/sample.mjs'))) as {
  sampleOf(mutants: readonly Mutant[], count: number, seed: number): readonly Mutant[];
};

const linesOf = (source: string) => findMutants('a.ts', source).map(({ after }) => after);

describe('mutants', () => {
  it.each([
    ['x = a < b;', ['x = (a <= b);', 'x = (a >= b);']],
    ['x = a !== b;', ['x = (a === b);']],
    ['x = a + 1;', ['x = (a - 1);', 'x = a + 2;', 'x = a + 0;']],
    ["x = 'n' + a;", ["x = '' + a;"]],
    ['x = 5000;', ['x = 10000;', 'x = 2500;']],
    ['x = !a;', ['x = (a);']],
    ['x = true;', ['x = false;']],
    ['x = a && b;', ['x = (a || b);', 'x = (a);', 'x = (b);']],
    ['x = a ?? b;', ['x = (a);', 'x = (b);']],
    ['x = a ? b : c;', ['x = (b);', 'x = (c);']],
    ['x = a?.b;', ['x = a.b;']],
    ['x = a?.(b);', ['x = a(b);']],
    [
      'x = list.filter(f).slice(1);',
      ['x = list.filter(f);', 'x = list.slice(1);', 'x = list.filter(f).slice(2);', 'x = list.filter(f).slice(0);'],
    ],
    ['x = Math.min(a, b);', ['x = Math.max(a, b);']],
    ['x = [...a, b];', ['x = [];', 'x = [b];']],
    ['x += a;', ['x -= a;']],
    ["x = 'kind';", ["x = '';"]],
    ["x = 'A sentence for people.';", []],
    ["import a from 'a';", []],
    ['type A = 1 | 2;', []],
    ['x = a as 1;', []],
    ["x = { 'a-b': a };", []],
  ])('of %s', (source, expected) => {
    const statement = /^x /.test(source) ? [';'] : [];
    expect(linesOf(source)).toEqual([...statement, ...expected]);
  });

  it('force conditions and leave out statements', () => {
    expect(linesOf('if (a) stop();')).toEqual(['if (true) stop();', 'if (false) stop();', 'if (a) ;']);
    expect(linesOf('while (a) stop();')).toEqual(['while (false) stop();', 'while (a) ;']);
    expect(linesOf('function f() { return; }')).toEqual(['function f() { ; }']);
    expect(linesOf('throw a;')).toEqual([';']);
    expect(linesOf('log.info(a);')).toEqual([]);
  });

  it('know their place, behind characters of any width, and their function', () => {
    const source = "const a = 'ü€😀';\nconst f = (b: number) => b > 1;\nfunction g() {\n  f(2);\n}\n";
    const found = findMutants('a.ts', source);
    expect(found.map(({ line, reach }) => `${line} ${reach}`)).toEqual([
      ...['2 a.ts#0', '2 a.ts#0', '2 a.ts#0', '2 a.ts#0'],
      ...['4 a.ts#1', '4 a.ts#1', '4 a.ts#1'],
    ]);
    expect(applied(source, found[0] as Mutant)).toBe(source.replace('b > 1', '(b >= 1)'));
  });

  it('tell which functions are entered, and change nothing else', () => {
    const source =
      'export const f = (b) => (c) => ({ b, c });\nclass A { m() { return f(1); } }\nexport const a = new A();';
    const told: string[] = [];
    const run = new Function('globalThis', `${withReach('a.ts', source).replaceAll('export ', '')}\nreturn a.m()(2);`);
    expect(run({ __reached: (name: string) => told.push(name) })).toEqual({ b: 1, c: 2 });
    expect(told).toEqual(['a.ts#2', 'a.ts#0', 'a.ts#1']);
  });

  it('are drawn by the seed, one a place', () => {
    const mutants = findMutants('a.ts', Array.from({ length: 50 }, (_, index) => `x${index} = a < b && c;`).join('\n'));
    const lines = (seed: number, count = 10) =>
      sampleOf(mutants, count, seed).map(({ line, after }) => `${line} ${after}`);
    expect(lines(1)).toEqual(lines(1));
    expect(lines(1)).not.toEqual(lines(2));
    expect(lines(1)).toHaveLength(10);
    expect(lines(1, 1000)).toHaveLength(50 * 3);
  });
});

describe('mutants that nobody can notice', () => {
  const listed = JSON.parse(readFileSync(join(root, 'scripts/mutate/equivalent.json'), 'utf8')) as readonly {
    readonly file: string;
    readonly before: string;
    readonly after: string;
    readonly reason: string;
  }[];

  it('are listed once each, with their reason', () => {
    for (const { reason } of listed) expect(reason).toMatch(/^\S.{9,}/);
    const keys = listed.map(({ file, before, after }) => JSON.stringify([file, before, after]));
    expect(new Set(keys).size).toBe(keys.length);
  });
});
