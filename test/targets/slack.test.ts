import { afterEach, describe, expect, it } from '@jest/globals';
import { SLACK } from '../../src/formats/presets/slack.ts';
import { Secret } from '../../src/lib/secret.ts';
import type { CardConfig } from '../../src/targets/cards/card-target.ts';
import { configSchema, create } from '../../src/targets/slack.ts';
import { describeChat } from '../contract/chats.ts';
import { describeTarget } from '../contract/target.ts';
import { noSignal, sampleDelivery, targetDeps } from './sample-alert.ts';
import { startSlack } from './vendors/slack.ts';
import type { Fault } from './vendors/stand-in.ts';

const open: { close(): Promise<void> }[] = [];

async function begin(faults: Fault[] = [], changes: Partial<CardConfig> = {}) {
  const vendor = await startSlack(faults);
  const config = { type: 'slack' as const, url: new Secret(vendor.base), ...changes };
  return { vendor, target: create(config, targetDeps({ preset: SLACK })) };
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
  type: 'slack',
  configSchema,
  config: { type: 'slack', url: 'https://hooks.slack.com/services/T/B/X', severityMap: { high: '#ff0000' } },
  make: async () => {
    const { vendor, target } = await begin();
    const received = async () => vendor.posted.map((one) => /Alert: (\w+)/.exec(JSON.stringify(one))?.[1] ?? '');
    const stop = async () => {
      await target.close();
      await vendor.close();
    };
    return { target, passTime: async () => undefined, received, stop };
  },
});

describeChat({ title: 'Slack', start: (faults) => begin(faults), secret: 's3cretPath0123456789' });

describe('a message in Slack', () => {
  it('has the colour of the severity, its own where one is configured, and green when it is over', async () => {
    const { vendor, target } = await start([], { severityMap: { low: '#000001' } });
    for (const changes of [{}, { severity: 'low' as const }, { status: 'resolved' as const, revision: 1 }])
      await target.deliver(sampleDelivery(undefined, changes), noSignal());
    const colours = vendor.posted.map(({ attachments }) => (attachments as { color: string }[])[0]?.color);
    expect(colours).toEqual(['#e4572e', '#000001', '#2e9e5b']);
  });

  it('calls nobody and makes no link of what an alert holds', async () => {
    const { vendor, target } = await start();
    const evidence = [{ Url: '<https://evil.example|click> ``` <!here>' }];
    await target.deliver(sampleDelivery(undefined, { title: '<!channel> & co', evidence }), noSignal());
    const text = JSON.stringify(vendor.posted[0]);
    expect(vendor.posted[0]?.text).toBe('&lt;!channel&gt; &amp; co');
    expect(text).toContain('&lt;https://evil.example|click&gt; ˋˋˋ &lt;!here&gt;');
    expect(text).not.toContain('"mrkdwn":true');
  });

  it('is tried again where something else than Slack says 200', async () => {
    const { target } = await start([{ status: 200, body: '<html>sign in</html>' }]);
    expect(await target.deliver(sampleDelivery(), noSignal())).toMatchObject({ kind: 'again', status: 200 });
  });

  it.each(['user_not_found', 'no_service', 'channel_is_archived', 'posting_to_general_channel_denied'])(
    'waits where Slack says %s, which is about the channel',
    async (word) => {
      const { target } = await start([{ status: 400, body: word }]);
      const reason = expect.stringContaining(`it says ${word}`);
      expect(await target.deliver(sampleDelivery(), noSignal())).toMatchObject({
        kind: 'blocked',
        status: 400,
        reason,
      });
    },
  );

  it('goes out once a second', async () => {
    const { target } = await start();
    expect(target.traits.ratePerSecond).toBe(1);
  });
});
