import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import type { Alert } from '../../src/alerts/alert.ts';
import { type Certificates, makeCertificates } from '../targets/certificates.ts';
import {
  readMessage5424,
  readOctetFrames,
  type SyslogReceiver,
  startSyslogReceiver,
} from '../targets/syslog-receiver.ts';
import { configText, documentOf, eventOf, MINUTE, openStage, ruleText, type Stage } from './stage.ts';

const SECRET = `whsec_${Buffer.from('a secret of thirty-two characters').toString('base64')}`;

let stages: Stage[] = [];
afterEach(async () => {
  await Promise.all(stages.map((stage) => stage.close()));
  stages = [];
});

async function stageOf(options: Parameters<typeof openStage>[0] = {}): Promise<Stage> {
  const stage = await openStage({ events: [eventOf('one', 1), eventOf('one', 2)], ...options });
  stages.push(stage);
  stage.write('rules/one.yaml', ruleText('one'));
  return stage;
}

describe('a signed webhook', () => {
  const signed = `  signed: {type: webhook, url: "\${env:HOOK}", signing: {secrets: ["\${env:SIGNING}"]}}`;

  it('is verified by the library of the standard, and a repeat keeps its id', async () => {
    let refusals = 1;
    const stage = await stageOf({
      env: { SIGNING: SECRET },
      answer: (_, response) => response.writeHead(refusals-- > 0 ? 503 : 204).end(),
    });
    stage.write('huntwire.yaml', configText(stage, 'graph', { targets: signed }));
    stage.write('rules/one.yaml', ruleText('one', 'targets: [signed]'));
    const ended = await stage.cli('once', '--format', 'json', '--wait', '30m');
    const deliveries = documentOf(ended).deliveries as { target: string }[];
    expect([ended.code, deliveries.find((one) => one.target === 'signed')]).toEqual([
      0,
      { target: 'signed', delivered: 2, pending: 0, dead: 0 },
    ]);
    expect(stage.receiver.received).toHaveLength(3);
    for (const { headers, body } of stage.receiver.received) {
      const id = String(headers['webhook-id']);
      const alert = new Webhook(SECRET).verify(body, headers as Record<string, string>) as Alert;
      expect([alert.id, headers['idempotency-key']]).toEqual([id, id]);
    }
    expect(new Set(stage.receiver.received.map((one) => one.headers['webhook-id'])).size).toBe(2);
    expect(ended.stdout + ended.stderr).not.toContain(SECRET);
  });
});

describe('syslog over TLS with a client certificate', () => {
  let certificates: Certificates;
  let receiver: SyslogReceiver;
  beforeEach(async () => {
    certificates = await makeCertificates();
    receiver = await startSyslogReceiver(() => undefined, {
      ...certificates.server,
      ca: certificates.ca.cert,
      requestCert: true,
      rejectUnauthorized: true,
    });
  });
  afterEach(async () => {
    await receiver.close();
    certificates.remove();
  });

  const siem = (tls: string) =>
    `  siem: {type: syslog, host: 127.0.0.1, port: ${receiver.port}, protocol: tls, format: cef, tls: {caFile: "${certificates.files.caFile}"${tls}}}`;

  it('delivers every alert as one CEF message', async () => {
    const stage = await stageOf();
    const { certFile, keyFile } = certificates.files;
    const tls = `, certFile: "${certFile}", keyFile: "${keyFile}"`;
    stage.write('huntwire.yaml', configText(stage, 'graph', { targets: siem(tls) }));
    stage.write('rules/one.yaml', ruleText('one', 'targets: [siem, soar]'));
    const ended = await stage.cli('once', '--format', 'json');
    expect(ended.code).toBe(0);
    const messages = readOctetFrames(receiver.text()).map(readMessage5424);
    expect(messages.map((message) => message.body.startsWith('CEF:0|'))).toEqual([true, true]);
    const ids = stage.alerts().map((alert) => alert.id);
    for (const id of ids) expect(messages.filter((message) => message.body.includes(id))).toHaveLength(1);
  });

  it('without its certificate keeps the alerts, tells the other target, and delivers once it is there', async () => {
    const stage = await stageOf();
    stage.write('huntwire.yaml', configText(stage, 'graph', { targets: siem(''), more: 'health: {targets: [soar]}' }));
    stage.write('rules/one.yaml', ruleText('one', 'targets: [siem]'));
    const ended = await stage.cli('once', '--format', 'json', '--wait', '0s');
    expect([ended.code, receiver.text()]).toEqual([5, '']);
    const pending = documentOf(ended).deliveries as { target: string; pending: number }[];
    expect(pending.find((one) => one.target === 'siem')).toMatchObject({ pending: 2 });
    const { certFile, keyFile } = certificates.files;
    const tls = `, certFile: "${certFile}", keyFile: "${keyFile}"`;
    stage.write('huntwire.yaml', configText(stage, 'graph', { targets: siem(tls), more: 'health: {targets: [soar]}' }));
    stage.later(MINUTE);
    expect((await stage.cli('once', '--format', 'json')).code).toBe(0);
    expect(readOctetFrames(receiver.text())).toHaveLength(2);
  });
});
