import { describe, expect, it } from '@jest/globals';
import { HOUR_MS, MINUTE_MS } from '../../src/lib/duration.ts';
import type { DeliveryResult } from '../../src/targets/target.ts';
import { commitAlerts, sampleAlert, sampleCommit, sampleMessage } from '../state/samples.ts';
import { again, BLOCKED, createScene, DELIVERED, fakeTarget, type SceneOptions } from './scene.ts';

const resend = { everyMs: MINUTE_MS, forMs: HOUR_MS };

function scene(options: Partial<SceneOptions> = {}) {
  const pager = fakeTarget('pager', () => DELIVERED, { resend });
  return { pager, ...createScene({ targets: [pager], ...options }) };
}

type Playing = ReturnType<typeof scene>;

async function resolve({ store, loop }: Playing, id: string): Promise<void> {
  const alert = sampleAlert(id, { revision: 1, status: 'resolved' });
  await store.commitHealth({ alerts: [alert], messages: [sampleMessage(alert, 'pager')], health: [] });
  loop.poke();
}

describe('a target to which alerts are handed over again', () => {
  it('gets those that fire every minute until they are resolved, and nothing of it is stored', async () => {
    const played = scene();
    await commitAlerts(played.store, ['a1', 'a2'], ['pager']);
    await played.start();
    await played.clock.advance(MINUTE_MS);
    expect(played.pager.seen).toEqual(['a1', 'a2', 'a1', 'a2']);
    await resolve(played, 'a1');
    await played.clock.advance(2 * MINUTE_MS);
    expect(played.pager.seen.slice(4)).toEqual(['a1-1', 'a2', 'a2']);
    expect(await played.store.targetCounts()).toEqual([]);
    await played.stop();
  });

  it('gets them after a restart, with what it answered to them', async () => {
    const first = scene();
    first.pager.answer = () => ({ kind: 'delivered', receipt: 'r1' });
    await commitAlerts(first.store, ['a1'], ['pager']);
    await first.drain();
    const receipts: (string | null)[] = [];
    const pager = fakeTarget(
      'pager',
      ({ receipt }): DeliveryResult => {
        receipts.push(receipt);
        return DELIVERED;
      },
      { resend },
    );
    const second = createScene({ targets: [pager], store: first.store, clock: first.clock });
    await second.start();
    await second.clock.advance(MINUTE_MS);
    await second.stop();
    expect([pager.seen, receipts]).toEqual([['a1'], ['r1']]);
  });

  it('gets no heartbeat again, which would tell of a process that has stopped', async () => {
    const played = scene();
    const alert = sampleAlert('h1', { kind: 'health', health: { code: 'heartbeat', subject: 'pager' } });
    await played.store.commitHealth({ alerts: [alert], messages: [sampleMessage(alert, 'pager')], health: [] });
    await played.start();
    await played.clock.advance(3 * MINUTE_MS);
    expect(played.pager.seen).toHaveLength(1);
    await played.stop();
  });

  it('gets an ordinary alert for its time only, and a health alert until it is over', async () => {
    const played = scene();
    await commitAlerts(played.store, ['a1'], ['pager']);
    const health = { code: 'gap' as const, subject: 'rule-a' };
    const alert = sampleAlert('h1', { kind: 'health', health });
    await played.store.commit(
      sampleCommit(played.store, { alerts: [alert], messages: [sampleMessage(alert, 'pager')] }),
    );
    await played.start();
    await played.clock.advance(HOUR_MS + MINUTE_MS);
    played.pager.seen.length = 0;
    await played.clock.advance(MINUTE_MS);
    await played.stop();
    expect(played.pager.seen).toEqual(['firing gap rule-a']);
  });

  it('gets a resolve that an older message may have overtaken once more', async () => {
    const played = scene();
    let repeats = 0;
    let letGo: () => void = () => undefined;
    await commitAlerts(played.store, ['a1'], ['pager']);
    await played.start();
    played.pager.answer = async ({ messageId }) => {
      repeats += 1;
      if (messageId === 'a1' && repeats === 1) await new Promise<void>((done) => (letGo = done));
      return DELIVERED;
    };
    await played.clock.advance(MINUTE_MS);
    await resolve(played, 'a1');
    await played.clock.advance(0);
    letGo();
    await played.clock.advance(3 * MINUTE_MS);
    await played.stop();
    expect(played.pager.seen).toEqual(['a1', 'a1', 'a1-1', 'a1-1']);
  });

  it.each([
    { name: 'blocked', result: BLOCKED },
    { name: 'in a pause', result: again(10 * MINUTE_MS) },
  ])('gets nothing while it is $name', async ({ result }) => {
    const played = scene({ random: () => 1 });
    await commitAlerts(played.store, ['a1'], ['pager']);
    await played.start();
    played.pager.answer = ({ messageId }) => (messageId === 'a2' ? result : DELIVERED);
    await commitAlerts(played.store, ['a2'], ['pager']);
    played.loop.poke();
    await played.clock.advance(100);
    await played.stop();
    const before = played.pager.seen.length;
    await played.start();
    await played.clock.advance(MINUTE_MS);
    expect(played.pager.seen.slice(before).filter((id) => id === 'a1')).toEqual([]);
    await played.stop();
  });

  it('gets the rest of its messages though one repeat throws', async () => {
    const played = scene();
    await commitAlerts(played.store, ['a1'], ['pager']);
    await played.start();
    played.pager.answer = () => Promise.reject(new Error('a defect'));
    await played.clock.advance(MINUTE_MS);
    played.pager.answer = () => DELIVERED;
    await played.clock.advance(MINUTE_MS);
    await played.stop();
    expect(played.pager.seen).toEqual(['a1', 'a1', 'a1']);
    expect(played.logged.map(({ message }) => message)).toContain('Alerts could not be sent again.');
  });
});
