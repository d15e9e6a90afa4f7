import { describe, expect, it } from '@jest/globals';
import type { DecodeLimits } from '../../../src/sources/decode/decode-state.ts';
import { createRowNormalizer } from '../../../src/sources/decode/normalize-row.ts';
import { createRowDecoder, DECODE_LIMITS } from '../../../src/sources/decode-rows.ts';

const LIMITS: DecodeLimits = { ...DECODE_LIMITS, maxBytes: 1_000_000, maxRows: 100 };
const ignore = { schema: () => undefined, row: () => undefined };

/** Why a body is refused; null where it is taken. Whole, and byte by byte, which must say the same. */
function refusal(body: string, limits: Partial<DecodeLimits> = {}): string | null {
  const [whole, pieces] = [[Buffer.from(body)], [...Buffer.from(body)].map((byte) => Buffer.from([byte]))].map(
    (chunks) => {
      const decoder = createRowDecoder({ ...LIMITS, ...limits }, ignore);
      try {
        for (const chunk of chunks) if (!decoder.push(chunk)) break;
        decoder.end();
        return null;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    },
  );
  expect(pieces).toBe(whole);
  return whole ?? null;
}

const answer = (rows: string, schema = '[{"Name":"a","Type":"String"}]') => `{"Schema":${schema},"Results":${rows}}`;

describe('an answer is refused', () => {
  it.each([
    ['<html>', 'it is a web page, maybe from a proxy'],
    ['[1]', 'it is no JSON object'],
    ['x', 'it is no JSON object'],
    ['{x', 'its JSON is malformed'],
    ['{"a" 1}', 'its JSON is malformed'],
    ['{"a":1 "b":2}', 'its JSON is malformed'],
    ['{"a":1,}', 'its JSON is malformed'],
    [`${answer('[]')}x`, 'its JSON is malformed'],
    ['{"a":?}', 'its other are no array'],
    ['{"Schema":{}}', 'its schema are no array'],
    ['{"Results":1}', 'its results are no array'],
    [answer('[1]'), 'its results are not an array of objects'],
    [answer('[{} {}]'), 'its results are not an array of objects'],
    [answer('[{},]'), 'its results are not an array of objects'],
    ['{"Schema":[],"schema":[]}', 'it has schema twice'],
    ['{"Results":[],"RESULTS":[]}', 'it has results twice'],
    ['{}', 'it has no schema'],
    ['{"Schema":[]}', 'it has no results'],
    ['{"Results":[]}', 'it has no schema'],
    ['', 'it ends early, after 0 rows'],
    [answer('[{"a":"1"},{"a"').slice(0, -1), 'it ends early, after 1 row'],
    [answer('[]', '[{"Name":"a"}]'), 'a column of its schema has no name or type'],
    [answer('[]', '[{"Type":"String"}]'), 'a column of its schema has no name or type'],
    [answer('[]', '[1]'), 'a column of its schema has no name or type'],
    [answer('[{"a":tru}]'), 'a part of it is not valid JSON'],
    // What nobody wants is checked all the same: an answer that was changed on its way is not one of the service.
    ['{"Stats":{"a":tru},"Schema":[],"Results":[]}', 'a part of it is not valid JSON'],
    ['{"Stats":{"a":1],"Schema":[],"Results":[]}', 'a part of it is not valid JSON'],
    ['{"Stats":nonsense,"Schema":[],"Results":[]}', 'a part of it is not valid JSON'],
    ['{"Stats":1.2.3,"Schema":[],"Results":[]}', 'a part of it is not valid JSON'],
    ['{"Stats":"\\x","Schema":[],"Results":[]}', 'a part of it is not valid JSON'],
    ['{"Schema":[],"Results":[],"Stats":tru}', 'a part of it is not valid JSON'],
  ])('%s: %s', (body, reason) => {
    expect(refusal(body)).toBe(`The answer is no complete query result: ${reason}. Nothing of it was used.`);
  });

  it('where lists of nothing would take many times its memory', () => {
    const lists = (count: number) => `[${Array.from({ length: count - 1 }, () => '[]').join(',')}]`;
    const limits = { maxContainers: 20 };
    expect(refusal(answer(`[{"a":${lists(19)}}]`), limits)).toBeNull();
    expect(refusal(answer(`[{"a":1},{"a":${lists(20)}}]`), limits)).toContain(
      'row 2 holds more than 20 lists and objects',
    );
    expect(refusal(`{"Stats":${lists(21)}}`, limits)).toContain('a member beside its rows holds more than 20');
    expect(refusal(`{"Schema":${lists(21)}}`, limits)).toContain('its schema holds more than 20');
    expect(refusal(`{"Stats":"${'x'.repeat(100)}"}`, { maxSchemaBytes: 50 })).toContain(
      'a member beside its rows is larger than 50',
    );
  });

  it('at its limits, and not before', () => {
    const row = '{"a":"1234"}';
    const size = row.length;
    const deep = '{"a":[[1]]}';
    const taken: [string, Partial<DecodeLimits>][] = [
      [answer(`[${row}]`), { maxRowBytes: size }],
      [answer(`[${deep}]`), { maxDepth: 3 }],
      [answer('[]', '[{"Name":"a","Type":"b"},{"Name":"c","Type":"b"}]'), { maxColumns: 2 }],
      [`{"Results":[${row},${row}],"Schema":[]}`, { maxHeldBytes: 2 * size }],
      [answer('[]', '[]'), { maxBytes: answer('[]', '[]').length }],
    ];
    expect(taken.map(([body, limits]) => refusal(body, limits))).toEqual(taken.map(() => null));
    expect(refusal(answer(`[${row}]`), { maxRowBytes: size - 1 })).toContain(`row 1 is larger than ${size - 1} bytes`);
    expect(refusal(answer(`[${deep}]`), { maxDepth: 2 })).toContain('it is nested deeper than 2 levels');
    const columns = '[{"Name":"a","Type":"b"},{"Name":"c","Type":"b"}]';
    expect(refusal(answer('[]', columns), { maxColumns: 1 })).toContain('its schema has 2 columns, more than 1');
    expect(refusal(`{"Results":[${row},${row}],"Schema":[]}`, { maxHeldBytes: 2 * size - 1 })).toContain(
      `more than ${2 * size - 1} bytes of results come before the schema`,
    );
    const short = answer('[]', '[]');
    expect(refusal(short, { maxBytes: short.length - 1 })).toContain(
      `larger than limits.maxBytes (${short.length - 1})`,
    );
  });

  it('never for rows beyond the limit: they are not wanted', () => {
    const seen: unknown[] = [];
    const decoder = createRowDecoder({ ...LIMITS, maxRows: 2 }, { ...ignore, row: (row) => seen.push(row) });
    expect(decoder.push(Buffer.from(answer('[{"a":"1"},{"a":"2"},{"a":"3"},{"a":"4"}]')))).toBe(false);
    expect([decoder.end(), seen.length]).toEqual([expect.objectContaining({ rows: 2, truncated: true }), 2]);
  });
});

describe('the limits that no legal answer meets', () => {
  it('are those of the documentation', () => {
    expect(DECODE_LIMITS).toEqual({
      maxRowBytes: 16_777_216,
      maxDepth: 100,
      maxContainers: 250_000,
      maxColumns: 10_000,
      maxSchemaBytes: 4_194_304,
      maxHeldBytes: 33_554_432,
    });
  });
});

describe('a row whose names differ from the schema in case', () => {
  it('gives the column that is named exactly the value of its own', () => {
    const normalizer = createRowNormalizer([
      { name: 'a', type: 'Int32' },
      { name: 'B', type: 'Int32' },
    ]);
    expect(normalizer.normalize({ a: 1, A: 2, b: 3 })).toEqual({ a: 1, B: 3 });
  });
});
