import { afterEach, expect, it } from '@jest/globals';
import { ALERTMANAGER } from '../../../src/formats/presets/alertmanager.ts';
import { PAGERDUTY } from '../../../src/formats/presets/pagerduty.ts';
import { Secret } from '../../../src/lib/secret.ts';
import { create as createAlertmanager } from '../../../src/targets/alertmanager.ts';
import { create as createPagerduty } from '../../../src/targets/pagerduty.ts';
import type { Target } from '../../../src/targets/target.ts';
import { type HourStep, hourlyGroups, openHours } from '../../run/firing/hours.ts';
import { HOUR } from '../../run/story.ts';
import { noSignal, targetDeps } from '../sample-alert.ts';
import { startAlertmanager } from '../vendors/alertmanager.ts';
import { startPagerduty } from '../vendors/pagerduty.ts';

const KEY = 'R0123456789ABCDEFR0123456789ABCD';
const RULE = hourlyGroups({ resolveAfterMs: HOUR, suppressMs: 24 * HOUR, updates: { everyMs: HOUR, when: 'grown' } });

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

type Hours = ReturnType<typeof openHours>;

/** What waits goes to the target in its order, what it answered beside it, as the outbox hands it over. */
async function deliverAll({ bench: { store, clock } }: Hours, target: Target): Promise<void> {
  for (;;) {
    const query = { now: store.outboxNow(), limit: 1, except: new Set<number>(), ignoreBackoff: true };
    const [entry] = await store.pending('soar', query);
    if (!entry) return;
    const { messageId, alert, receipt, id } = entry;
    const result = await target.deliver({ messageId, alert, receipt }, noSignal());
    if (result.kind !== 'delivered') throw new Error(JSON.stringify(result));
    const text = result.receipt;
    if (text) await store.keepReceipts([{ alertId: alert.id, target: 'soar', text, at: clock.now() }]);
    await store.delivered([id], clock.now());
  }
}

async function live(steps: readonly HourStep[], hours: Hours, target: Target): Promise<void> {
  for (const step of steps) {
    await hours.hour(RULE, step);
    await deliverAll(hours, target);
  }
}

it('a condition opens one incident at PagerDuty, changes it, and closes it when it is gone', async () => {
  const vendor = await startPagerduty(KEY, []);
  const config = { type: 'pagerduty' as const, routingKey: new Secret(KEY), url: new Secret(vendor.base) };
  const target = createPagerduty({ ...config, ratePerSecond: 1000 }, targetDeps({ preset: PAGERDUTY }));
  open.push(vendor, target);
  const hours = openHours();
  await live(['firing', 'grown', 'failed', 'empty'], hours, target);
  const [id] = hours.detections().map((alert) => alert.id);
  expect([...vendor.incidents.values()]).toEqual([{ dedupKey: id, isOpen: true, summaries: ['Rule', 'Rule'] }]);
  await live(['empty', 'empty'], hours, target);
  expect([...vendor.incidents.values()]).toMatchObject([{ dedupKey: id, isOpen: false }]);
  expect(hours.told()).toEqual(['0 firing 0', '0 firing 1', '0 resolved 2']);
});

it('a condition fires in Alertmanager until it is gone', async () => {
  const vendor = await startAlertmanager([]);
  const hours = openHours();
  const deps = targetDeps({ preset: ALERTMANAGER, clock: hours.bench.clock });
  const target = createAlertmanager({ type: 'alertmanager', url: new Secret(vendor.base) }, deps);
  open.push(vendor, target);
  await live(['firing', 'grown'], hours, target);
  const now = (): number => hours.bench.clock.now();
  expect(vendor.firing(now())).toHaveLength(1);
  await live(['empty', 'empty'], hours, target);
  expect(vendor.firing(now())).toEqual([]);
  expect([...vendor.alerts.values()]).toMatchObject([{ annotations: { summary: 'Resolved: Rule' } }]);
});
