import { afterEach, describe, expect, it } from '@jest/globals';
import type { Alert } from '../../src/alerts/alert.ts';
import { ALERTMANAGER } from '../../src/formats/presets/alertmanager.ts';
import { createManualClock } from '../../src/lib/clock.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/lib/duration.ts';
import { Secret } from '../../src/lib/secret.ts';
import { type AlertmanagerConfig, configSchema, create } from '../../src/targets/alertmanager.ts';
import type { Target } from '../../src/targets/target.ts';
import { assertLeaksNoSecret, describeTarget } from '../contract/target.ts';
import { noSignal, sampleAlert, sampleDelivery, targetDeps } from './sample-alert.ts';
import { startAlertmanager } from './vendors/alertmanager.ts';
import type { VendorReply } from './vendors/stand-in.ts';

const NOW = Date.parse('2026-11-05T10:00:00Z');
const ID = 'a'.repeat(32);
const PASSWORD = 'pass-5b1d';
const open: { close(): Promise<void> }[] = [];

async function start(changes: Partial<AlertmanagerConfig> = {}, faults: VendorReply[] = []) {
  const vendor = await startAlertmanager(faults);
  const clock = createManualClock(NOW);
  const config = { type: 'alertmanager' as const, url: new Secret(vendor.base), ...changes };
  open.push(vendor);
  const target = create(config, targetDeps({ preset: ALERTMANAGER, clock }));
  open.push(target);
  return { vendor, target, clock };
}

const send = (target: Target, changes: Partial<Alert>, receipt: string | null = null) => {
  const alert = sampleAlert({ id: ID, ...changes });
  return target.deliver({ messageId: `${alert.id}-${alert.revision}`, alert, receipt }, noSignal());
};

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

describeTarget({
  type: 'alertmanager',
  configSchema,
  config: {
    type: 'alertmanager',
    url: 'http://alertmanager:9093',
    resendEvery: '30s',
    auth: { basic: { user: 'u', password: 'p' } },
    severityMap: { high: 'page' },
  },
  make: async () => {
    const { vendor, target } = await start();
    return {
      target,
      passTime: async () => undefined,
      received: async () => [...vendor.alerts.values()].map(({ labels }) => String(labels.alert_id)),
      stop: async () => undefined,
    };
  },
});

describe('an alert in Alertmanager', () => {
  it('fires until it is resolved, under the same labels', async () => {
    const { vendor, target } = await start();
    expect(await send(target, {})).toEqual({ kind: 'delivered', receipt: 'critical' });
    expect(vendor.firing(NOW)).toEqual([`critical ${ID}`]);
    const resolved = { status: 'resolved' as const, revision: 1, title: 'other', time: '2026-11-05T09:30:00Z' };
    expect(await send(target, resolved, 'critical')).toEqual({ kind: 'delivered', receipt: 'critical' });
    expect(vendor.firing(NOW)).toEqual([]);
    expect(vendor.alerts.size).toBe(1);
  });

  it('holds for an hour behind the last time that it was sent, so that a restart of ours resolves nothing', async () => {
    const { vendor, target, clock } = await start();
    await send(target, { time: '2026-11-01T00:00:00Z' });
    expect(vendor.firing(NOW + HOUR_MS - 1)).toHaveLength(1);
    expect(vendor.firing(NOW + HOUR_MS)).toEqual([]);
    await clock.advance(HOUR_MS);
    await send(target, {});
    expect(vendor.firing(NOW + 2 * HOUR_MS - 1)).toHaveLength(1);
    const slow = await start({ resendEvery: '30m' });
    await send(slow.target, {});
    expect(slow.vendor.firing(NOW + 2 * HOUR_MS - 1)).toHaveLength(1);
  });

  it('ends when a heartbeat says that it does: none that is late keeps it alive', async () => {
    const { vendor, target } = await start();
    const details = { expires: new Date(NOW + 15 * MINUTE_MS).toISOString() };
    await send(target, { kind: 'health', health: { code: 'heartbeat', subject: 'watch' }, details });
    expect(vendor.firing(NOW + 15 * MINUTE_MS - 1)).toHaveLength(1);
    expect(vendor.firing(NOW + 15 * MINUTE_MS)).toEqual([]);
  });

  it('is sent again by the outbox as often as is asked, for a day', async () => {
    const { target } = await start();
    expect(target.traits.resend).toEqual({ everyMs: MINUTE_MS, forMs: DAY_MS });
    expect((await start({ resendEvery: '10s' })).target.traits.resend?.everyMs).toBe(10_000);
    for (const resendEvery of ['9s', '61m'])
      await expect(start({ resendEvery })).rejects.toThrow('targets.soar.resendEvery');
  });

  it('changes its severity and leaves none behind under the old one', async () => {
    const { vendor, target } = await start();
    await send(target, { severity: 'medium' });
    expect(await send(target, { severity: 'high', revision: 1 }, 'warning')).toMatchObject({ receipt: 'critical' });
    expect(vendor.firing(NOW)).toEqual([`critical ${ID}`]);
    await send(target, { severity: 'low', status: 'resolved', revision: 2 }, 'critical');
    expect(vendor.firing(NOW)).toEqual([]);
  });

  it('is what people read, within its caps, whatever it holds', async () => {
    const { vendor, target } = await start({ severityMap: { high: 'page' } });
    const entities = Array.from({ length: 12 }, (_, at) => ({ type: 'host' as const, name: `pc${at}` }));
    const rule = { ...sampleAlert().rule, runbook: 'https://wiki.example/a' };
    const text = '😀'.repeat(100_000);
    await send(target, { entities, rule, description: text, attack: [{ tactic: 'TA0002', technique: 'T1059.001' }] });
    const [alert] = vendor.alerts.values();
    expect(alert?.labels).toEqual({
      alertname: 'encoded-powershell',
      alert_id: ID,
      kind: 'detection',
      severity: 'page',
      tenant: 'contoso',
    });
    expect(alert?.annotations).toMatchObject({
      summary: 'Encoded command on pc1',
      attack: 'T1059.001',
      runbook_url: 'https://wiki.example/a',
      entities: expect.stringMatching(/^host pc0, .* and 2 more$/),
    });
    expect(alert?.annotations.description).toHaveLength(4096 - 1);
    expect(alert?.startsAt).toBe('2026-11-05T09:07:03.123Z');
    await send(target, { id: 'b', title: '', description: '', health: { code: 'gap', subject: 'r' }, kind: 'health' });
    expect([...vendor.alerts.values()][1]?.labels.alertname).toBe('huntwire-gap');
  });

  it.each([
    [429, 'again'],
    [500, 'again'],
    [400, 'refused'],
    [401, 'blocked'],
    [404, 'blocked'],
  ])('answered by %i is %s, and the password is shown nowhere', async (status, kind) => {
    const auth = { basic: { user: 'u', password: new Secret(PASSWORD) } };
    const { target } = await start({ auth }, [{ status, body: PASSWORD }]);
    const result = await target.deliver(sampleDelivery(), noSignal());
    expect(result).toMatchObject({ kind, status });
    assertLeaksNoSecret([result], [PASSWORD]);
  });
});
