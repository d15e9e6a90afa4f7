import { describe, expect, it } from '@jest/globals';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/lib/duration.ts';
import { circuitOf } from '../../src/outbox/circuit.ts';
import { commitAlerts, START } from '../state/samples.ts';
import { again, createScene, DELIVERED, fakeTarget, type Scene } from './scene.ts';

const ids = (count: number) => Array.from({ length: count }, (_, index) => `a${index}`);

/** A target that answers 503 to everything, and one that is told of it. */
function scene(waiting: number) {
  const soar = fakeTarget('soar', () => again());
  const mail = fakeTarget('mail');
  const made = createScene({ targets: [soar, mail], healthTargets: ['mail'], random: () => 0.999_999 });
  return { ...made, soar, mail, begin: () => commitAlerts(made.store, ids(waiting), ['soar']).then(made.start) };
}

async function circuit({ store }: Pick<Scene, 'store'>) {
  return circuitOf(await store.targetState('soar'), store.outboxNow());
}

describe('the circuit of a target that fails with what may pass', () => {
  it('opens after ten minutes without a success, is told, and closes with the first probe that is taken', async () => {
    const it = scene(8);
    await it.begin();
    await it.clock.advance(10 * MINUTE_MS - SECOND_MS);
    expect([await circuit(it), it.mail.seen]).toEqual(['closed', []]);
    await it.clock.advance(10 * MINUTE_MS);
    expect(it.mail.seen).toEqual(['firing target-blocked soar']);
    expect(await it.store.targetState('soar')).toMatchObject({ blockedSince: START, reason: 'HTTP 503' });
    const before = it.soar.seen.length;
    await it.clock.advance(HOUR_MS);
    expect(it.soar.seen.length - before).toBeLessThanOrEqual(60);
    it.soar.answer = () => DELIVERED;
    await it.clock.advance(15 * MINUTE_MS);
    expect([await circuit(it), await it.pending('soar')]).toEqual(['closed', []]);
    expect(it.mail.seen).toEqual(['firing target-blocked soar', 'resolved target-blocked soar']);
    await it.stop();
  });

  it('is half-open within a minute for an alert that is new, so that one that always fails keeps none back', async () => {
    const it = scene(1);
    it.soar.answer = ({ messageId }) => (messageId === 'a0' ? again() : DELIVERED);
    await it.begin();
    await it.clock.advance(HOUR_MS);
    expect(await circuit(it)).toBe('open');
    await commitAlerts(it.store, ['fresh'], ['soar']);
    it.loop.poke();
    await it.clock.advance(MINUTE_MS + 15 * SECOND_MS);
    expect(await it.pending('soar')).toEqual(['a0']);
    expect(it.mail.seen).toEqual(['firing target-blocked soar', 'resolved target-blocked soar']);
    await it.stop();
  });

  it('lets everything out at once when it closes, until something fails again', async () => {
    const it = scene(12);
    await it.begin();
    await it.clock.advance(11 * MINUTE_MS);
    const taken = new Set<string>();
    it.soar.answer = ({ messageId }) => {
      if (taken.size === 6) return again();
      taken.add(messageId);
      return DELIVERED;
    };
    while (taken.size === 0) await it.clock.advance(SECOND_MS);
    await it.clock.advance(SECOND_MS);
    expect([taken.size, (await it.pending('soar')).length]).toEqual([6, 6]);
    const tried = it.soar.seen.length;
    await it.clock.advance(SECOND_MS);
    expect(it.soar.seen).toHaveLength(tried);
    await it.stop();
  });

  it('is kept across a restart, and a turn of single runs tries every alert once', async () => {
    const it = scene(6);
    await it.begin();
    await it.clock.advance(30 * MINUTE_MS);
    await it.stop();
    const before = it.soar.seen.length;
    expect((await it.drain()).find(({ target }) => target === 'soar')).toMatchObject({ pending: 6, dead: 0 });
    expect(new Set(it.soar.seen.slice(before))).toEqual(new Set(ids(6)));
    expect(it.soar.seen).toHaveLength(before + 6);
    expect(it.mail.seen).toEqual(['firing target-blocked soar']);
  });

  it('opens in single runs, too, where they lie far enough apart', async () => {
    const it = scene(3);
    await commitAlerts(it.store, ids(3), ['soar']);
    await it.drain();
    expect(await circuit(it)).toBe('closed');
    await it.clock.advance(15 * MINUTE_MS);
    await it.drain();
    expect(it.soar.seen).toHaveLength(6);
    expect([await circuit(it), it.mail.seen]).toEqual(['open', ['firing target-blocked soar']]);
  });
});
