import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { type Clock, createFastClock, systemClock } from '../../src/lib/clock.ts';
import type { SyslogConfig } from '../../src/targets/syslog/settings.ts';
import { create } from '../../src/targets/syslog.ts';
import type { Target } from '../../src/targets/target.ts';
import { freePort } from '../lib/free-port.ts';
import { createPacedClock } from '../lib/paced-clock.ts';
import { type Certificates, makeCertificates } from '../targets/certificates.ts';
import { noSignal, sampleDelivery, targetDeps } from '../targets/sample-alert.ts';
import { describeWith, eventually, makeFolder, type Receiver, rsyslogProblem, startReceiver } from './receivers.ts';

const PROBLEM = rsyslogProblem(['imrelp']);

/** Messages are written before they are acknowledged: in rsyslog's usual queue they would be lost with it. */
function configuration(folder: string, { files }: Certificates, plain: number, tls: number): string {
  return `
global(workDirectory="${folder}" parser.escapeControlCharactersOnReceive="off")
main_queue(queue.type="Direct")
module(load="imrelp" tls.tlsLib="openssl")
template(name="record" type="string" string="%hostname% %app-name% %msg%\\n")
ruleset(name="all" queue.type="Direct") {
  action(type="omfile" file="${folder}/out.txt" template="record" asyncWriting="off" flushOnTXEnd="on") }
input(type="imrelp" address="127.0.0.1" port="${plain}" ruleset="all")
input(type="imrelp" address="127.0.0.1" port="${tls}" ruleset="all" tls="on" tls.caCert="${files.caFile}"
      tls.myCert="${files.serverCertFile}" tls.myPrivKey="${files.serverKeyFile}"
      tls.authMode="name" tls.permittedPeer=["client.test"])
`;
}

describeWith(PROBLEM, 'rsyslog over RELP', () => {
  let certificates: Certificates;
  let rsyslog: Receiver;
  let folder = '';
  let plain = 0;
  let tls = 0;
  const targets: Target[] = [];
  const startRsyslog = async (): Promise<void> => {
    rsyslog = await startReceiver(folder, 'rsyslogd', ['-n', '-f', join(folder, 'rsyslog.conf'), '-iNONE'], plain);
  };

  beforeAll(async () => {
    certificates = await makeCertificates();
    folder = makeFolder();
    plain = await freePort();
    tls = await freePort();
    writeFileSync(join(folder, 'rsyslog.conf'), configuration(folder, certificates, plain, tls));
    await startRsyslog();
  });
  afterEach(async () => {
    for (const target of targets.splice(0)) await target.close();
  });
  afterAll(async () => {
    await rsyslog?.stop();
    certificates?.remove();
  });

  function target(config: Partial<SyslogConfig> = {}, clock: Clock = systemClock): Target {
    const all: SyslogConfig = {
      type: 'syslog',
      host: '127.0.0.1',
      port: plain,
      protocol: 'relp',
      hostname: 'sensor',
      ...config,
    };
    const made = create(all, targetDeps({ clock }));
    targets.push(made);
    return made;
  }
  const written = (): string[] =>
    rsyslog
      .read('out.txt')
      .split('\n')
      .filter((line) => line !== '');
  const idsOf = (prefix: string): string[] =>
    written()
      .flatMap((line) => /\{"schemaVersion".*?"id":"([^"]+)"/.exec(line)?.[1] ?? [])
      .filter((id) => id.startsWith(prefix));
  const deliver = (to: Target, id: string, title = 't') => to.deliver(sampleDelivery(id, { title }), noSignal());

  it('acknowledges what it has written, in one piece and in order', async () => {
    const relp = target();
    const ids = Array.from({ length: 3000 }, (_, at) => `many-${at}`);
    const results = await Promise.all(ids.map((id) => deliver(relp, id, `Größe € ${id}`)));
    expect(new Set(results.map(({ kind }) => kind))).toEqual(new Set(['delivered']));
    expect(idsOf('many')).toEqual(ids);
    await deliver(relp, 'large', 'x'.repeat(50_000));
    expect(written().filter((line) => line.includes('"large"'))).toHaveLength(1);
    expect(written().at(-1)).toMatch(/^sensor huntwire .{7800,}\}$/);
  });

  it('is asked for no more than its TLS with both names, and refuses others by name', async () => {
    const { caFile, certFile, keyFile } = certificates.files;
    expect(await deliver(target({ port: tls, tls: { caFile, certFile, keyFile } }), 'secure')).toEqual({
      kind: 'delivered',
    });
    expect(idsOf('secure')).toEqual(['secure']);
    const { serverCertFile, serverKeyFile } = certificates.files;
    const others = [{ caFile }, { caFile, certFile: serverCertFile, keyFile: serverKeyFile }];
    for (const files of others)
      expect((await deliver(target({ port: tls, tls: files }), 'stranger')).kind).toBe('blocked');
    const wrongName = { caFile, certFile, keyFile, servername: 'other.test' };
    expect(await deliver(target({ port: tls, tls: wrongName }), 'stranger')).toMatchObject({
      kind: 'blocked',
      reason: expect.stringContaining('another name'),
    });
    expect(idsOf('stranger')).toEqual([]);
  });

  it('loses nothing when it is killed and comes back', async () => {
    const relp = target({}, createFastClock(0, 10));
    const ids = Array.from({ length: 4000 }, (_, at) => `killed-${at}`);
    const taken = new Set<string>();
    const send = async (id: string): Promise<void> => {
      const result = await deliver(relp, id);
      if (result.kind === 'delivered') taken.add(id);
    };
    for (let kills = 0; taken.size < ids.length; kills += 1) {
      let isSent = false;
      const left = ids.filter((id) => !taken.has(id));
      const sent = Promise.all(left.map(send)).then(() => {
        isSent = true;
      });
      if (kills < 3) {
        await eventually('some messages were taken', () => isSent || taken.size > 1000 * kills + 200);
        await rsyslog.signal('SIGKILL');
        const kept = new Set(idsOf('killed'));
        expect([...taken].filter((id) => !kept.has(id))).toEqual([]);
        await startRsyslog();
      }
      await sent;
    }
    expect(taken.size).toBe(ids.length);
    expect(new Set(idsOf('killed'))).toEqual(new Set(ids));
  });

  it('proves nothing while it is frozen, and everything when it goes on', async () => {
    const clock = createPacedClock();
    const relp = target({}, clock);
    await deliver(relp, 'frozen-first');
    await rsyslog.signal('SIGSTOP');
    clock.pace(10);
    const late = await deliver(relp, 'frozen-late');
    clock.pace(1);
    expect(late).toMatchObject({ kind: 'again', reason: 'the receiver did not acknowledge a message in time' });
    const next = deliver(relp, 'frozen-next');
    await rsyslog.signal('SIGCONT');
    expect(await next).toEqual({ kind: 'delivered' });
    expect(idsOf('frozen-next')).toEqual(['frozen-next']);
  });
});
