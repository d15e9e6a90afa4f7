import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RunnableRule } from '../../src/rules/rule.ts';
import { tries } from '../tries.ts';
import { makeRule } from './make-rule.ts';
import {
  DAY,
  EVENT,
  HOUR,
  MINUTE,
  type PlantedHit,
  type Played,
  play,
  type Step,
  type Story,
  storyOf,
} from './story.ts';

const AGO = 'DeviceEvents | where Timestamp > ago(6h)';
const AGO_AT = AGO.indexOf('ago(');

const stream = makeRule({}, { identity: EVENT });
const streamWithAgo = makeRule(
  { lookbackMs: 6 * HOUR },
  {
    identity: EVENT,
    text: AGO,
    usesTime: true,
    reachMs: 6 * HOUR,
    timeCalls: [
      {
        start: AGO_AT,
        end: AGO.length,
        offsetMs: -6 * HOUR,
        sign: '-',
        argumentStart: AGO_AT + 4,
        argumentEnd: AGO.length - 1,
      },
    ],
  },
);
const set = makeRule(
  { effectiveShape: 'set', lookbackMs: 4 * HOUR },
  { shape: 'set', identity: { kind: 'columns', columns: ['DeviceId'] } },
);
const snapshot = makeRule(
  {
    effectiveShape: 'snapshot',
    window: { basis: 'none', tables: {}, keepFilters: 'never' },
    alert: { ...makeRule().alert, dedupColumns: ['DeviceId'] },
  },
  { shape: 'snapshot', basis: 'none', identity: { kind: 'columns', columns: ['DeviceId'] } },
);

const byEventTime = makeRule(
  { window: { basis: 'event', tables: {}, keepFilters: 'never' } },
  { identity: EVENT, basis: 'event' },
);
const pairs = makeRule(
  {
    effectiveShape: 'set',
    lookbackMs: 4 * HOUR,
    threshold: { measure: 'rows', column: null, operator: '>=', value: 2, groupBy: ['DeviceId'] },
    alert: { ...makeRule().alert, per: 'group' },
  },
  { shape: 'set', identity: { kind: 'columns', columns: ['DeviceId', 'ReportId'] } },
);

const TROUBLE: readonly Step[] = ['missed', 'failed', 'killed'];
const RUNS = { numRuns: tries(5, 15) };

/** Stories of trouble that passes: whatever the order of it, no window is given up. */
async function holds(story: fc.Arbitrary<Story>, rule: RunnableRule, check: (played: Played, story: Story) => unknown) {
  await fc.assert(
    fc.asyncProperty(story, async (one) => {
      const played = await play(rule, one);
      addUp(played);
      await check(played, one);
    }),
    RUNS,
  );
}

/** Nothing hides a hit without a count; one id is one alert. */
function addUp(played: Played): void {
  for (const { run, toldHits } of played.runs) {
    const suppressed = Object.values(run.suppressed).reduce((sum, count) => sum + count, 0);
    expect(toldHits + suppressed).toBe(run.hits);
  }
  const ids = played.detections.map((alert) => alert.id);
  expect(new Set(ids).size).toBe(ids.length);
}

function timesTold(played: Played): readonly number[] {
  return [...played.told.values()].map((alerts) => alerts.length);
}

function eachOnce(played: Played, story: Story): void {
  expect(timesTold(played)).toEqual(story.hits.map(() => 1));
  expect(played.ledger).toEqual([]);
}

const calm = (story: Story): Story => ({ ...story, steps: story.steps.map(() => 'ok'), skew: 0, catchUp: false });

function idsByHit(played: Played): readonly (string | undefined)[] {
  return [...played.told.values()].map(([alert]) => alert?.id);
}

const withinReach = storyOf({ steps: TROUBLE, longestLate: 4 * 60 });

