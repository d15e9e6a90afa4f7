import { describe, expect, it } from '@jest/globals';
import type { Alert } from '../../src/alerts/alert.ts';
import { makeDigestAlert } from '../../src/alerts/map/digest-alert.ts';
import { validateAlert } from '../../src/alerts/map/validate-alert.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/lib/duration.ts';
import { START, sampleAlert, sampleCommit, sampleMessage } from '../state/samples.ts';
import { createScene, DELIVERED, fakeTarget, type Scene } from './scene.ts';

function scene(names: readonly string[] = ['mail', 'soar']) {
  const got: Alert[] = [];
  const targets = names.map((name) =>
    fakeTarget(name, ({ alert }) => {
      if (alert.rule.id === 'digest') got.push(alert);
      return DELIVERED;
    }),
  );
  return { ...createScene({ targets }), got, seen: (at: number) => targets[at]?.seen };
}

async function commit({ store }: Pick<Scene, 'store'>, alert: Alert, target = 'mail') {
  const messages = [{ ...sampleMessage(alert, target), digestMs: HOUR_MS }];
  await store.commit(sampleCommit(store, { alerts: [alert], messages }));
}

const low = (id: string, over: Partial<Alert> = {}): Alert => sampleAlert(id, { severity: 'low', ...over });

describe('a digest', () => {
  it('goes out once an interval with what came since the first, and never without anything', async () => {
    const it = scene();
    await it.start();
    await commit(it, low('a'));
    await it.clock.advance(30 * MINUTE_MS);
    await commit(it, low('b', { severity: 'medium' }));
    await it.clock.advance(30 * MINUTE_MS + 15_000);
    await commit(it, low('c'));
    await it.clock.advance(4 * HOUR_MS);
    await it.stop();
    expect(it.got.map(({ title, rowCount }) => [title, rowCount])).toEqual([
      ['Digest: 2 alerts (1 medium, 1 low)', 2],
      ['Digest: 1 alert (1 low)', 1],
    ]);
    expect(it.got[0]?.evidence.map(({ AlertId }) => AlertId)).toEqual(['b', 'a']);
    expect(it.seen(0)).toEqual(it.got.map(({ id }) => id));
  });

  it('tells of an alert what its last message says', async () => {
    const it = scene();
    await it.start();
    await commit(it, low('a'));
    await commit(it, low('a', { revision: 1, status: 'resolved' }));
    await it.clock.advance(HOUR_MS + 15_000);
    await it.stop();
    expect(it.got.map(({ rowCount, evidence }) => [rowCount, evidence[0]?.Status])).toEqual([[1, 'resolved']]);
  });

  it('is one of each tenant and target', async () => {
    const it = scene();
    await it.start();
    await commit(it, low('a'));
    await commit(it, low('b', { tenant: 'fabrikam' }));
    await commit(it, low('c'), 'soar');
    await it.clock.advance(HOUR_MS + 15_000);
    await it.stop();
    expect(it.got.map(({ tenant, rowCount }) => [tenant, rowCount]).sort()).toEqual([
      ['contoso', 1],
      ['contoso', 1],
      ['fabrikam', 1],
    ]);
    expect(new Set(it.got.map(({ id }) => id)).size).toBe(3);
  });

  it('is kept over a restart, and goes out when its time has come, whatever the clock shows', async () => {
    const it = scene();
    await commit(it, low('a'));
    await it.drain();
    it.clock.jump(-DAY_MS);
    await it.clock.advance(HOUR_MS - MINUTE_MS);
    await it.drain();
    expect(it.got).toEqual([]);
    await it.clock.advance(MINUTE_MS);
    await it.drain();
    await it.clock.advance(DAY_MS);
    await it.drain();
    expect(it.got.map(({ rowCount }) => rowCount)).toEqual([1]);
  });

  it('of a target that was taken out of the configuration becomes a dead letter at the next start', async () => {
    const before = scene();
    await commit(before, low('a'));
    const after = createScene({ targets: [fakeTarget('soar')], store: before.store, clock: before.clock });
    await after.drain();
    expect(await before.store.deadLetterHeads({ target: 'mail', ids: null })).toHaveLength(1);
  });

  it('keeps what waits for it when the state is tidied', async () => {
    const it = scene();
    await commit(it, low('a'));
    await it.store.tidy(START + 40 * DAY_MS);
    await it.clock.advance(HOUR_MS);
    await it.drain();
    expect(it.got).toHaveLength(1);
    await it.store.tidy(START + 80 * DAY_MS);
    await it.clock.advance(HOUR_MS);
    await it.drain();
    expect(it.got).toHaveLength(1);
  });

  it('counts all and lists a hundred, and is a valid alert however large they are', async () => {
    const it = scene();
    const long = 'x'.repeat(500);
    const alerts = Array.from({ length: 150 }, (_, index) =>
      low(`a${String(index).padStart(3, '0')}`, {
        title: long,
        severity: index === 149 ? 'high' : 'low',
        entities: [{ type: 'host', name: long }],
      }),
    );
    const messages = alerts.map((alert) => ({ ...sampleMessage(alert, 'mail'), digestMs: HOUR_MS }));
    await it.store.commit(sampleCommit(it.store, { alerts, messages }));
    await it.clock.advance(HOUR_MS);
    await it.drain();
    const [digest] = it.got;
    validateAlert(digest);
    expect(digest).toMatchObject({ severity: 'high', rowCount: 150, details: { alerts: 150, listed: 100 } });
    expect(digest?.evidence).toHaveLength(100);
    expect(digest?.evidence[0]).toMatchObject({ AlertId: 'a149' });
    expect(JSON.stringify(digest).length).toBeLessThan(128 * 1024);
  });
});

describe('the alert of a digest', () => {
  const input = { tenant: 't', target: 'mail', from: START, to: START + HOUR_MS, firstMessageId: 'a', alerts: [] };

  it('has an id of its tenant, its target and its first message', () => {
    const ids = [input, { ...input, target: 'soar' }, { ...input, firstMessageId: 'b' }, { ...input, tenant: 'u' }].map(
      (one) => makeDigestAlert({ ...one, counts: [] }).id,
    );
    expect(new Set(ids).size).toBe(4);
    expect(makeDigestAlert({ ...input, to: START + 1, counts: [] }).id).toBe(ids[0]);
  });

  it('names the rules with most alerts, and counts the rest', () => {
    const counts = Array.from({ length: 25 }, (_, at) => ({ severity: 'low' as const, rule: `r${at}`, alerts: 2 }));
    const { details } = makeDigestAlert({ ...input, counts });
    expect(details).toMatchObject({
      alerts: 50,
      severities: '50 low',
      rules: expect.stringMatching(/r19: 2 and 5 more rules$/),
    });
  });
});
