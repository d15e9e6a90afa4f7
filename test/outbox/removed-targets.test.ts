import { describe, expect, it } from '@jest/globals';
import { createManualClock } from '../../src/lib/clock.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/lib/duration.ts';
import { openMemoryStore } from '../../src/state/sqlite-store.ts';
import type { Delivery } from '../../src/targets/target.ts';
import { commitAlerts, START } from '../state/samples.ts';
import { again, BLOCKED, createScene, DELIVERED, fakeTarget, REFUSED } from './scene.ts';

/** A state that several configurations, one after another, work on; what `mail` was told. */
function setUp() {
  const clock = createManualClock(START);
  const store = openMemoryStore({ clock });
  const told: { id: string; text: string; description: string }[] = [];
  const mail = fakeTarget('mail', ({ messageId, alert }: Delivery) => {
    told.push({ id: messageId, text: `${alert.status} ${alert.health?.code}`, description: alert.description });
    return DELIVERED;
  });
  const runWith = async (targets: readonly ReturnType<typeof fakeTarget>[], tenant?: string) => {
    const scene = createScene({
      targets: [...targets, mail],
      healthTargets: ['mail'],
      store,
      clock,
      ...(tenant && { tenant }),
    });
    await scene.start();
    await clock.advance(1000);
    await scene.stop();
    await clock.advance(HOUR_MS);
    return scene.logged;
  };
  const open = async () => (await store.openHealth()).map(({ code, subject }) => `${code} ${subject}`);
  return { clock, store, told, runWith, open };
}

describe('a target that is removed or renamed', () => {
  it('is no longer told as blocked: resolved, with that reason', async () => {
    const { store, told, runWith, open } = setUp();
    await commitAlerts(store, ['a1'], ['soar']);
    await runWith([fakeTarget('soar', () => BLOCKED)]);
    expect(await open()).toEqual(['target-blocked soar']);
    await runWith([]);
    const about = told.filter(({ text }) => text.includes('target-blocked'));
    expect(about.map(({ text }) => text)).toEqual(['firing target-blocked', 'resolved target-blocked']);
    expect(about[1]).toMatchObject({
      id: `${about[0]?.id}-1`,
      description: 'Of target soar nothing is told any more: it is no longer configured: it was removed or renamed.',
    });
    expect(await open()).toEqual(['dead-letter soar']);
  });

  it('is told under a new id when it comes back and is blocked again', async () => {
    const { store, told, runWith } = setUp();
    await commitAlerts(store, ['a1'], ['soar']);
    await runWith([fakeTarget('soar', () => BLOCKED)]);
    await runWith([]);
    await commitAlerts(store, ['a2'], ['soar']);
    await runWith([fakeTarget('soar', () => BLOCKED)]);
    const firing = told.filter(({ text }) => text === 'firing target-blocked');
    expect(firing).toHaveLength(2);
    expect(new Set(firing.map(({ id }) => id)).size).toBe(2);
  });

  it('has its waiting alerts told as dead letters once, and the start after that ends the condition', async () => {
    const { store, told, runWith, open } = setUp();
    await commitAlerts(store, ['a1', 'a2'], ['gone']);
    expect(await runWith([])).toContainEqual({
      level: 'warn',
      message: 'Alerts of a target that is no longer configured are dead letters now.',
      fields: { target: 'gone', entries: 2 },
    });
    expect(told).toMatchObject([{ text: 'firing dead-letter', description: expect.stringContaining('2 alerts') }]);
    await runWith([]);
    await runWith([]);
    expect(told.slice(1)).toMatchObject([
      { text: 'resolved dead-letter', description: expect.stringContaining('dead letters (2) stay') },
    ]);
    expect(await open()).toEqual([]);
    expect(await store.deadLetters({ target: 'gone', ids: null })).toHaveLength(2);
  });

  it.each([
    { ids: ['a1'], text: '1 alert for target gone is a dead letter: it is no longer configured' },
    { ids: ['a1', 'a2'], text: '2 alerts for target gone are dead letters: it is no longer configured' },
  ])('is told with words for so many: $text', async ({ ids, text }) => {
    const { store, told, runWith } = setUp();
    await commitAlerts(store, ids, ['gone']);
    await runWith([]);
    expect(told.map(({ description }) => description)).toEqual([expect.stringContaining(text)]);
  });

  it('whose dead letters were dropped meanwhile is resolved, too', async () => {
    const { store, told, runWith, open } = setUp();
    await commitAlerts(store, ['a1'], ['soar']);
    await runWith([fakeTarget('soar', () => REFUSED)]);
    await store.drop((await store.deadLetters({ target: null, ids: null })).map(({ id }) => id));
    await runWith([]);
    expect(told[1]?.description).toContain('dead letters (0) stay');
    expect(await open()).toEqual([]);
  });

  it('is told of once although the process dies between the alert and the burial', async () => {
    const { store, told, runWith, clock } = setUp();
    await commitAlerts(store, ['a1'], ['gone']);
    const dying = { ...store, buryPending: () => Promise.reject(new Error('killed')) };
    const scene = createScene({ targets: [fakeTarget('mail')], healthTargets: ['mail'], store: dying, clock });
    await expect(scene.drain()).rejects.toThrow('killed');
    await runWith([]);
    expect(told.map(({ text }) => text)).toEqual(['firing dead-letter']);
    expect(await store.deadLetters({ target: 'gone', ids: null })).toHaveLength(1);
  });

  it('with dead letters from before is resolved with that reason, and they stay', async () => {
    const { store, told, runWith, open } = setUp();
    await commitAlerts(store, ['a1'], ['soar']);
    await runWith([fakeTarget('soar', () => REFUSED)]);
    await runWith([]);
    expect(told.map(({ text }) => text)).toEqual(['firing dead-letter', 'resolved dead-letter']);
    expect(told[1]?.description).toContain('dead letters (1) stay');
    expect(await open()).toEqual([]);
  });
});

