import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/lib/clock.ts';
import { openReader } from '../../src/state/sqlite-store.ts';
import { makeRule } from '../run/make-rule.ts';
import type { PlantedRow } from '../run/planted-source.ts';
import { EVENT, HOUR, MINUTE, T0 } from '../run/story.ts';
import { tries } from '../tries.ts';
import { type Fate, type Kill, LIFE_MS, type Lives, type Message, MOMENTS, POINTS, startLives } from './lives.ts';

const STATES = 8;
/** Of eight in a life; every fifth life dies at random. Each moment comes in several lives, and the long run has all of them more often. */
const KILLS = tries(40, 100);
const HITS = tries(6, 12);
const LONGEST = 30;

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
  return Array.from({ length: HITS }, (_, hit) => hit).flatMap((hit) =>
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

let lives: Lives;
beforeAll(async () => {
  lives = await startLives({ start: T0, states: STATES, rules: [stream, set], rows: plantedRows(), random });
});
afterAll(() => lives.close());

const random = numbers(1);
const QUIET: readonly Fate[] = Array(STATES).fill({ kill: null, nth: 0 });
const WAYS: readonly Kill[] = [...POINTS, 'while it waits for the answer'];

/** Each state another one, and every so often a moment at random, which is one for all. */
function fatesOf(life: number): readonly Fate[] {
  const isRandom = life % 5 === 4;
  return QUIET.map((_, state) => ({
    kill: isRandom ? 'at random' : (WAYS[(life + 2 * state) % WAYS.length] ?? null),
    nth: 1 + Math.floor(random() * 2),
  }));
}

/** A first quiet life, lives that are killed until there were enough kills, and quiet lives until every window has been asked. */
async function liveAndDie(): Promise<readonly Kill[]> {
  const kills: Kill[] = [];
  await lives.live(QUIET);
  for (let life = 0; kills.length < KILLS; life += 1) {
    if (life > LONGEST) throw new Error(`only ${kills.length} kills in ${life} lives`);
    const fates = fatesOf(life);
    const killed = await lives.live(fates);
    kills.push(...fates.flatMap(({ kill }, state) => (killed[state] && kill ? [kill] : [])));
  }
  for (let life = 0; life < 3; life += 1) await lives.live(QUIET);
  return kills;
}

/** Ids under which the rows of each hit reached the receiver: of a rule, by ReportId. */
function idsByRow(messages: readonly Message[], ruleId: string): ReadonlyMap<unknown, ReadonlySet<string>> {
  const ids = new Map<unknown, Set<string>>();
  for (const { alert } of messages.filter((message) => message.alert.rule.id === ruleId))
    for (const row of alert.evidence) ids.set(row.ReportId, (ids.get(row.ReportId) ?? new Set()).add(alert.id));
  return ids;
}

async function check(messages: readonly Message[], path: string): Promise<void> {
  for (const ruleId of ['stream', 'set']) {
    const ids = idsByRow(messages, ruleId);
    for (const { row } of plantedRows())
      expect({ ruleId, row: row.ReportId, ids: ids.get(row.ReportId)?.size }).toEqual({
        ruleId,
        row: row.ReportId,
        ids: 1,
      });
  }
  const bodies = new Map(messages.map(({ id, alert }) => [id, JSON.stringify(alert)]));
  for (const { id, alert } of messages) expect(JSON.stringify(alert)).toBe(bodies.get(id));
  const store = openReader({ path, clock: systemClock });
  try {
    expect(await store.targetCounts()).toEqual([]);
    for (const { state } of await store.ruleStates()) expect(state.ledger).toEqual([]);
  } finally {
    await store.close();
  }
}

describe(`a runner that is killed ${KILLS} times`, () => {
  it('delivers every hit at least once and under one id, at whatever moment it dies', async () => {
    const kills = await liveAndDie();
    for (const [state, path] of lives.statePaths.entries()) await check(lives.messages[state] ?? [], path);
    expect(new Set(kills)).toEqual(new Set<Kill>([...POINTS, ...MOMENTS]));
  });
});
