import { isDeepStrictEqual } from 'node:util';
import { afterAll, expect, it } from '@jest/globals';
import type { HealthCode } from '../../src/alerts/alert.ts';
import { createManualClock } from '../../src/lib/clock.ts';
import { DAY_MS } from '../../src/lib/duration.ts';
import { openPostgresStore } from '../../src/state/postgres-store.ts';
import { openMemoryStore } from '../../src/state/sqlite-store.ts';
import type { Store } from '../../src/state/store.ts';
import { postgres } from '../lib/postgres.ts';
import {
  freshTarget,
  NEVER_TOLD,
  SAMPLE_STATE,
  START,
  sampleAlert,
  sampleCommit,
  sampleMessage,
  sampleRetry,
  sampleRun,
} from './samples.ts';

const TARGETS = ['soar', 'siem', 'pager'];
const keyOf = (number: number): string => number.toString(16).padStart(32, '0');
const ODD = 'a "quoted" \u0000 \ud800 key';

/** Numbers that say what a step is about; both stores are given the same ones. */
interface Draw {
  readonly step: number;
  readonly now: number;
  pick(limit: number): number;
}

/** Does one thing to a store. What comes back must be the same for both, and says whether it has done anything: null, 0 and nothing do not. */
type Operation = (store: Store, draw: Draw) => Promise<unknown>;

/** Ids of entries differ between databases, their order does not. */
async function someIds(store: Store, { pick }: Draw): Promise<readonly number[]> {
  const ids = await store.waitingIds(TARGETS[pick(2)] ?? 'soar', 0);
  const first = pick(Math.max(1, ids.length));
  return ids.slice(first, first + 1 + pick(3));
}

async function someLetters(store: Store, { pick }: Draw): Promise<readonly number[]> {
  const letters = await store.deadLetterHeads({ target: null, ids: null });
  const first = pick(Math.max(1, letters.length));
  return letters.slice(first, first + 2).map(({ id }) => id);
}

