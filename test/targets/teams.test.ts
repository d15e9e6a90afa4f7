import { afterEach, describe, expect, it } from '@jest/globals';
import { TEAMS } from '../../src/formats/presets/teams.ts';
import { Secret } from '../../src/lib/secret.ts';
import type { CardConfig } from '../../src/targets/cards/card-target.ts';
import { configSchema, create } from '../../src/targets/teams.ts';
import { describeChat } from '../contract/chats.ts';
import { describeTarget } from '../contract/target.ts';
import { noSignal, sampleDelivery, targetDeps } from './sample-alert.ts';
import type { Fault } from './vendors/stand-in.ts';
import { startTeams } from './vendors/teams.ts';

const open: { close(): Promise<void> }[] = [];

async function begin(faults: Fault[] = [], changes: Partial<CardConfig> = {}) {
  const vendor = await startTeams(faults);
  const config = { type: 'teams' as const, url: new Secret(vendor.base), ...changes };
  return { vendor, target: create(config, targetDeps({ preset: TEAMS })) };
}

async function start(...given: Parameters<typeof begin>) {
  const started = await begin(...given);
  open.push(started.vendor, started.target);
  return started;
}

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

describeTarget({
  type: 'teams',
  configSchema,
  config: { type: 'teams', url: 'https://example.logic.azure.com/workflows/1?sig=x', severityMap: { low: 'warning' } },
  make: async () => {
    const { vendor, target } = await begin();
    const received = async () => vendor.posted.map((one) => /"([0-9a-f]{32})"/.exec(JSON.stringify(one))?.[1] ?? '');
    const stop = async () => {
      await target.close();
      await vendor.close();
    };
    return { target, passTime: async () => undefined, received, stop };
  },
});

describeChat({ title: 'Teams', start: (faults) => begin(faults), secret: 's3cretSignature0123' });

describe('a card in Teams', () => {
  it('has the style of the severity, its own where one is configured, and another when it is over', async () => {
    const { vendor, target } = await start([], { severityMap: { low: 'default' } });
    for (const changes of [{}, { severity: 'low' as const }, { status: 'resolved' as const, revision: 1 }])
      await target.deliver(sampleDelivery(undefined, changes), noSignal());
    const styles = vendor.posted.map((one) => /"style":"(\w+)"/.exec(JSON.stringify(one))?.[1]);
    expect(styles).toEqual(['attention', 'default', 'good']);
  });

  it.each([
    { why: 'is switched off', code: 'WorkflowTriggerIsNotEnabled' },
    { why: 'wants bodies of another shape', code: 'TriggerInputSchemaMismatch' },
  ])('waits while the workflow $why', async ({ code }) => {
    const { target } = await start([{ status: 400, body: { error: { code } } }]);
    expect(await target.deliver(sampleDelivery(), noSignal())).toMatchObject({ kind: 'blocked', status: 400 });
  });

  it.each(['https://contoso.webhook.office.com/webhookb2/x', 'https://outlook.office.com/webhook/x'])(
    'does not go to a connector, as %s, which is no more',
    (url) => {
      const config = { type: 'teams' as const, url: new Secret(url) };
      expect(() => create(config, targetDeps({ preset: TEAMS }))).toThrow(/Make a workflow/);
    },
  );
});
