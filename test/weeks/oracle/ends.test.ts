import { expect, it } from '@jest/globals';
import type { RuleSpec } from '../scenario.ts';
import type { Decisions } from './decisions.ts';
import { endedTooSoon } from './ends.ts';
import type { CommittedRun } from './runs.ts';

const HOUR = 3_600_000;
const spec = {
  id: 'rule-1',
  mark: 'r1',
  family: 'set-count',
  lookback: 4 * 3600,
  suppress: null,
} as unknown as RuleSpec;
const alert = { id: 'a', kind: 'detection', status: 'resolved', evidence: [{ DeviceId: 'pc1' }] };

/** A run as of an hour; the last of a list tells the end. */
function run(hour: number, ends: boolean): CommittedRun {
  const ran = { lane: 'due', outcome: 'ok', truncated: false, logicalTime: hour * HOUR };
  return { kind: 'run', spec, commit: { run: ran, alerts: ends ? [alert] : [] } } as unknown as CommittedRun;
}

function tells(one: CommittedRun, alerts: readonly object[]): CommittedRun {
  return { ...one, commit: { ...one.commit, alerts } } as CommittedRun;
}

it.each([
  ['as long as its lookback', [10], [12, 16], 0],
  ['not as long as its lookback', [10], [12, 15], 1],
  ['by a window from before it was found, which was made up for', [10], [12, 9], 1],
  ['as long as its lookback, but before it was found once more', [10, 14], [12, 16], 1],
])('an alert that ends was gone %s', (_, held, missing, findings) => {
  const runs = [...held, ...missing].map((hour, at, all) => run(hour, at === all.length - 1));
  const hits = (at: number) => ({ hits: at < held.length ? [{ key: 'pc1' }] : [] });
  const expected = new Map(runs.map((one, at) => [one, hits(at)])) as unknown as Decisions['expected'];
  const last = runs.at(-1) as CommittedRun;
  expect(endedTooSoon(last, runs.slice(0, -1), { expected })).toHaveLength(findings);
});

it.each([
  ['is another alert', 'b', 0],
  ['is an update of it', null, 1],
])('an alert whose past was made up for ends by it, where what was found later %s', (_, id, findings) => {
  const firing = (name: string) => ({ ...alert, id: name, status: 'firing', revision: 0 });
  const runs = [
    tells(run(40, false), id === null ? [] : [firing(id)]),
    tells(run(10, false), [firing('a')]),
    run(12, false),
    run(16, true),
  ];
  const hits = (at: number) => ({ hits: at < 2 ? [{ key: 'pc1' }] : [] });
  const expected = new Map(runs.map((one, at) => [one, hits(at)])) as unknown as Decisions['expected'];
  expect(endedTooSoon(runs[3] as CommittedRun, runs.slice(0, 3), { expected })).toHaveLength(findings);
});
