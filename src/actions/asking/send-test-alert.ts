import { testAlert, testMessageId, testResolve } from '../../outbox/test-alert.ts';
import type { AuditEntry } from '../../state/audit-store.ts';
import type { DeliveryResult, Target } from '../../targets/target.ts';
import { defineAction } from '../action.ts';
import type { ActionDeps } from '../action-deps.ts';
import { A_TEXT, ANY_OBJECT, flag, gives, INTEGER_OR_NULL, oneOf, takes, word } from '../schema.ts';

interface TestAsked {
  readonly target: string;
  readonly resolve?: boolean;
}

export const sendTestAlert = defineAction<TestAsked>({
  uuid: '8fc8d401-90b5-4e20-bc97-b2feb843e0d4',
  slug: 'send_test_alert',
  name: 'Send a test alert',
  description: 'Sends one alert, marked as a test, to a target and returns what became of it.',
  scope: 'write',
  command: ['huntwire', 'send-test', '--format', 'json'],
  input: takes(
    {
      target: word('Name of a configured target.', '<target>'),
      resolve: flag('Sends the resolve of the alert, too, once it was taken.', '--resolve'),
    },
    ['target'],
  ),
  results: gives(
    {
      target: A_TEXT,
      alertId: A_TEXT,
      kind: oneOf(['delivered', 'again', 'blocked', 'refused']),
      reason: A_TEXT,
      status: INTEGER_OR_NULL,
      retryAfterMs: INTEGER_OR_NULL,
      answer: A_TEXT,
      resolve: ANY_OBJECT,
    },
    ['reason', 'status', 'retryAfterMs', 'answer', 'resolve'],
  ),
  run: async ({ target: name, resolve: withResolve = false }, deps) => {
    const target = await deps.openTarget(name);
    try {
      await deps.noteAsked(testAsked(name, withResolve));
      const { alertId, result, resolve } = await deliverTest(target, { name, withResolve }, deps);
      return { target: name, alertId, ...result, ...(resolve && { resolve }) };
    } finally {
      await target.close();
    }
  },
});

/** For the audit: a receiver may open a ticket or page somebody for it. */
export function testAsked(name: string, withResolve: boolean): Pick<AuditEntry, 'action' | 'subject' | 'after'> {
  return { action: 'send_test_alert', subject: name, after: withResolve ? { resolve: true } : null };
}

export interface TestSent {
  readonly alertId: string;
  readonly result: DeliveryResult;
  /** What became of its resolve; null: none was sent. */
  readonly resolve: DeliveryResult | null;
}

/** One attempt; the resolve goes with what the target answered to the alert, as the outbox would send it. */
export async function deliverTest(
  target: Pick<Target, 'deliver'>,
  { name, withResolve }: { readonly name: string; readonly withResolve: boolean },
  { config, clock, signal }: Pick<ActionDeps, 'config' | 'clock' | 'signal'>,
): Promise<TestSent> {
  const alert = testAlert(config, name, clock.now());
  const result = await target.deliver({ messageId: alert.id, alert, receipt: null }, signal);
  const sent = { alertId: alert.id, result, resolve: null };
  if (!withResolve || result.kind !== 'delivered') return sent;
  const resolved = testResolve(alert, clock.now());
  const delivery = { messageId: testMessageId(resolved), alert: resolved, receipt: result.receipt ?? null };
  return { ...sent, resolve: await target.deliver(delivery, signal) };
}
