import type { DeliveryResult, Target } from '../../../src/targets/target.ts';
import type { TargetSpec } from '../scenario.ts';
import { createFaults } from '../service/faults.ts';
import { type Body, never } from './body.ts';

const ANSWER_MS = 200;
const HANGS_MS = 15_000;

/** A receiver that takes what comes, as its faults let it. */
export function createSimTarget(body: Body, spec: TargetSpec): Target {
  const faults = createFaults(body.scenario);
  const { name, concurrency } = spec;
  return {
    name,
    type: 'sim',
    traits: { concurrency, ratePerSecond: null },
    deliver: async ({ messageId, alert }, signal) => {
      if (body.diesAt('before send')) return never();
      const began = body.time.now();
      const fault = faults.now('target', began, (one) => one.target === name);
      const result = resultOf(fault?.failure ?? null, fault?.retryAfter ?? null);
      const wait = fault?.failure === 'hangs' ? HANGS_MS : ANSWER_MS;
      await body.machine.delay(wait, body.isDead, signal).catch(() => undefined);
      const heard = !body.diesAt('after send');
      const { time, journal, number: life } = body;
      journal.add({
        kind: 'attempt',
        began,
        at: time.now(),
        life,
        target: name,
        messageId,
        alert,
        result: result.kind,
        heard,
      });
      return heard ? result : never();
    },
    check: async () => [],
    close: async () => undefined,
  };
}

function resultOf(failure: string | null, retryAfter: number | null): DeliveryResult {
  const retryAfterMs = retryAfter === null ? null : retryAfter * 1000;
  switch (failure) {
    case null:
      return { kind: 'delivered' };
    case 'blocked':
      return { kind: 'blocked', reason: 'HTTP 401', status: 401, retryAfterMs };
    case 'refused':
      return { kind: 'refused', reason: 'HTTP 422', status: 422, answer: 'no' };
    case 'throttled':
      return { kind: 'again', reason: 'HTTP 429', status: 429, retryAfterMs };
    case 'hangs':
      return { kind: 'again', reason: 'no answer in time', status: null, retryAfterMs: null };
    default:
      return { kind: 'again', reason: 'HTTP 503', status: 503, retryAfterMs };
  }
}
