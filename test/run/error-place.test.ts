import { describe, expect, it } from '@jest/globals';
import { renderQuery } from '../../src/kql/render.ts';
import { HuntwireError } from '../../src/lib/errors.ts';
import { placeError } from '../../src/run/error-place.ts';
import { makeRule } from './make-rule.ts';

const QUERY = 'DeviceEvents\n| project Nowhere';
const rule = makeRule(
  {
    query: QUERY,
    map: {
      file: 'rules/a.yaml',
      place: (offset) => ({
        line: 10 + QUERY.slice(0, offset).split('\n').length,
        column: 5 + offset - QUERY.lastIndexOf('\n', offset - 1),
      }),
      placeOf: () => ({ line: 1, column: 1 }),
      textPlace: () => ({ line: 1, column: 1 }),
      folds: null,
    },
  },
  { text: QUERY },
);
const rendered = renderQuery(rule.prepared, {
  logicalTime: 0,
  window: { from: -3_600_000, to: 0, basis: 'ingestion' },
  latenessMs: 0,
  params: {},
});

function placed(message: string, labelled = true) {
  return placeError(rule, rendered, new HuntwireError('SOURCE_QUERY_INVALID', message), labelled);
}

describe('placeError', () => {
  it('maps a place in the sent text, label and window filter included, back to the rule file', () => {
    expect(placed("Failed to resolve 'Nowhere'. Line: 3, Position: 11.").message).toMatch(
      /^rules\/a\.yaml:12:16: Failed to resolve/,
    );
    expect(placed('Failed [KS142] (line 2, column 11)', false).message).toMatch(/^rules\/a\.yaml:12:16: /);
  });

  it('takes a place inside the injected filter for the table that it stands behind', () => {
    const problem = placed('Failed. Line: 2, Position: 40.').problems[0];
    expect([problem?.line, problem?.code]).toEqual([11, 'SOURCE_QUERY_INVALID']);
  });

  it('leaves an error without a place as it is', () => {
    const error = new HuntwireError('SOURCE_QUERY_INVALID', 'no place here');
    expect(placeError(rule, rendered, error, true)).toBe(error);
  });
});
