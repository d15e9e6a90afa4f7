import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type ErrorCode, HuntwireError, toHuntwireError } from '../../../src/lib/errors.ts';
import type { EndedCall } from '../../../src/run/calls/send-query.ts';
import { openPack, type PackMember } from '../../../src/run/pack/pack.ts';
import { createPackMemory } from '../../../src/run/pack/pack-memory.ts';
import type { QueryEnd, QueryRequest, Row } from '../../../src/sources/source.ts';
import { packSource, type Verdict } from './pack-source.ts';

const WORDS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const columns = [{ name: 'Word', type: 'string' }] as const;

function refusal(code: ErrorCode, message = 'no'): HuntwireError {
  return new HuntwireError(code, message, { serviceTime: 7 });
}

/** Asks all words together; those of `silent` leave without having asked. */
async function askPack(
  words: readonly string[],
  judge?: (legs: readonly string[]) => Verdict,
  silent = '',
  times: (word: string) => Pick<QueryRequest, 'asOf' | 'range'> = () => ({}),
) {
  const { source, calls, requests } = packSource(judge);
  const memory = createPackMemory();
  const noted: EndedCall[] = [];
  let admitted = 0;
  const members: readonly PackMember[] = words.map((ruleId) => ({ ruleId, columns }));
  const pack = openPack({
    members,
    source,
    memory,
    sending: {
      source,
      admit: async () => {
        admitted += 1;
        return admitted;
      },
      called: async (call) => void noted.push(call),
      monotonic: () => 0,
    },
  });
  const answers = members.map(
    async (member): Promise<readonly [string, QueryEnd | HuntwireError, readonly string[]]> => {
      const { ruleId } = member;
      if (silent.includes(ruleId)) {
        pack.leave(member);
        return [ruleId, refusal('INTERNAL'), []];
      }
      const rows: Row[] = [];
      const request = { ruleId, query: ruleId, signal: new AbortController().signal, ...times(ruleId) };
      const sink = { schema: () => undefined, row: (row: Row) => void rows.push(row) };
      try {
        const end = await pack.sourceOf(member).query(request, sink);
        return [ruleId, end, rows.map(({ Word }) => String(Word))];
      } catch (thrown) {
        return [ruleId, toHuntwireError(thrown), rows.map(({ Word }) => String(Word))];
      } finally {
        pack.leave(member);
      }
    },
  );
  return {
    answers: await Promise.all(answers),
    calls,
    requests,
    memory,
    noted,
    admitted: () => admitted,
    pack,
    members,
  };
}

describe('several turns in one call', () => {
  it('tell their time where all have the same, and the range that takes in all of theirs', async () => {
    const one = await askPack(WORDS, undefined, '', (word) => ({
      asOf: 9,
      range: { from: word === 'b' ? 1 : 3, to: 9 },
    }));
    expect(one.requests[0]).toMatchObject({ asOf: 9, range: { from: 1, to: 9 } });
    const two = await askPack(WORDS, undefined, '', (word) =>
      word === 'b' ? { asOf: 8 } : { asOf: 9, range: { from: 1, to: 9 } },
    );
    expect(Object.keys(two.requests[0] ?? {})).toEqual(['ruleId', 'query', 'signal']);
  });

  it('are each answered as alone, and the call is admitted and noted once', async () => {
    const { answers, calls, noted, admitted } = await askPack(WORDS);
    expect(answers.map(([word, , rows]) => [word, [...rows].sort()])).toEqual(
      WORDS.map((word) => [word, [`${word}1`, `${word}2`]]),
    );
    for (const [, end] of answers) expect(end).toMatchObject({ rows: 2, truncated: false, serviceTime: null });
    expect([calls.length, noted.length, admitted()]).toEqual([1, 1, 1]);
    expect(noted[0]?.end?.serviceTime).not.toBeNull();
  });

  it('do not wait for those that have nothing to ask, and one that is left goes as it is', async () => {
    expect((await askPack(WORDS, undefined, 'acfg')).calls).toEqual([['b', 'd', 'e', 'h']]);
    expect((await askPack(WORDS, undefined, 'abcdefg')).calls).toEqual([['h']]);
    expect((await askPack(WORDS, undefined, 'abcdefgh')).calls).toEqual([]);
  });

  it('ask what else they need by themselves', async () => {
    const { pack, members, calls } = await askPack(['a', 'b']);
    const [first] = members;
    if (!first) throw new Error('nobody');
    const request = { ruleId: 'a', query: 'more', signal: new AbortController().signal };
    await pack.sourceOf(first).query(request, { schema: () => undefined, row: () => undefined });
    expect(calls.at(-1)).toEqual(['more']);
  });
});

