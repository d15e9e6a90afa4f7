import { expect, it } from '@jest/globals';
import { type Alert, messageId } from '../../src/alerts/alert.ts';
import { HuntwireError } from '../../src/lib/errors.ts';
import { again, createScene, DELIVERED, fakeTarget } from '../outbox/scene.ts';
import { openBench } from './bench.ts';
import { makeRule } from './make-rule.ts';
import { plantedSource } from './planted-source.ts';
import { HOUR, T0 } from './story.ts';

it('a resolve passes a receiver that drops repeats, and whose first answers get lost', async () => {
  let down = false;
  const bench = openBench({
    start: T0,
    source: (clock) =>
      plantedSource({
        columns: [{ name: 'Timestamp', type: 'datetime' }],
        rows: () => [],
        now: clock.now,
        fails: () => (down ? new HuntwireError('SOURCE_SERVER', 'HTTP 500', { retryable: true }) : null),
      }),
  });
  const kept = new Map<string, Alert>();
  const receiver = fakeTarget('soar', (delivery) => {
    const known = kept.has(delivery.messageId);
    if (!known) kept.set(delivery.messageId, delivery.alert);
    return known ? DELIVERED : again();
  });
  const scene = createScene({ targets: [receiver], store: bench.store, clock: bench.clock });
  for (const state of [false, true, true, false]) {
    down = state;
    await bench.turn(makeRule());
    await scene.drain(HOUR);
    await bench.clock.advance(HOUR);
  }
  expect([...kept.values()].map((alert) => [alert.health?.code, alert.status, alert.revision])).toEqual([
    ['rule-failing', 'firing', 0],
    ['rule-failing', 'resolved', 1],
  ]);
  const [firing, resolved] = [...kept.values()];
  expect(resolved?.id).toBe(firing?.id);
  expect(resolved && messageId(resolved)).toBe(`${firing?.id}-1`);
  expect(receiver.seen).toHaveLength(4);
});
