import { describe, expect, it } from '@jest/globals';
import { mapInTurns } from '../../../src/lib/loop/in-turns.ts';
import { startPutOff } from '../../../src/run/calls/put-off.ts';

const texts = (count: number, name = 'row') => Array.from({ length: count }, (_, index) => `${name} ${index}`);

describe('rows of an answer', () => {
  it('are looked at when all have come, each once and in their order', async () => {
    const seen: string[] = [];
    const rows = startPutOff<string>((row) => seen.push(row));
    for (const row of texts(450)) rows.take(row);
    expect(seen).toEqual([]);
    await rows.finish();
    expect(seen).toEqual(texts(450));
  });

  it.each([
    ['many', { most: 3, size: 1000 }, texts(5)],
    ['large', { most: 100, size: 30 }, [...texts(4), 'x'.repeat(40), ...texts(2)]],
  ])('are looked at as they come where they are %s', async (_name, limits, all) => {
    const seen: string[] = [];
    const rows = startPutOff<string>((row) => seen.push(row), limits);
    for (const [index, row] of all.entries()) {
      rows.take(row);
      expect([0, index + 1]).toContain(seen.length);
    }
    expect(seen).toEqual(all);
    await rows.finish();
    expect(seen).toEqual(all);
  });

  it('that came in turn with those of others do not wait for them', async () => {
    const done: string[] = [];
    const looked = { first: 0, second: 0 };
    const answers = (['first', 'second'] as const).map((name) => ({
      name,
      rows: startPutOff<string>(() => (looked[name] += 1)),
    }));
    for (const row of texts(800)) for (const { rows } of answers) rows.take(row);
    await Promise.all(
      answers.map(async ({ name, rows }) => {
        await rows.finish();
        // As its alerts are made.
        await mapInTurns(texts(800), (row) => row);
        if (name === 'first') expect(looked.second).toBeLessThan(800);
        done.push(name);
      }),
    );
    expect(done).toEqual(['first', 'second']);
  });

  it('that cannot be looked at end what waits for them', async () => {
    const rows = startPutOff<string>(() => {
      throw new Error('unreadable');
    });
    rows.take('row');
    await expect(rows.finish()).rejects.toThrow('unreadable');
  });
});
