import { describe, expect, it } from '@jest/globals';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/lib/duration.ts';
import type { Delivery } from '../../src/targets/target.ts';
import { commitAlerts, sampleAlert, sampleCommit, sampleMessage } from '../state/samples.ts';
import { again, BLOCKED, createScene, DELIVERED, fakeTarget, type Scene } from './scene.ts';

const AFTER = 10 * MINUTE_MS;

function scene(over: Partial<Parameters<typeof createScene>[0]> = {}) {
  const soar = fakeTarget('soar', () => again());
  const pager = fakeTarget('pager');
  const made = createScene({
    targets: [soar, pager],
    fallbacks: new Map([['soar', { target: 'pager', afterMs: AFTER }]]),
    ...over,
  });
  return { ...made, soar, pager };
}

async function commitRevision({ store }: Pick<Scene, 'store'>, id: string, revision: number, firing = true) {
  const alert = sampleAlert(id, { revision, status: firing ? 'firing' : 'resolved' });
  await store.commit(sampleCommit(store, { alerts: [alert], messages: [sampleMessage(alert, 'soar')] }));
}

describe('a fallback', () => {
  it('gets what waits for a target that was down for long enough, once, in order, and what comes while it is down', async () => {
    const it = scene();
    await commitAlerts(it.store, ['a', 'b', 'c'], ['soar'], 'one key');
    await it.start();
    await it.clock.advance(AFTER - MINUTE_MS);
    expect(it.pager.seen).toEqual([]);
    await it.clock.advance(MINUTE_MS + 20 * SECOND_MS);
    expect(it.pager.seen).toEqual(['a', 'b', 'c']);
    await commitAlerts(it.store, ['d'], ['soar'], 'one key');
    it.loop.poke();
    await it.clock.advance(20 * SECOND_MS);
    expect(it.pager.seen).toEqual(['a', 'b', 'c', 'd']);
    await it.stop();
  });

  it('leaves the target what waits for it: when it comes back it gets all, and the fallback no more', async () => {
    const it = scene();
    await commitAlerts(it.store, ['a', 'b'], ['soar']);
    await it.start();
    await it.clock.advance(AFTER + MINUTE_MS);
    it.soar.answer = () => DELIVERED;
    await it.clock.advance(HOUR_MS);
    expect(await it.pending('soar')).toEqual([]);
    await commitAlerts(it.store, ['c'], ['soar']);
    it.loop.poke();
    await it.clock.advance(AFTER + HOUR_MS);
    expect(it.soar.seen).toContain('c');
    expect(it.pager.seen).toEqual(['a', 'b']);
    expect(await it.store.targetState('soar')).toMatchObject({ downSince: null });
    await it.stop();
  });

  it('stands in for a blocked target, too', async () => {
    const it = scene();
    it.soar.answer = () => BLOCKED;
    await commitAlerts(it.store, ['a', 'b'], ['soar']);
    await it.start();
    await it.clock.advance(AFTER + MINUTE_MS);
    expect(it.pager.seen).toEqual(['a', 'b']);
    await it.stop();
  });

  it('does not stand in for a target that takes an alert now and then', async () => {
    const it = scene();
    let calls = 0;
    it.soar.answer = () => (++calls % 5 === 0 ? DELIVERED : again());
    await it.start();
    for (let minute = 0; minute < 30; minute += 1) {
      await commitAlerts(it.store, [`a${minute}`], ['soar']);
      it.loop.poke();
      await it.clock.advance(MINUTE_MS);
    }
    expect(it.pager.seen).toEqual([]);
    await it.stop();
  });

  it('says in the alert why it comes there, and leaves the alert of the state as it is', async () => {
    const it = scene();
    const got: Delivery[] = [];
    it.pager.answer = (delivery) => {
      got.push(delivery);
      return DELIVERED;
    };
    await commitAlerts(it.store, ['a'], ['soar']);
    await it.start();
    await it.clock.advance(AFTER + MINUTE_MS);
    await it.stop();
    expect(got.map(({ messageId, alert }) => [messageId, alert.description])).toEqual([
      ['a', 'Sent here in the place of the target soar, which takes no alerts now.'],
    ]);
    expect((await it.store.alertsById('a'))[0]).toMatchObject({ description: '' });
  });

  it('is told how an alert goes on that it got, and nothing of the end of one that it never got', async () => {
    const it = scene();
    it.soar.answer = () => DELIVERED;
    await commitAlerts(it.store, ['known'], ['soar']);
    await it.start();
    await it.clock.advance(MINUTE_MS);
    it.soar.answer = () => again();
    await commitRevision(it, 'fresh', 0);
    await commitRevision(it, 'known', 1, false);
    it.loop.poke();
    await it.clock.advance(AFTER + MINUTE_MS);
    expect(it.pager.seen).toEqual(['fresh']);
    it.soar.answer = () => DELIVERED;
    await it.clock.advance(HOUR_MS);
    await commitRevision(it, 'fresh', 1, false);
    it.loop.poke();
    await it.clock.advance(MINUTE_MS);
    expect(it.pager.seen).toEqual(['fresh', 'fresh-1']);
    expect(it.soar.seen).toEqual(expect.arrayContaining(['known', 'fresh', 'known-1', 'fresh-1']));
    await it.stop();
  });

  it('goes on to its own fallback when it is down as well, and the end of the alert follows all the way', async () => {
    const mail = fakeTarget('mail');
    const soar = fakeTarget('soar', () => again());
    const pager = fakeTarget('pager', () => again());
    const it = createScene({
      targets: [soar, pager, mail],
      fallbacks: new Map([
        ['soar', { target: 'pager', afterMs: AFTER }],
        ['pager', { target: 'mail', afterMs: AFTER }],
      ]),
    });
    await commitAlerts(it.store, ['a'], ['soar']);
    await it.start();
    await it.clock.advance(2 * AFTER + 2 * MINUTE_MS);
    expect(mail.seen).toEqual(['a']);
    await commitRevision(it, 'a', 1, false);
    expect((await it.pending('mail')).concat(await it.pending('soar'))).toEqual(['a-1', 'a']);
    await it.stop();
  });

  it('counts on across restarts, and never the time in which a clock was wrong', async () => {
    const it = scene();
    await commitAlerts(it.store, ['a'], ['soar']);
    await it.drain(20 * SECOND_MS);
    expect(await it.store.targetState('soar')).toMatchObject({ downSince: expect.any(Number) });
    it.clock.jump(-HOUR_MS);
    await it.drain();
    expect(it.pager.seen).toEqual([]);
    await it.clock.advance(AFTER);
    await it.drain();
    expect(it.pager.seen).toEqual(['a']);
  });

  it('gets a long queue in its order', async () => {
    const it = scene();
    const ids = Array.from({ length: 1234 }, (_, index) => `a${index}`);
    await commitAlerts(it.store, ids, ['soar'], 'one key');
    await it.start();
    await it.clock.advance(AFTER + 2 * MINUTE_MS);
    expect(it.pager.seen).toEqual(ids);
    await it.stop();
  });
});
