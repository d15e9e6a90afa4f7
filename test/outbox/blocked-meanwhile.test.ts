import { describe, expect, it } from '@jest/globals';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/lib/duration.ts';
import type { Delivery, DeliveryResult } from '../../src/targets/target.ts';
import { commitAlerts } from '../state/samples.ts';
import { tooMany } from './limiters.ts';
import { again, BLOCKED, createScene, DELIVERED, fakeTarget, REFUSED } from './scene.ts';

const BATCH = { max: 100, everyMs: SECOND_MS, maxCharacters: 1_000_000 };

/** A target that takes two at a time and answers when it is told to, by message id. */
async function blockedWithOneUnderWay() {
  const answers = new Map<string, (result: DeliveryResult) => void>();
  const soar = fakeTarget('soar', ({ messageId }) => new Promise((resolve) => answers.set(messageId, resolve)), {
    concurrency: 2,
  });
  const mail = fakeTarget('mail');
  const scene = createScene({ targets: [soar, mail], healthTargets: ['mail'] });
  await commitAlerts(scene.store, ['a1', 'a2', 'a3'], ['soar']);
  await scene.start();
  const answer = async (id: string, result: DeliveryResult): Promise<void> => {
    answers.get(id)?.(result);
    await scene.clock.advance(0);
  };
  await answer('a1', BLOCKED);
  return { scene, soar, mail, answer };
}

describe('a delivery that was under way when its target became blocked', () => {
  it.each([
    ['taken', DELIVERED],
    ['refused', REFUSED],
    ['put off', again()],
    ['blocked, too', BLOCKED],
  ])('and is %s opens nothing and blocks nothing for longer', async (_name, late) => {
    const { scene, soar, mail, answer } = await blockedWithOneUnderWay();
    expect(soar.seen).toEqual(['a1', 'a2']);
    await scene.clock.advance(500);
    await answer('a2', late);
    await scene.clock.advance(SECOND_MS - 1);
    expect(soar.seen).toHaveLength(2);
    await scene.clock.advance(1);
    expect(soar.seen).toHaveLength(3);
    soar.answer = () => DELIVERED;
    await answer(soar.seen.at(-1) ?? '', DELIVERED);
    await scene.clock.advance(30 * SECOND_MS);
    await scene.stop();
    expect(await scene.pending('soar')).toEqual([]);
    expect(mail.seen.filter((label) => label.includes('target-blocked'))).toEqual([
      'firing target-blocked soar',
      'resolved target-blocked soar',
    ]);
  });

  it('holds the probe up until it has ended: nothing goes out beside it', async () => {
    const { scene, soar, answer } = await blockedWithOneUnderWay();
    await scene.clock.advance(30 * SECOND_MS);
    expect(soar.seen).toEqual(['a1', 'a2']);
    await answer('a2', DELIVERED);
    await scene.clock.advance(SECOND_MS);
    expect(soar.seen).toHaveLength(3);
    soar.answer = () => DELIVERED;
    await answer(soar.seen.at(-1) ?? '', DELIVERED);
    await scene.stop();
  });
});

describe('an entry that alone is answered as if the target took nothing', () => {
  it('waits by itself once others were taken in between', async () => {
    const soar = fakeTarget('soar', ({ messageId }) => (messageId === 'bad' ? BLOCKED : DELIVERED));
    const scene = createScene({ targets: [soar], lookMs: HOUR_MS });
    await commitAlerts(scene.store, ['a1', 'bad', 'a2'], ['soar']);
    await scene.start();
    for (let minute = 0; minute < 20; minute += 1) await scene.clock.advance(MINUTE_MS);
    expect(await scene.pending('soar')).toEqual(['bad']);
    for (const id of ['b1', 'b2', 'b3']) {
      await commitAlerts(scene.store, [id], ['soar']);
      scene.loop.poke();
      await scene.clock.advance(SECOND_MS);
      expect(soar.seen).toContain(id);
    }
    await scene.stop();
    expect(await scene.pending('soar')).toEqual(['bad']);
  });
});

describe('an entry that alone is answered as if there were too many', () => {
  it.each([
    { what: 'by itself', answer: tooMany(null), isBatch: false },
    { what: 'in a batch', answer: tooMany(null), isBatch: true },
    { what: 'with Retry-After', answer: tooMany(MINUTE_MS), isBatch: true },
  ])('waits by itself once others were taken in between: $what', async ({ answer, isBatch }) => {
    const one = ({ messageId }: Delivery) => (messageId === 'bad' ? answer : DELIVERED);
    const plain = fakeTarget('soar', one, isBatch ? { batch: BATCH } : {});
    const deliverMany = async (deliveries: readonly Delivery[]) => deliveries.map(one);
    const scene = createScene({ targets: [isBatch ? { ...plain, deliverMany } : plain], lookMs: HOUR_MS });
    await commitAlerts(scene.store, ['bad'], ['soar']);
    await scene.start();
    const late: string[] = [];
    for (let minute = 0; minute < 70; minute += 1) {
      await commitAlerts(scene.store, [`a${minute}`], ['soar']);
      scene.loop.poke();
      await scene.clock.advance(MINUTE_MS);
      if (minute >= 45) late.push(...(await scene.pending('soar')));
    }
    await scene.stop();
    expect(new Set(late)).toEqual(new Set(['bad']));
  });
});