const OPERATIONS: Readonly<Record<string, Operation>> = {
  commit: async (store, { step, now, pick }) => {
    const name = `a${pick(12)}`;
    const revision = pick(3);
    const alert = sampleAlert(name, {
      revision,
      status: revision === 2 ? 'resolved' : 'firing',
      dedupKey: pick(2) === 0 ? ODD : name,
    });
    const ways = [{}, { digestMs: 50 }, { escalation: { everyMs: 20, targets: ['pager', 'siem'] } }];
    const told = TARGETS.slice(0, 1 + pick(2)).map((target) => ({ ...sampleMessage(alert, target), ...ways[pick(3)] }));
    const ledger = Array.from({ length: pick(3) }, (_, at) => ({
      id: `w${pick(4)}-${at}`,
      from: now - at,
      to: now,
      logicalTime: now,
      attempts: pick(3),
      outcome: 'pending' as const,
      reason: pick(2) === 0 ? null : ODD,
    }));
    const firing = {
      alertId: name,
      dedupKey: ODD,
      revision,
      since: now,
      toldAt: now,
      heldAt: now,
      goneFrom: null,
      severity: 'high' as const,
      rowCount: 1,
      lastSeen: '',
      targets: ['soar'],
    };
    await store.commit(
      sampleCommit(store, {
        ruleId: `rule-${pick(2)}`,
        rule: { ...SAMPLE_STATE, frontier: now, ledger },
        keys: Array.from({ length: pick(5) }, () => ({
          ...NEVER_TOLD,
          key: keyOf(pick(20)),
          state: 'told' as const,
          toldTo: now,
          toldBefore: [now - 5, now + 5],
          lastReturned: now,
        })),
        forgetBefore: pick(4) === 0 ? now - 60 : null,
        quiet: [
          {
            dedupKey: pick(2) === 0 ? ODD : name,
            openedAt: now,
            openedBefore: [now - 9, now + 9],
            held: { duplicate: pick(2) },
          },
        ],
        alerts: [alert],
        messages: told,
        firing: [{ alertId: name, record: revision === 2 ? null : firing }],
        hidden: [
          {
            counts: 'silenced',
            id: 's1',
            since: START,
            until: now,
            tenant: 'contoso',
            ruleId: ODD,
            severity: 'low',
            hits: 1 + pick(3),
            firstAt: now,
            lastAt: now,
          },
        ],
        run: sampleRun(`run-${step}`, { endedAt: now }),
        query: { hash: keyOf(pick(3)), template: 'T' },
      }),
    );
    return true;
  },
  health: async (store, { now, pick }) => {
    const key = { tenant: 'contoso', code: 'rule-failing' as HealthCode, subject: `${ODD}${pick(2)}` };
    const record = pick(3) === 0 ? null : { ...key, since: now, alertId: 'h', revision: 0 };
    await store.commitHealth({
      alerts: [],
      messages: [],
      health: [{ ...key, record }],
      ended: [`a${pick(12)}`],
      summaries: [{ counts: 'silenced', id: 's1', since: START, tenant: 'contoso', revision: 1, hits: 2, at: now }],
    });
    return true;
  },
  delivered: async (store, draw) => {
    const ids = await someIds(store, draw);
    await store.delivered(ids, draw.now);
    return ids.length;
  },
  retry: async (store, draw) => {
    const ids = await someIds(store, draw);
    await store.retryLater(
      ids.map((id) =>
        sampleRetry(id, { nextAttemptAt: draw.now + draw.pick(40), triedAt: draw.now, agedMs: 3, reason: ODD }),
      ),
    );
    return ids.length;
  },
  bury: async (store, draw) => {
    const ids = await someIds(store, draw);
    await store.bury(ids.map((id) => ({ id, reason: `R ${ODD}`, status: 400, answer: ODD, at: draw.now })));
    return ids.length;
  },
  buryPending: (store, { now, pick }) =>
    pick(4) === 0 ? store.buryPending('siem', { reason: 'gone', at: now }) : Promise.resolve(0),
  age: (store, { now, step }) =>
    store.ageWaiting({
      target: 'soar',
      now,
      probedMs: step * 3,
      longestStepMs: 20,
      longestAgeMs: 90,
      reason: 'old',
      at: now,
    }),
  replay: async (store, draw) => store.replay(await someLetters(store, draw), draw.now),
  drop: async (store, draw) => store.drop(await someLetters(store, draw)),
  receipts: async (store, { now, pick }) => {
    await store.keepReceipts([{ alertId: `a${pick(12)}`, target: 'soar', text: ODD, at: now }]);
    return true;
  },
  divert: async (store, draw) =>
    store.divert({ of: 'soar', to: 'pager', ids: await store.waitingIds('soar', 0), at: draw.now }),
  acknowledge: (store, { now, pick }) =>
    store.acknowledge(
      `a${pick(12)}`,
      { by: ODD, at: now, ...(pick(2) === 0 && { disposition: 'true' as const }) },
      { who: 'bob', at: now },
    ),
  escalate: async (store, { now }) => [...(await store.escalate({ now, at: now }))].sort(),
  digest: async (store, { now, step }) => {
    const due = await store.dueDigests({ now, targets: TARGETS, limit: 5 });
    const [first] = due;
    if (first) await store.tellDigest(first, sampleAlert(`digest-${step}`));
    return due.map(({ id: _, ...digest }) => digest);
  },
  target: async (store, { now, pick }) => {
    await store.setTargetState({
      ...freshTarget('soar'),
      blockedSince: now,
      reason: ODD,
      probes: pick(5),
      probedMs: 1.5,
    });
    await store.setDownSince('siem', pick(2) === 0 ? null : now);
    return true;
  },
  silence: (store, { now, pick }) =>
    store.addSilence(
      { id: `s${pick(5)}`, match: ['tag="x"'], owner: 'o', reason: 'r', starts: null, ends: now + 300, addedAt: now },
      { who: 'o', at: now },
    ),
  expire: (store, { now, pick }) => store.expireSilences([`s${pick(5)}`, `s${pick(5)}`], now, { who: 'o', at: now }),
  cut: async (store, { now }) => {
    await store.cutMemory('contoso', 'rule-0', now - 2);
    return true;
  },
  move: (store, { pick }) => store.moveRule('contoso', { from: `rule-${pick(2)}`, to: `rule-${pick(4)}` }),
  quota: async (store, { now, pick }) => {
    const call = await store.quota.beginCall('contoso', 'graph', { at: now, runMs: 0.25 });
    if (pick(3) === 0) await store.quota.cancelCall(call);
    else await store.quota.endCall(call, 12.5);
    await store.quota.pause('contoso', 'graph', { remainedMs: pick(100), writtenAt: now });
    return true;
  },
  cache: async (store, { step, pick }) => {
    await store.cache.set(`${ODD}${pick(3)}`, `${ODD}${step}`);
    return store.keepFirst('once', `v${step}`);
  },
  tidy: async (store, { now, pick }) => {
    if (pick(6) > 0) return 0;
    await store.tidy(now, { alertsMs: 100, runsMs: 100, deadLettersMs: 150, auditMs: 200 });
    return true;
  },
};

