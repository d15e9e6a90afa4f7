import { afterEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/lib/clock.ts';
import { openReader } from '../../src/state/sqlite-store.ts';
import { makeRule } from '../run/make-rule.ts';
import type { PlantedRow } from '../run/planted-source.ts';
import { EVENT, HOUR, MINUTE, T0 } from '../run/story.ts';
import { type Kill, LIFE_MS, type Lives, MOMENTS, POINTS, startLives } from './lives.ts';

const KILLS_EACH = 25;
const LONGEST = 60;

/** Each hit has two rows on a device of its own: a stream tells two alerts, a set that counts to two tells one. */
const stream = makeRule(
  { id: 'stream', schedule: { kind: 'every', everyMs: 15 * MINUTE, lookbackMs: null }, lookbackMs: 15 * MINUTE },
  { identity: EVENT },
);
const set = makeRule(
  {
    id: 'set',
    effectiveShape: 'set',
    schedule: { kind: 'every', everyMs: 15 * MINUTE, lookbackMs: 2 * HOUR },
    lookbackMs: 2 * HOUR,
    threshold: { measure: 'rows', column: null, operator: '>=', value: 2, groupBy: ['DeviceId'] },
    alert: { ...makeRule().alert, per: 'group', suppressMs: 0 },
  },
  { shape: 'set', identity: { kind: 'columns', columns: ['DeviceId', 'ReportId'] } },
);

function plantedRows(): readonly PlantedRow[] {
  return Array.from({ length: KILLS_EACH }, (_, hit) => hit).flatMap((hit) =>
    [0, 1].map((part) => {
      const ingested = T0 + hit * LIFE_MS + (3 + 7 * part) * MINUTE;
      const row = { DeviceId: `pc${hit}`, DeviceName: `pc${hit}`, ReportId: 2 * hit + part };
      return { ingested, row: { Timestamp: new Date(ingested - MINUTE).toISOString(), ...row } };
    }),
  );
}

/** Numbers from [0, 1) that are the same in every run (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

let open: Lives[] = [];
afterEach(async () => {
  await Promise.all(open.map((lives) => lives.close()));
  open = [];
});

interface End {
  readonly kills: ReadonlyMap<Kill, number>;
  readonly lives: Lives;
}

/** A first quiet life, lives that are killed until there were 25 kills, and quiet lives until every window has been asked. */
async function liveAndDie(seed: number): Promise<End> {
  const random = numbers(seed);
  const lives = await startLives(T0, [stream, set], plantedRows(), random);
  open.push(lives);
  const kills = new Map<Kill, number>();
  const ways: readonly Kill[] = [...POINTS, ...MOMENTS, 'at random'];
  await lives.live(null, 0);
  for (let life = 0, killed = 0; killed < KILLS_EACH; life += 1) {
    if (life > LONGEST) throw new Error(`only ${killed} kills in ${life} lives`);
    const kill = ways[(life + seed) % ways.length] ?? 'at random';
    if (!(await lives.live(kill, 1 + Math.floor(random() * 2)))) continue;
    killed += 1;
    kills.set(kill, (kills.get(kill) ?? 0) + 1);
  }
  for (let life = 0; life < 3; life += 1) await lives.live(null, 0);
  return { kills, lives };
}

/** Ids under which the rows of each hit reached the receiver: of a rule, by ReportId. */
function idsByRow(lives: Lives, ruleId: string): ReadonlyMap<unknown, ReadonlySet<string>> {
  const ids = new Map<unknown, Set<string>>();
  for (const { alert } of lives.messages.filter((message) => message.alert.rule.id === ruleId))
    for (const row of alert.evidence) ids.set(row.ReportId, (ids.get(row.ReportId) ?? new Set()).add(alert.id));
  return ids;
}

async function check({ kills, lives }: End): Promise<void> {
  expect([...kills.values()].reduce((sum, count) => sum + count, 0)).toBe(KILLS_EACH);
  for (const ruleId of ['stream', 'set']) {
    const ids = idsByRow(lives, ruleId);
    for (const { row } of plantedRows())
      expect({ ruleId, row: row.ReportId, ids: ids.get(row.ReportId)?.size }).toEqual({
        ruleId,
        row: row.ReportId,
        ids: 1,
      });
  }
  const bodies = new Map(lives.messages.map(({ id, alert }) => [id, JSON.stringify(alert)]));
  for (const { id, alert } of lives.messages) expect(JSON.stringify(alert)).toBe(bodies.get(id));
  const store = openReader({ path: lives.statePath, clock: systemClock });
  try {
    expect(await store.targetCounts()).toEqual([]);
    for (const { state } of await store.ruleStates()) expect(state.ledger).toEqual([]);
  } finally {
    await store.close();
  }
}

describe('a runner that is killed 100 times', () => {
  it('delivers every hit at least once and under one id, at whatever moment it dies', async () => {
    const ends = await Promise.all([1, 2, 3, 4].map(liveAndDie));
    for (const end of ends) await check(end);
    const ways = new Set(ends.flatMap((end) => [...end.kills.keys()]));
    expect(ways).toEqual(new Set<Kill>([...POINTS, ...MOMENTS]));
  });
});
