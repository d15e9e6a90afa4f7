import { expect, it } from '@jest/globals';
import type { Family, RuleSpec } from '../scenario.ts';
import { restingTo } from './behind.ts';
import type { CommittedRun } from './runs.ts';

const HOUR = 3_600_000;
const NEVER = Number.NEGATIVE_INFINITY;

it.each<readonly [string, Family, number, string, number, number]>([
  ['that took too long rests for its interval', 'set-pairs', 4, 'SOURCE_TIMEOUT', 4, 1],
  ['is asked again behind its interval', 'set-pairs', 4, 'SOURCE_TIMEOUT', 6, NEVER],
  ['rests for six hours at most', 'set-pairs', 24, 'SOURCE_TIMEOUT', 8, NEVER],
  ['whose answer was broken does not rest', 'set-pairs', 4, 'SOURCE_RESPONSE_INVALID', 4, NEVER],
  ['of a stream does not rest', 'stream', 4, 'SOURCE_TIMEOUT', 4, NEVER],
])('a window %s', (_, family, everyHours, outcome, hour, expected) => {
  const spec = { family, schedule: { every: everyHours * 3600 } } as RuleSpec;
  const commit = { run: { outcome: 'failed', logicalTime: 1 } };
  const failed = { at: HOUR, asked: [{ outcome }], commit } as unknown as CommittedRun;
  expect(restingTo(spec, [failed], hour * HOUR)).toBe(expected);
});