/** All that a store tells, without what databases number by themselves. */
async function pictureOf(store: Store, now: number): Promise<unknown> {
  const ids = Array.from({ length: 12 }, (_, at) => `a${at}`);
  const query = { now, limit: 4, except: new Set<number>(), ignoreBackoff: false };
  const ofTargets = TARGETS.flatMap((target) => [
    bare(store.pending(target, query)),
    bare(store.lasting(target, { since: now - DAY_MS, limit: 10 })),
    store.nextDue(target, now),
    store.targetState(target),
    store.targetNotes([target]).then((notes) => notes.get(target)),
    store.receiptOf('a1', target),
  ]);
  const keys = Array.from({ length: 20 }, (_, at) => keyOf(at));
  return Promise.all([
    ...ofTargets,
    sorted(store.findKeys('contoso', 'rule-0', keys)),
    sorted(store.findQuiet('contoso', 'rule-0', [ODD, ...ids])),
    store.ruleStates(),
    store.allFiring(),
    store.openHealth(),
    store.targetCounts(),
    bare(store.deadLetters({ target: null, ids: null, reason: 'R' })),
    store.journal({ after: 0, limit: 2000 }),
    store.runsAbout('contoso', 'rule-0', { instant: START - 1, limit: 20 }),
    store.alertPage({ after: null, limit: 50, severities: ['high'], ruleId: 'rule-a' }),
    sorted(store.newestAlerts(ids)),
    store.acknowledgementCounts(),
    store.silences(),
    store.hiddenTotals(),
    store.audit({ limit: 50 }),
    store.quota.calls('contoso', 'graph', 0),
    store.quota.pauseOf('contoso', 'graph'),
    store.cache.get(`${ODD}1`),
    store.nextDetour(),
  ]);
}

/** Without the numbers that databases give. */
async function bare(rows: Promise<readonly object[]>): Promise<readonly object[]> {
  return (await rows).map((row) => ({ ...row, id: null }));
}

async function sorted(rows: Promise<Iterable<unknown>>): Promise<readonly string[]> {
  return [...(await rows)].map((row) => JSON.stringify(row)).sort();
}

/** Spreads a number over all 32 bits. */
function mixed(number: number): number {
  const once = Math.imul(number ^ (number >>> 16), 0x85eb_ca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2_ae35);
  return (twice ^ (twice >>> 16)) >>> 0;
}

/** The same numbers for both stores. */
function drawOf(seed: number, step: number, now: number): Draw {
  let state = mixed(mixed(step + 1) + seed * 0x9e37_79b9);
  const pick = (limit: number): number => {
    state = mixed(state + 0x9e37_79b9);
    return Math.floor((state / 4_294_967_296) * limit);
  };
  return { step, now, pick };
}

const MOST_STEPS = 1000;

postgres.describe('SQLite and Postgres', () => {
  const schema = postgres.freshSchema();
  afterAll(schema.drop);

  it('do the same, step by step, until every operation has done something', async () => {
    const clock = createManualClock(START);
    const one = openMemoryStore({ clock });
    const other = await openPostgresStore({ url: await schema.url(), clock });
    const names = Object.keys(OPERATIONS);
    const undone = new Set(names);
    for (let step = 0; undone.size > 0; step += 1) {
      if (step === MOST_STEPS) throw new Error(`never done: ${[...undone].join(', ')}`);
      await clock.advance(drawOf(1, step, 0).pick(9));
      // Most steps are of those that have done nothing yet, so that it ends.
      const among = step % 4 === 0 ? names : [...undone];
      const drawn = among[drawOf(2, step, 0).pick(among.length)] ?? 'commit';
      const name = drawOf(3, step, 0).pick(3) === 0 ? 'commit' : drawn;
      const operation = OPERATIONS[name];
      const now = clock.now();
      const [here, there] = [
        await operation?.(one, drawOf(4, step, now)),
        await operation?.(other, drawOf(4, step, now)),
      ];
      expect({ step, name, result: there }).toEqual({ step, name, result: here });
      const [seen, wanted] = await Promise.all([pictureOf(other, now), pictureOf(one, now)]);
      if (!isDeepStrictEqual(seen, wanted)) expect({ step, name, seen }).toEqual({ step, name, seen: wanted });
      if (here && !(Array.isArray(here) && here.length === 0)) undone.delete(name);
    }
    await Promise.all([one.close(), other.close()]);
  });
});
