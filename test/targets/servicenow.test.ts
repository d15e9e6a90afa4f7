import { afterEach, describe, expect, it } from '@jest/globals';
import { SERVICENOW } from '../../src/formats/presets/servicenow.ts';
import { Secret } from '../../src/lib/secret.ts';
import { configSchema, create, type ServicenowConfig } from '../../src/targets/servicenow.ts';
import { assertLeaksNoSecret, describeTarget } from '../contract/target.ts';
import { describeTickets } from '../contract/tickets.ts';
import { noSignal, sampleDelivery, targetDeps } from './sample-alert.ts';
import { type ServicenowRules, startServicenow } from './vendors/servicenow.ts';
import type { Fault } from './vendors/stand-in.ts';

const PASSWORD = 'pa55-of-servicenow';
const BASIC = `Basic ${Buffer.from(`huntwire:${PASSWORD}`).toString('base64')}`;
const open: { close(): Promise<void> }[] = [];

async function begin(
  faults: Fault[] = [],
  rules: Partial<ServicenowRules> = {},
  changes: Partial<ServicenowConfig> = {},
) {
  const vendor = await startServicenow({ authorization: BASIC, ...rules }, faults);
  const auth = { basic: { user: 'huntwire', password: new Secret(PASSWORD) } };
  const config = { type: 'servicenow' as const, url: new Secret(vendor.base), auth, ...changes };
  return { vendor, target: create(config, targetDeps({ preset: SERVICENOW })) };
}

async function start(...given: Parameters<typeof begin>) {
  const started = await begin(...given);
  open.push({ close: started.vendor.stop }, started.target);
  return started;
}

const resolve = (receipt: string) => ({ ...sampleDelivery(undefined, { status: 'resolved', revision: 1 }), receipt });

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

describeTarget({
  type: 'servicenow',
  configSchema,
  config: {
    type: 'servicenow',
    url: 'https://example.service-now.com',
    table: 'sn_si_incident',
    auth: { bearer: PASSWORD },
    resolveState: 7,
    severityMap: { high: 1 },
  },
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

describeTickets({ type: 'servicenow', start: (faults) => begin(faults), notesOnce: false });

describe('a record of ServiceNow', () => {
  it('says what happened and how urgent it is', async () => {
    const { vendor, target } = await start([], {}, { severityMap: { high: 1 } });
    await target.deliver(sampleDelivery(), noSignal());
    expect(vendor.tickets()[0]?.document).toMatchObject({
      short_description: 'Encoded command on pc1',
      description: expect.stringContaining('An encoded command was started.\n\nStatus: firing\nSeverity: high'),
      urgency: '1',
      impact: '1',
      correlation_id: sampleDelivery().alert.id,
    });
  });

  it('is resolved with what the data policy asks for, in the state that is configured', async () => {
    const { vendor, target } = await start(
      [],
      { table: 'sn_si_incident' },
      { table: 'sn_si_incident', resolveState: 7 },
    );
    await target.deliver(sampleDelivery(), noSignal());
    const { key = '' } = vendor.tickets()[0] ?? {};
    expect(await target.deliver(resolve(key), noSignal())).toMatchObject({ kind: 'delivered' });
    expect(vendor.tickets()).toMatchObject([
      { state: '7', document: { close_notes: expect.stringContaining('gone') } },
    ]);
  });

  it('has notes in which nothing is HTML', async () => {
    const { vendor, target } = await start();
    await target.deliver(sampleDelivery(), noSignal());
    const title = '[code]<img src=x>[/CODE]';
    const update = { ...sampleDelivery(undefined, { revision: 1, title }), receipt: vendor.tickets()[0]?.key ?? '' };
    expect(await target.deliver(update, noSignal())).toMatchObject({ kind: 'delivered' });
    expect(vendor.tickets()[0]?.notes[0]).toContain('[ code]<img src=x>[ /CODE]');
  });

  it('is not made twice in a table that cannot be searched', async () => {
    const { vendor, target } = await start([], { correlates: false });
    await target.deliver(sampleDelivery(), noSignal());
    expect(await target.deliver(sampleDelivery(), noSignal())).toMatchObject({ kind: 'blocked' });
    expect(vendor.tickets()).toHaveLength(1);
  });

  it.each([
    ['a page of an instance that sleeps', { status: 200, body: '<html>Instance Hibernating page</html>' }],
    ['half a document', { status: 200, body: { result: [], error: { message: 'Transaction cancelled' } } }],
  ])('is asked for again after %s', async (_, fault) => {
    const { vendor, target } = await start([fault]);
    expect(await target.deliver(sampleDelivery(), noSignal())).toMatchObject({ kind: 'again', status: 200 });
    expect(vendor.tickets()).toEqual([]);
  });

  it.each([
    ['Operation against file was aborted by Business Rule', 'refused'],
    ['Insufficient rights to query records', 'blocked'],
  ])('takes a 403 "%s" for %s', async (message, kind) => {
    const { target } = await start(['none', { status: 403, body: { error: { message, detail: null } } }]);
    expect(await target.deliver(sampleDelivery(), noSignal())).toMatchObject({ kind, status: 403 });
  });

  it('has its urgency raised where the severity has risen, and left as people set it else', async () => {
    const { vendor, target } = await start();
    const first = sampleDelivery(undefined, { severity: 'low' });
    await target.deliver(first, noSignal());
    const later = (revision: number, kind: 'grown' | 'severity') => {
      const change = { kind, since: first.alert.time, reason: 'It has.' };
      const { messageId, alert } = sampleDelivery(undefined, { severity: 'critical', revision, change });
      return { messageId, alert, receipt: vendor.tickets()[0]?.key ?? null };
    };
    await target.deliver(later(1, 'grown'), noSignal());
    expect(vendor.tickets()[0]?.document).toMatchObject({ urgency: '3', impact: '3' });
    await target.deliver(later(2, 'severity'), noSignal());
    expect(vendor.tickets()[0]?.document).toMatchObject({ urgency: '1', impact: '1' });
  });

  it('lets all records wait where there is no such table', async () => {
    const { target } = await start([], { table: 'incidents' });
    expect(await target.deliver(sampleDelivery(), noSignal())).toMatchObject({
      ...{ kind: 'blocked', status: 400 },
      reason: 'ServiceNow answered 400: it refuses the table: Invalid table incident',
    });
  });

  it.each([
    [429, 'again'],
    [500, 'again'],
    [401, 'blocked'],
    [404, 'blocked'],
    [302, 'blocked'],
    [400, 'refused'],
  ])('takes an answer %i for %s, and shows the password nowhere', async (status, kind) => {
    const { target } = await start(['none', { status, body: `no: ${PASSWORD} ${BASIC}` }]);
    const result = await target.deliver(sampleDelivery(), noSignal());
    expect(result).toMatchObject({ kind, reason: expect.stringContaining(`ServiceNow answered ${status}`) });
    assertLeaksNoSecret([result], [PASSWORD, BASIC]);
  });
});
