import { describe, expect, it } from '@jest/globals';
import { type Alert, messageId } from '../../../src/alerts/alert.ts';
import { behindToldBefore } from '../../../src/run/firing/told-before.ts';
import { HOUR } from '../story.ts';
import { hourlyGroups, openHours } from './hours.ts';

/** An alert of a group that was told, and then resolved. */
async function toldAndResolved() {
  const { bench, hour, detections } = openHours();
  const rule = hourlyGroups({ resolveAfterMs: 0 });
  await hour(rule, 'firing');
  await hour(rule, 'empty');
  const [firing, resolved] = detections() as [Alert, Alert];
  const input = { rule, planned: { logicalTime: bench.clock.now() + HOUR } } as Parameters<typeof behindToldBefore>[1];
  return { firing, resolved, deps: bench.deps, input };
}

describe('an alert of an L that was told before, by a clock that was ahead', () => {
  it('is the next revision of what was told, firing again, under a message of its own', async () => {
    const { firing, resolved, deps, input } = await toldAndResolved();
    const other = { ...firing, id: 'f'.repeat(32) };
    const [again, fresh] = await behindToldBefore([{ ...firing, rowCount: 9 }, other], input, deps);
    expect(again).toMatchObject({
      id: firing.id,
      status: 'firing',
      revision: 2,
      rowCount: 9,
      change: { kind: 'again', since: resolved.window?.to },
    });
    expect(again?.change?.reason).toContain('The condition was found again.');
    expect([firing, resolved].map(messageId)).not.toContain(messageId(again as Alert));
    expect(fresh).toBe(other);
  });

  it('is left as it is where nothing of it was told', async () => {
    const { firing, deps, input } = await toldAndResolved();
    const fresh = [{ ...firing, id: 'e'.repeat(32) }];
    expect(await behindToldBefore(fresh, input, deps)).toBe(fresh);
  });
});
