import { afterEach, describe, expect, it } from '@jest/globals';
import { PAGERDUTY } from '../../src/formats/presets/pagerduty.ts';
import { Secret } from '../../src/lib/secret.ts';
import { configSchema, create, type PagerdutyConfig } from '../../src/targets/pagerduty.ts';
import type { Target } from '../../src/targets/target.ts';
import { assertLeaksNoSecret, describeTarget } from '../contract/target.ts';
import { noSignal, sampleDelivery, targetDeps } from './sample-alert.ts';
import { type PagerdutyStandIn, startPagerduty } from './vendors/pagerduty.ts';
import { objectIn, type VendorReply } from './vendors/stand-in.ts';

const KEY = 'R0123456789ABCDEFR0123456789ABCD';
const open: { close(): Promise<void> }[] = [];

async function start(changes: Partial<PagerdutyConfig> = {}, faults: VendorReply[] = []) {
  const vendor = await startPagerduty(KEY, faults);
  const config = { type: 'pagerduty' as const, routingKey: new Secret(KEY), url: new Secret(vendor.base), ...changes };
  const target = create(config, targetDeps({ preset: PAGERDUTY }));
  open.push(vendor, target);
  return { vendor, target };
}

const deliver = (target: Target, delivery = sampleDelivery()) => target.deliver(delivery, noSignal());

function eventsOf(vendor: PagerdutyStandIn) {
  return vendor.received.map((request) => objectIn(request) ?? {});
}

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

describeTarget({
  type: 'pagerduty',
  configSchema,
  config: { type: 'pagerduty', routingKey: KEY, region: 'eu', severityMap: { high: 'critical' }, concurrency: 2 },
  make: async () => {
    const { vendor, target } = await start({ ratePerSecond: 1000 });
    return {
      target,
      passTime: async () => undefined,
      received: async () => eventsOf(vendor).map((event) => String(event.dedup_key)),
      stop: async () => undefined,
    };
  },
});

describe('an alert at PagerDuty', () => {
  it('opens one incident, changes it and closes it again', async () => {
    const { vendor, target } = await start();
    const { alert } = sampleDelivery();
    const messages = [
      { ...alert, title: 'first' },
      { ...alert, title: 'second', revision: 1 },
      { ...alert, status: 'resolved' as const, revision: 2 },
    ];
    for (const [at, one] of messages.entries())
      expect(await deliver(target, { messageId: `m${at}`, alert: one, receipt: null })).toEqual({ kind: 'delivered' });
    expect([...vendor.incidents.values()]).toEqual([
      { dedupKey: alert.id, isOpen: false, summaries: ['first', 'second'] },
    ]);
  });

  it('keeps to the caps however large the alert is', async () => {
    const { target } = await start();
    const text = '😀'.repeat(120_000);
    const delivery = sampleDelivery('f'.repeat(32), { title: text, evidence: [{ A: text }, { A: text }] });
    expect(await deliver(target, delivery)).toEqual({ kind: 'delivered' });
  });

  it('says where it happened and how bad it is', async () => {
    const { vendor, target } = await start({ severityMap: { high: 'critical' } });
    const entities = [
      { type: 'account' as const, name: 'anna' },
      { type: 'host' as const, name: 'pc1' },
    ];
    await deliver(target, sampleDelivery('a'.repeat(32), { entities }));
    await deliver(target, sampleDelivery('b'.repeat(32), { severity: 'low' }));
    expect(eventsOf(vendor).map(({ payload }) => payload)).toEqual([
      expect.objectContaining({ source: 'pc1', severity: 'critical' }),
      expect.objectContaining({ source: 'encoded-powershell', severity: 'warning' }),
    ]);
  });

  it.each([
    [429, 'again'],
    [500, 'again'],
    [400, 'refused'],
    [401, 'blocked'],
    [302, 'blocked'],
  ])('takes an answer %i for %s, and shows the key nowhere', async (status, kind) => {
    const { target } = await start({}, [{ status, body: `no: ${KEY}`, headers: { 'retry-after': '7' } }]);
    const result = await deliver(target);
    expect(result).toMatchObject({ kind, reason: expect.stringContaining(`PagerDuty answered ${status}`) });
    assertLeaksNoSecret([result], [KEY]);
  });

  it.each(['Invalid routing key', "Length of 'routing_key' is incorrect (should be 32 characters)"])(
    'lets all alerts wait where it does not know the key (%s)',
    async (said) => {
      const body = { status: 'invalid event', message: 'Event object is invalid', errors: [said] };
      const { target } = await start({}, [{ status: 400, body }]);
      const reason = expect.stringContaining('routingKey');
      expect(await deliver(target)).toMatchObject({ kind: 'blocked', status: 400, reason });
    },
  );

  it('goes to the host of its region where no address is given', async () => {
    const target = create(
      { type: 'pagerduty', routingKey: new Secret(KEY), region: 'eu', timeoutSeconds: 0.001 },
      targetDeps({ preset: PAGERDUTY }),
    );
    open.push(target);
    const [check] = await target.check(noSignal());
    expect(check?.subject).toContain('events.eu.pagerduty.com');
  });
});
