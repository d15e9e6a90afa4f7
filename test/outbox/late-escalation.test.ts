import { describe, expect, it } from '@jest/globals';
import { createManualClock } from '../../src/lib/clock.ts';
import { MINUTE_MS } from '../../src/lib/duration.ts';
import type { Escalation } from '../../src/state/detour-store.ts';
import { openMemoryStore } from '../../src/state/sqlite-store.ts';
import { START, sampleAlert, sampleCommit, sampleMessage } from '../state/samples.ts';

const PLAN: Escalation = { everyMs: 15 * MINUTE_MS, targets: ['pager'] };

function bench() {
  const clock = createManualClock(START);
  const store = openMemoryStore({ clock });
  const commit = async (revision: number, escalation: Escalation | null, target = 'soar', firing = true) => {
    const alert = sampleAlert('a', { revision, status: firing ? 'firing' : 'resolved' });
    const messages = [{ ...sampleMessage(alert, target), ...(escalation && { escalation }) }];
    await store.commit(sampleCommit(store, { alerts: [alert], messages }));
  };
  const later = async (ms: number) => {
    await clock.advance(ms);
    return store.escalate({ now: store.outboxNow(), at: clock.now() });
  };
  return { store, commit, later };
}

describe('an escalation that a later revision brings', () => {
  it('begins with that revision, the first that a route escalates', async () => {
    const { commit, later } = bench();
    await commit(0, null, 'mail');
    await later(10 * MINUTE_MS);
    await commit(1, PLAN);
    expect(await later(15 * MINUTE_MS - 1)).toEqual([]);
    expect(await later(1)).toEqual(['pager']);
    await commit(2, PLAN);
    expect(await later(60 * MINUTE_MS)).toEqual([]);
  });

  it('runs beside one that began before, and tells each target once', async () => {
    const { commit, later, store } = bench();
    await commit(0, PLAN);
    await later(10 * MINUTE_MS);
    await commit(1, { everyMs: 10 * MINUTE_MS, targets: ['pager', 'boss'] });
    expect(await later(5 * MINUTE_MS)).toEqual(['pager']);
    expect(await later(5 * MINUTE_MS)).toEqual([]);
    expect(await later(10 * MINUTE_MS)).toEqual(['boss']);
    expect((await store.targetCounts()).map(({ target, pending }) => [target, pending])).toEqual([
      ['boss', 1],
      ['pager', 1],
      ['soar', 2],
    ]);
  });

  it('goes nowhere where somebody has taken the alert on, or it is over', async () => {
    const taken = bench();
    await taken.commit(0, null, 'mail');
    await taken.store.acknowledge('a', { by: 'ann', at: START });
    await taken.commit(1, PLAN);
    expect(await taken.later(60 * MINUTE_MS)).toEqual([]);
    const over = bench();
    await over.commit(0, null, 'mail');
    await over.commit(1, PLAN, 'soar', false);
    expect([await over.store.nextDetour(), await over.later(60 * MINUTE_MS)]).toEqual([null, []]);
  });
});

describe('a severity that has risen behind an acknowledgement', () => {
  const rise = (revision: number): Escalation => ({ ...PLAN, targets: ['pager', 'boss'], risen: revision });

  async function risen() {
    const it = bench();
    await it.commit(0, PLAN);
    await it.store.acknowledge('a', { by: 'ann', at: START });
    await it.commit(1, rise(1));
    return it;
  }

  it('is escalated as if nobody had taken the alert on', async () => {
    const { later } = await risen();
    expect(await later(15 * MINUTE_MS - 1)).toEqual([]);
    expect(await later(1)).toEqual(['pager']);
    expect(await later(15 * MINUTE_MS)).toEqual(['boss']);
    expect(await later(60 * MINUTE_MS)).toEqual([]);
  });

  it('until somebody acknowledges it anew, who has it then; later ones change nothing', async () => {
    const { later, store } = await risen();
    await later(15 * MINUTE_MS);
    const bob = { by: 'bob', at: START + 1 };
    expect(await store.acknowledge('a', bob)).toEqual(bob);
    expect(await later(60 * MINUTE_MS)).toEqual([]);
    expect(await store.acknowledge('a', { by: 'eve', at: START + 2 })).toEqual(bob);
  });

  it('or it is over', async () => {
    const { later, commit } = await risen();
    await commit(2, null, 'soar', false);
    expect(await later(60 * MINUTE_MS)).toEqual([]);
  });

  it('and each further rise is', async () => {
    const { later, commit, store } = await risen();
    await store.acknowledge('a', { by: 'bob', at: START + 1 });
    await commit(2, rise(2));
    expect(await later(15 * MINUTE_MS)).toEqual(['pager']);
  });
});