describe('each planted hit within the limits is told exactly once, whatever fails, is missed or killed and however our clock goes', () => {
  it('by a stream', () => holds(withinReach, stream, eachOnce));

  it('by a stream with ago(), whose windows keep their own L', () => holds(withinReach, streamWithAgo, eachOnce));

  it('by a stream by event time, that is late by no more than the overlap', () =>
    holds(storyOf({ steps: TROUBLE, longestLate: 49 }), byEventTime, eachOnce));

  it('by a set that wants two events on a device, which arrive no further apart than lookback - every', () => {
    const gap = (story: Story, index: number): number => (story.hits.length * 37 + index * 53) % 181;
    const inPairs = storyOf({ steps: TROUBLE, longestLate: 60 }).map((story) => ({
      ...story,
      hits: story.hits.flatMap((hit, index) => {
        const first = { ...hit, hidden: 0, device: index };
        return [first, { ...first, arrives: hit.arrives + gap(story, index) }];
      }),
    }));
    return holds(inPairs, pairs, eachOnce);
  });

  it('by a set', () => holds(withinReach, set, eachOnce));

  it('by a snapshot, as long as the row is there', () => holds(withinReach, snapshot, eachOnce));
});

describe('ids', () => {
  it('of a stream do not depend on what failed and in which order', async () => {
    await holds(withinReach, stream, async (played, story) => {
      const undisturbed = await play(stream, { ...calm(story), skew: story.skew });
      expect(idsByHit(played)).toEqual(idsByHit(undisturbed));
    });
  });

  it('of a set are made of the key and an L of the rule’s own grid', async () => {
    const known = new Map<string, string>();
    await holds(storyOf({ steps: ['missed', 'failed'], longestLate: 0 }), set, (played) => {
      for (const alert of played.detections) {
        const place = `${alert.entities[0]?.name} ${alert.window?.to}`;
        expect(known.get(place) ?? alert.id).toBe(alert.id);
        known.set(place, alert.id);
      }
    });
  });
});

describe('what lies outside the limits has a record', () => {
  const heavy = storyOf({ steps: [...TROUBLE, 'heavy', 'heavy', 'heavy'], longestLate: 0 });

  /** Told once, or not told and in a gap of the ledger that was alerted. */
  function toldOrGap(played: Played, story: Story): void {
    const gaps = played.ledger.filter((entry) => entry.outcome === 'gap');
    expect(played.ledger.filter((entry) => entry.outcome === 'pending')).toEqual([]);
    for (const [id, alerts] of played.told) {
      const at = played.arrival(story.hits[id] as PlantedHit);
      const inGap = gaps.some((gap) => gap.from <= at && at < gap.to);
      if (!inGap) expect(alerts).toHaveLength(1);
      expect(alerts.length).toBeLessThanOrEqual(1);
    }
    const told = played.health.filter((alert) => alert.health?.code === 'gap' && alert.status === 'firing');
    if (gaps.length > 0) expect(told.length).toBeGreaterThan(0);
  }

  it('a stream whose windows prove too heavy', () => holds(heavy, stream, toldOrGap));

  it('a set whose windows prove too heavy', () => holds(heavy, set, toldOrGap));

  it('a set that nobody ran for longer than its windows wait', async () => {
    const away = storyOf({ steps: ['missed'], longestLate: 0 }).map((story) => ({
      ...story,
      steps: [...Array<Step>(30).fill('missed'), ...story.steps],
      hits: story.hits.map((hit) => ({ ...hit, arrives: hit.arrives + 60 })),
    }));
    await fc.assert(
      fc.asyncProperty(away, async (story) => {
        const played = await play(set, story);
        addUp(played);
        toldOrGap(played, story);
        expect(played.ledger.some((entry) => entry.outcome === 'gap')).toBe(true);
      }),
      { numRuns: tries(3, 8) },
    );
  });

  it('an event that arrives later than lateness is not found by the normal run; one that is a minute less late is', async () => {
    const lateness = (3 * DAY) / MINUTE;
    const hits = [
      { arrives: 100, late: lateness + 70, hidden: 0 },
      { arrives: 100, late: lateness - 1, hidden: 0 },
    ];
    const played = await play(stream, { steps: ['ok', 'ok', 'ok'], hits, skew: 0, catchUp: true });
    expect(timesTold(played)).toEqual([0, 1]);
  });
});