describe('a target that comes back', () => {
  it.each([
    { how: 'was down', answer: again(), forMs: 5 * MINUTE_MS },
    { how: 'was blocked', answer: BLOCKED, forMs: 5 * MINUTE_MS },
  ])('having been taken out when it $how takes its alerts alone: its fallback is told nothing of them', async (one) => {
    const { store, clock } = setUp();
    const [soar, pager] = [fakeTarget('soar', () => one.answer), fakeTarget('pager')];
    const fallbacks = new Map([['soar', { target: 'pager', afterMs: 20 * MINUTE_MS }]]);
    const runWith = async (targets: readonly ReturnType<typeof fakeTarget>[], ms: number) => {
      const scene = createScene({ targets, clock, store, ...(targets.includes(soar) && { fallbacks }) });
      await scene.start();
      await clock.advance(ms);
      await scene.stop();
    };
    await commitAlerts(store, ['a1'], ['soar']);
    await runWith([soar, pager], one.forMs);
    await runWith([pager], 20 * MINUTE_MS);
    soar.answer = () => DELIVERED;
    await commitAlerts(store, ['a2'], ['soar']);
    await runWith([soar, pager], MINUTE_MS);
    expect(soar.seen).toContain('a2');
    expect(pager.seen).toEqual([]);
  });
});

describe('a target that a reload brings', () => {
  it('loses nothing to the loop of before, which knows nothing of it yet', async () => {
    const { store, clock } = setUp();
    const [soar, mail] = [fakeTarget('soar'), fakeTarget('mail')];
    const before = createScene({ targets: [mail], healthTargets: ['mail'], clock, store });
    await before.start();
    await clock.advance(MINUTE_MS - 100);
    await commitAlerts(store, ['a1'], ['soar']);
    await clock.advance(1000);
    await before.stop();
    const after = createScene({ targets: [mail, soar], healthTargets: ['mail'], clock, store });
    await after.start();
    await clock.advance(1000);
    await after.stop();
    expect([soar.seen, mail.seen]).toEqual([['a1'], []]);
  });

  it('and what a run of before told one that is gone is a dead letter ten minutes later', async () => {
    const { store, clock } = setUp();
    const mail = fakeTarget('mail');
    const scene = createScene({ targets: [mail], healthTargets: ['mail'], clock, store });
    await scene.start();
    await commitAlerts(store, ['a1'], ['gone']);
    await clock.advance(12 * MINUTE_MS);
    await scene.stop();
    expect(mail.seen).toEqual(['firing dead-letter gone']);
  });
});

describe('a tenant under which health of targets was told', () => {
  it('that is renamed takes the open conditions with it, and they begin anew under the new name', async () => {
    const { store, told, runWith } = setUp();
    const soar = fakeTarget('soar', () => BLOCKED);
    await commitAlerts(store, ['a1'], ['soar']);
    await runWith([soar], 'contoso');
    await runWith([soar], 'contoso-eu');
    expect(told.map(({ text }) => text)).toEqual([
      'firing target-blocked',
      'resolved target-blocked',
      'firing target-blocked',
    ]);
    expect(told[1]?.description).toBe('The health of target soar is told under the tenant contoso-eu now.');
    expect((await store.openHealth()).map(({ tenant }) => tenant)).toEqual(['contoso-eu']);
  });
});
