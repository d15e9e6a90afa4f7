import { describe, expect, it } from '@jest/globals';
import type { Alert } from '../../src/alerts/alert.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/lib/duration.ts';
import type { Escalation } from '../../src/state/detour-store.ts';
import type { Delivery } from '../../src/targets/target.ts';
import { START, sampleAlert, sampleCommit, sampleMessage } from '../state/samples.ts';
import { createScene, DELIVERED, fakeTarget, type Scene } from './scene.ts';

const AFTER = 15 * MINUTE_MS;
/** Longer than all steps of the escalation, and than any repeat of one would wait. */
const LONG = 8 * AFTER;
const ESCALATION: Escalation = { everyMs: AFTER, targets: ['pager', 'boss'] };

function scene() {
  const [soar, pager, boss] = [fakeTarget('soar'), fakeTarget('pager'), fakeTarget('boss')];
  return { ...createScene({ targets: [soar, pager, boss] }), soar, pager, boss };
}

async function commit({ store }: Pick<Scene, 'store'>, id: string, revision = 0, firing = true) {
  await store.commit(sampleCommit(store, escalated([id], { revision, status: firing ? 'firing' : 'resolved' })));
}

function escalated(ids: readonly string[], change: Partial<Alert> = {}) {
  const alerts = ids.map((id) => sampleAlert(id, change));
  return { alerts, messages: alerts.map((alert) => ({ ...sampleMessage(alert, 'soar'), escalation: ESCALATION })) };
}

describe('an alert that nobody acknowledges', () => {
  it('goes to one target after another, once each', async () => {
    const it = scene();
    await commit(it, 'a');
    await it.start();
    await it.clock.advance(AFTER - MINUTE_MS);
    expect(it.pager.seen).toEqual([]);
    await it.clock.advance(MINUTE_MS + 1000);
    expect([it.pager.seen, it.boss.seen]).toEqual([['a'], []]);
    await it.clock.advance(AFTER + 1000);
    expect(it.boss.seen).toEqual(['a']);
    await it.clock.advance(LONG);
    expect([it.soar.seen, it.pager.seen, it.boss.seen]).toEqual([['a'], ['a'], ['a']]);
    await it.stop();
  });

  it('goes on in time however seldom the state is looked into', async () => {
    const [soar, pager, boss] = [fakeTarget('soar'), fakeTarget('pager'), fakeTarget('boss')];
    const seldom = createScene({ targets: [soar, pager, boss], lookMs: LONG });
    await seldom.start();
    await commit(seldom, 'a');
    seldom.loop.poke();
    await seldom.clock.advance(AFTER + 1);
    expect([soar.seen, pager.seen, boss.seen]).toEqual([['a'], ['a'], []]);
    await seldom.stop();
  });

  it('says there why it comes', async () => {
    const it = scene();
    const got: Delivery[] = [];
    it.boss.answer = (delivery) => {
      got.push(delivery);
      return DELIVERED;
    };
    await commit(it, 'a');
    await it.start();
    await it.clock.advance(2 * AFTER + 2000);
    await it.stop();
    expect(got.map(({ alert }) => alert.description)).toEqual([
      'Sent here because nobody has acknowledged this alert within 30m.',
    ]);
  });

  it('says so, too, where its severity has risen since somebody has', async () => {
    const it = scene();
    const got: Delivery[] = [];
    it.pager.answer = (delivery) => {
      got.push(delivery);
      return DELIVERED;
    };
    const alert = sampleAlert('a', {
      ...{ severity: 'critical', acknowledged: { by: 'ann', at: new Date(START).toISOString() } },
      change: { kind: 'severity', since: new Date(START).toISOString(), reason: 'It has.' },
    });
    const message = { ...sampleMessage(alert, 'soar'), escalation: { ...ESCALATION, risen: 0 } };
    await it.store.commit(sampleCommit(it.store, { alerts: [alert], messages: [message] }));
    await it.drain();
    await it.clock.advance(AFTER + 1000);
    await it.drain();
    expect(got.map((one) => one.alert.description)).toEqual([
      'Sent here because its severity has risen to critical, and nobody has acknowledged this alert anew within 15m.',
    ]);
  });

  it.each<[string, (it: Scene) => Promise<unknown>]>([
    ['was acknowledged', ({ store }) => store.acknowledge('a', { by: 'ann', at: START })],
    ['was resolved', (it) => commit(it, 'a', 1, false)],
  ])('and that %s goes nowhere else', async (_, end) => {
    const it = scene();
    await commit(it, 'a');
    await it.start();
    await it.clock.advance(AFTER - 1);
    await end(it);
    await it.clock.advance(LONG);
    expect([it.pager.seen, it.boss.seen]).toEqual([[], []]);
    await it.stop();
  });

  it('stops where it has come to when somebody acknowledges it, and its end is told there', async () => {
    const it = scene();
    await commit(it, 'a');
    await it.start();
    await it.clock.advance(AFTER + 1000);
    await it.store.acknowledge('a', { by: 'ann', at: START });
    await it.clock.advance(HOUR_MS);
    await commit(it, 'a', 1, false);
    it.loop.poke();
    await it.clock.advance(MINUTE_MS);
    expect([it.soar.seen, it.pager.seen, it.boss.seen]).toEqual([['a', 'a-1'], ['a', 'a-1'], []]);
    await it.stop();
  });

  it('goes on by its newest revision, and an update does not begin anew', async () => {
    const it = scene();
    await commit(it, 'a');
    await it.start();
    await it.clock.advance(AFTER / 2);
    await commit(it, 'a', 1);
    await it.clock.advance(AFTER / 2 + 1000);
    expect(it.pager.seen).toEqual(['a-1']);
    await it.clock.advance(LONG);
    expect([it.pager.seen, it.boss.seen]).toEqual([['a-1'], ['a-1']]);
    await it.stop();
  });

  it('waits on across restarts; what fell due meanwhile goes out at once, and the next one has its full time', async () => {
    const it = scene();
    await commit(it, 'a');
    await it.drain();
    await it.clock.advance(10 * AFTER);
    await it.drain();
    expect([it.pager.seen, it.boss.seen]).toEqual([['a'], []]);
    await it.clock.advance(AFTER - MINUTE_MS);
    await it.drain();
    expect(it.boss.seen).toEqual([]);
    await it.clock.advance(MINUTE_MS);
    await it.drain();
    expect(it.boss.seen).toEqual(['a']);
  });

  it('is not hurried by a clock that is set back and forth', async () => {
    const it = scene();
    await commit(it, 'a');
    await it.start();
    it.clock.jump(-HOUR_MS);
    await it.clock.advance(AFTER - MINUTE_MS);
    expect(it.pager.seen).toEqual([]);
    await it.clock.advance(MINUTE_MS + 1000);
    expect(it.pager.seen).toEqual(['a']);
    await it.stop();
  });

  it('is one of thousands that fall due together', async () => {
    const it = scene();
    const ids = Array.from({ length: 450 }, (_, index) => `a${index}`);
    await it.store.commit(sampleCommit(it.store, escalated(ids)));
    await it.start();
    await it.clock.advance(AFTER + 1000);
    expect([...it.pager.seen].sort()).toEqual([...ids].sort());
    await it.stop();
  });
});
