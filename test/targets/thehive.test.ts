import { afterEach, describe, expect, it } from '@jest/globals';
import { THEHIVE } from '../../src/formats/presets/thehive.ts';
import { Secret } from '../../src/lib/secret.ts';
import { configSchema, create, type ThehiveConfig } from '../../src/targets/thehive.ts';
import { assertLeaksNoSecret, describeTarget } from '../contract/target.ts';
import { describeTickets } from '../contract/tickets.ts';
import { noSignal, sampleDelivery, targetDeps } from './sample-alert.ts';
import type { Fault } from './vendors/stand-in.ts';
import { startThehive, type ThehiveRules } from './vendors/thehive.ts';

const KEY = 'h1v3-api-key-of-thehive';
const open: { close(): Promise<void> }[] = [];

async function begin(faults: Fault[] = [], rules: ThehiveRules = {}, changes: Partial<ThehiveConfig> = {}) {
  const vendor = await startThehive(KEY, faults, rules);
  const config = { type: 'thehive' as const, url: new Secret(vendor.base), apiKey: new Secret(KEY), ...changes };
  return { vendor, target: create(config, targetDeps({ preset: THEHIVE })) };
}

async function start(...given: Parameters<typeof begin>) {
  const started = await begin(...given);
  open.push({ close: started.vendor.stop }, started.target);
  return started;
}

const later = (receipt: string, status: 'firing' | 'resolved') => ({
  ...sampleDelivery(undefined, { revision: 1, status, title: 'Grown', severity: 'critical' }),
  receipt,
});

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

describeTarget({
  type: 'thehive',
  configSchema,
  config: { type: 'thehive', url: 'https://thehive.example', apiKey: KEY, severityMap: { low: 2 }, concurrency: 2 },
  make: async () => {
    const { vendor, target } = await begin();
    const received = async () => vendor.tickets().map(({ alertId }) => alertId);
    const stop = async () => {
      await target.close();
      await vendor.stop();
    };
    return { target, passTime: async () => undefined, received, stop };
  },
});

describeTickets({ type: 'thehive', start: (faults) => begin(faults), notesOnce: false });

describe('an alert in TheHive', () => {
  it('says what happened, with the observables that TheHive has types for', async () => {
    const { vendor, target } = await start([], {}, { severityMap: { high: '4' } });
    const observables = [
      { type: 'ip', value: '10.0.0.1' },
      { type: 'ip', value: '10.0.0.1' },
      { type: 'sid', value: 'S-1-5' },
      { type: 'command-line', value: 'x'.repeat(600) },
    ];
    const attack = [{ tactic: null, technique: 'T1059.001' }];
    await target.deliver(sampleDelivery(undefined, { observables, attack }), noSignal());
    const { document } = vendor.tickets()[0] ?? {};
    expect(document).toMatchObject({
      type: 'detection',
      source: 'Huntwire',
      severity: 4,
      tags: ['rule:encoded-powershell', 'tenant:contoso', 'T1059.001'],
      date: Date.parse('2026-11-05T09:07:03.123Z'),
    });
    expect(document?.observables).toEqual([
      { dataType: 'ip', data: '10.0.0.1', tags: ['ip'] },
      { dataType: 'other', data: 'S-1-5', tags: ['sid'] },
    ]);
  });

  it('is changed by an update and closed by a resolve', async () => {
    const { vendor, target } = await start();
    await target.deliver(sampleDelivery(), noSignal());
    const { key = '' } = vendor.tickets()[0] ?? {};
    expect(await target.deliver(later(key, 'firing'), noSignal())).toMatchObject({ kind: 'delivered' });
    expect(vendor.tickets()).toMatchObject([{ isOpen: true, document: { title: 'Grown', severity: 4 } }]);
    expect(await target.deliver(later(key, 'resolved'), noSignal())).toMatchObject({ kind: 'delivered' });
    expect(vendor.tickets()).toMatchObject([{ stage: 'Closed', document: { status: 'Ignored' } }]);
  });

  it('that is there and that no search shows yet is delivered, and found for its resolve', async () => {
    const { vendor, target } = await start([], { blind: 2 });
    await target.deliver(sampleDelivery(), noSignal());
    const again = await target.deliver(sampleDelivery(), noSignal());
    expect(again).toEqual({ kind: 'delivered', receipt: '?' });
    expect(await target.deliver(later('?', 'resolved'), noSignal())).toMatchObject({
      kind: 'delivered',
      receipt: '~4096',
    });
    expect(vendor.tickets()).toMatchObject([{ isOpen: false }]);
  });

  it('is not left open where no search shows it when it is to be closed', async () => {
    const { vendor, target } = await start([], { blind: 3 });
    await target.deliver(sampleDelivery(), noSignal());
    expect(await target.deliver(sampleDelivery(), noSignal())).toMatchObject({ receipt: '?' });
    expect(await target.deliver(later('?', 'resolved'), noSignal())).toMatchObject({ kind: 'again' });
    expect(await target.deliver(later('?', 'resolved'), noSignal())).toMatchObject({ kind: 'delivered' });
    expect(vendor.tickets()).toMatchObject([{ isOpen: false }]);
  });

  it('is not taken for another that a search shows all the same', async () => {
    const { target } = await start([{ status: 200, body: [{ _id: '~9', sourceRef: 'f'.repeat(32) }] }]);
    expect(await target.deliver(sampleDelivery(), noSignal())).toMatchObject({ kind: 'blocked' });
  });

  it('is made without observables where TheHive does not like one', async () => {
    const { vendor, target } = await start();
    const odd = sampleDelivery(undefined, { observables: [{ type: 'ip', value: 'odd' }] });
    expect(await target.deliver(odd, noSignal())).toMatchObject({ kind: 'delivered' });
    expect(vendor.tickets()).toMatchObject([{ document: { observables: [] } }]);
  });

  it('has a description in which nothing is markup', async () => {
    const { vendor, target } = await start();
    await target.deliver(sampleDelivery(undefined, { description: '```\n# x [y](http://evil.example)' }), noSignal());
    expect(String(vendor.tickets()[0]?.document.description)).toMatch(/^````\n```\n# x [\s\S]*\n````$/);
  });

  it.each([
    [429, 'again'],
    [500, 'again'],
    [401, 'blocked'],
    [404, 'blocked'],
    [302, 'blocked'],
    [413, 'refused'],
  ])('takes an answer %i for %s, and shows the key nowhere', async (status, kind) => {
    const { target } = await start(['none', { status, body: `no: ${KEY}` }]);
    const result = await target.deliver(sampleDelivery(), noSignal());
    expect(result).toMatchObject({ kind, reason: expect.stringContaining(`TheHive answered ${status}`) });
    assertLeaksNoSecret([result], [KEY]);
  });
});
