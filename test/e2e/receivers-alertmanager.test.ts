import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { request } from 'undici';
import type { Alert } from '../../src/alerts/alert.ts';
import { ALERTMANAGER } from '../../src/formats/presets/alertmanager.ts';
import { Secret } from '../../src/lib/secret.ts';
import { create } from '../../src/targets/alertmanager.ts';
import type { Target } from '../../src/targets/target.ts';
import { freePort } from '../lib/free-port.ts';
import { noSignal, sampleAlert, targetDeps } from '../targets/sample-alert.ts';
import { describeWith, eventually, makeFolder, programProblem, type Receiver, startReceiver } from './receivers.ts';

const CONFIGURATION = `
route: {receiver: nobody, group_wait: 1s}
receivers: [{name: nobody}]
`;

interface Known {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly status: { readonly state: string };
}

describeWith(programProblem('prometheus-alertmanager'), 'Alertmanager', () => {
  let receiver: Receiver;
  let base = '';
  const targets: Target[] = [];

  beforeAll(async () => {
    const folder = makeFolder();
    const port = await freePort();
    base = `http://127.0.0.1:${port}`;
    writeFileSync(join(folder, 'alertmanager.yml'), CONFIGURATION);
    const args = [
      `--config.file=${join(folder, 'alertmanager.yml')}`,
      `--storage.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ];
    receiver = await startReceiver(folder, 'prometheus-alertmanager', args, port);
    await eventually('Alertmanager is ready', async () => (await request(`${base}/-/ready`)).statusCode === 200);
  });
  afterEach(async () => {
    for (const target of targets.splice(0)) await target.close();
  });
  afterAll(() => receiver?.stop());

  async function firing(): Promise<readonly Known[]> {
    const answer = await request(`${base}/api/v2/alerts?active=true`);
    return (await answer.body.json()) as Known[];
  }

  function open(): Target {
    const target = create({ type: 'alertmanager', url: new Secret(base) }, targetDeps({ preset: ALERTMANAGER }));
    targets.push(target);
    return target;
  }

  it('shows an alert that fires, once however often it is told, and no more once it is resolved', async () => {
    const target = open();
    let receipt: string | null = null;
    const tell = async (changes: Partial<Alert>): Promise<void> => {
      const alert = sampleAlert({ time: new Date().toISOString(), title: 'Größe "of" pc1', ...changes });
      const result = await target.deliver({ messageId: `${alert.id}-${alert.revision}`, alert, receipt }, noSignal());
      expect(result).toMatchObject({ kind: 'delivered' });
      receipt = result.kind === 'delivered' ? (result.receipt ?? receipt) : receipt;
    };
    await tell({});
    await tell({});
    await tell({ revision: 1, title: 'another title' });
    await eventually('the alert is there', async () => (await firing()).length > 0);
    const [known, ...others] = await firing();
    expect(others).toEqual([]);
    expect(known?.labels).toMatchObject({ alert_id: sampleAlert().id, severity: 'critical' });
    await tell({ revision: 2, status: 'resolved' });
    await eventually('the alert is resolved', async () => (await firing()).length === 0);
  });
});