describe('a pack that does not go', () => {
  it.each([
    'SOURCE_QUERY_INVALID',
    'SOURCE_TIMEOUT',
    'SOURCE_RESULT_TOO_LARGE',
    'SOURCE_BODY_TOO_LARGE',
    'SOURCE_SERVER',
    'truncated',
    'torn',
  ] as const)('is asked in halves, and the pairs that did not go together are remembered: %s', async (why) => {
    const verdict = why === 'truncated' || why === 'torn' ? why : refusal(why);
    const together = (legs: readonly string[]) => legs.includes('a') && legs.includes('d');
    const { answers, calls, memory } = await askPack(['a', 'b', 'c', 'd'], (legs) => (together(legs) ? verdict : null));
    expect(calls).toEqual([
      ['a', 'b', 'c', 'd'],
      ['a', 'b'],
      ['c', 'd'],
    ]);
    for (const [word, , rows] of answers) expect([...rows].sort()).toEqual([`${word}1`, `${word}2`]);
    expect(memory.goTogether('a', 'd', 1)).toBe(false);
    expect([memory.goTogether('a', 'b', 1), memory.goTogether('d', 'a', 24 * 3_600_000)]).toEqual([true, true]);
  });

  it('because of one leg, to whose place the error points, is asked without it, and the error is its own', async () => {
    const { answers, calls, memory } = await askPack(['a', 'b', 'c', 'd'], (legs) => {
      // The comment line, `let … {` of a, `a`, `};`, `let … {` of b, and then b itself.
      if (legs.includes('b'))
        return refusal('SOURCE_QUERY_INVALID', legs.length > 1 ? 'Line: 6, Position: 1' : 'b alone');
      return null;
    });
    expect(calls).toEqual([['a', 'b', 'c', 'd'], ['a', 'c', 'd'], ['b']]);
    expect(answers[1]?.[1]).toMatchObject({ code: 'SOURCE_QUERY_INVALID', message: 'b alone', serviceTime: null });
    expect(memory.goTogether('a', 'b', 1)).toBe(true);
  });

  it.each(['SOURCE_THROTTLED', 'SOURCE_NETWORK', 'SOURCE_AUTH'] as const)(
    'for a reason that each would have met, is not asked again, and nothing is learnt of it: %s',
    async (code) => {
      const { answers, calls, memory } = await askPack(['a', 'b'], () => refusal(code));
      expect(calls).toEqual([['a', 'b']]);
      for (const [, error, rows] of answers) expect([error, rows]).toMatchObject([{ code, serviceTime: null }, []]);
      expect(memory.goTogether('a', 'b', 1)).toBe(true);
    },
  );

  it('gives every rule the answer that it has alone, whichever rules do not go together or at all', async () => {
    const pair = fc.tuple(fc.constantFrom(...WORDS), fc.constantFrom(...WORDS));
    await fc.assert(
      fc.asyncProperty(
        fc.array(pair, { maxLength: 4 }),
        fc.subarray(WORDS, { maxLength: 2 }),
        async (pairs, broken) => {
          const judge = (legs: readonly string[]): Verdict => {
            const isBroken = legs.some((leg) => broken.includes(leg));
            const clashes = pairs.some(([a, b]) => a !== b && legs.includes(a) && legs.includes(b));
            return isBroken || clashes ? refusal('SOURCE_TIMEOUT') : null;
          };
          const { answers, noted, calls } = await askPack(WORDS, judge);
          for (const [word, end, rows] of answers) {
            const isBroken = broken.includes(word);
            expect(end instanceof HuntwireError).toBe(isBroken);
            expect([...rows].sort()).toEqual(isBroken ? [] : [`${word}1`, `${word}2`]);
          }
          expect(noted.length).toBe(calls.length);
        },
      ),
      { numRuns: 40 },
    );
  });
});
