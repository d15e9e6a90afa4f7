import { afterEach, describe, expect, it } from '@jest/globals';
import { XSOAR } from '../../src/formats/presets/xsoar.ts';
import { Secret } from '../../src/lib/secret.ts';
import { configSchema, create, type XsoarConfig } from '../../src/targets/xsoar.ts';
import { assertLeaksNoSecret, describeTarget } from '../contract/target.ts';
import { describeTickets } from '../contract/tickets.ts';
import { noSignal, sampleDelivery, targetDeps } from './sample-alert.ts';
import type { Fault } from './vendors/stand-in.ts';
import { startXsoar, type XsoarRules } from './vendors/xsoar.ts';

const KEY = 'xsoar-api-key-0123';
const open: { close(): Promise<void> }[] = [];

async function begin(
  version: 6 | 8,
  faults: Fault[] = [],
  rules: Partial<XsoarRules> = {},
  changes: Partial<XsoarConfig> = {},
) {
  const vendor = await startXsoar({ version, apiKey: KEY, ...rules }, faults);
  const id = version === 8 ? { keyId: 7 } : {};
  const config = { type: 'xsoar' as const, url: new Secret(vendor.base), apiKey: new Secret(KEY), ...id, ...changes };
  return { vendor, target: create(config, targetDeps({ preset: XSOAR })) };
}

async function start(...given: Parameters<typeof begin>) {
  const started = await begin(...given);
  open.push({ close: started.vendor.stop }, started.target);
  return started;
}

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

describeTarget({
  type: 'xsoar',
  configSchema,
  config: { type: 'xsoar', url: 'https://api-example.xdr.eu.paloaltonetworks.com', keyId: '7', apiKey: KEY },
  make: async () => {
    const { vendor, target } = await begin(8);
    const received = async () => vendor.tickets().map(({ alertId }) => alertId);
    const stop = async () => {
      await target.close();
      await vendor.stop();
    };
    return { target, passTime: async () => undefined, received, stop };
  },
});

for (const version of [6, 8] as const)
  describeTickets({ type: `xsoar ${version}`, start: (faults) => begin(version, faults), notesOnce: false });

describe('what XSOAR has of an alert', () => {
  it('says what happened and how bad it is, and holds the alert', async () => {
    const { vendor, target } = await start(8, [], {}, { severityMap: { high: 4 } });
    const delivery = sampleDelivery();
    await target.deliver(delivery, noSignal());
    const { document } = vendor.tickets()[0] ?? {};
    expect(document).toMatchObject({ name: 'Encoded command on pc1', severity: 4, dbotMirrorId: delivery.alert.id });
    expect(JSON.parse(String(document?.rawJSON))).toEqual(delivery.alert);
  });

  it('is found by its label where the field for other systems is not kept', async () => {
    const { vendor, target } = await start(6, [], { mirrors: false });
    for (const _ of [1, 2]) expect(await target.deliver(sampleDelivery(), noSignal())).toMatchObject({ receipt: '1' });
    expect(vendor.tickets()).toHaveLength(1);
  });

  it('is told from one that only mentions its id', async () => {
    const { vendor, target } = await start(8);
    const { alert } = sampleDelivery();
    await target.deliver(sampleDelivery('e'.repeat(32), { description: `see ${alert.id}` }), noSignal());
    expect(await target.deliver(sampleDelivery(), noSignal())).toMatchObject({ receipt: '2' });
    expect(vendor.tickets()).toHaveLength(2);
  });

  it('gets an update as an entry in which nothing is markup', async () => {
    const { vendor, target } = await start(8);
    await target.deliver(sampleDelivery(), noSignal());
    const update = { ...sampleDelivery(undefined, { revision: 1, title: '``` !command' }), receipt: '1' };
    expect(await target.deliver(update, noSignal())).toMatchObject({ kind: 'delivered' });
    expect(vendor.tickets()[0]?.notes[0]).toMatch(/^````\nUpdated: ``` !command\n[\s\S]*````$/);
  });

  it.each([
    [429, 'again'],
    [500, 'again'],
    [401, 'blocked'],
    [404, 'blocked'],
    [302, 'blocked'],
    [400, 'refused'],
  ])('takes an answer %i for %s, and shows the key nowhere', async (status, kind) => {
    const { target } = await start(8, ['none', { status, body: `no: ${KEY}` }]);
    const result = await target.deliver(sampleDelivery(), noSignal());
    expect(result).toMatchObject({ kind, reason: expect.stringContaining(`XSOAR answered ${status}`) });
    assertLeaksNoSecret([result], [KEY]);
  });

  it('is asked for again where a search does not show what it has found', async () => {
    const { vendor, target } = await start(8, [{ status: 200, body: { total: 1, data: null } }]);
    expect(await target.deliver(sampleDelivery(), noSignal())).toMatchObject({ kind: 'again' });
    expect(vendor.tickets()).toEqual([]);
  });

  it('is known by its id where that is a number', async () => {
    const { target } = await start(8, ['none', { status: 201, body: { id: 7 } }]);
    expect(await target.deliver(sampleDelivery(), noSignal())).toMatchObject({ kind: 'delivered', receipt: '7' });
  });

  it('is asked for again where a search answers something else', async () => {
    const { target } = await start(8, [{ status: 200, body: '<html>log in</html>' }]);
    expect(await target.deliver(sampleDelivery(), noSignal())).toMatchObject({ kind: 'again' });
  });
});
