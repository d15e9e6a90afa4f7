import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { formatCef } from '../../src/formats/cef.ts';
import type { Format } from '../../src/formats/format.ts';
import { createFastClock } from '../../src/lib/clock.ts';
import type { SyslogConfig } from '../../src/targets/syslog/settings.ts';
import { create } from '../../src/targets/syslog.ts';
import type { Target } from '../../src/targets/target.ts';
import { freePort } from '../lib/free-port.ts';
import { type Certificates, makeCertificates } from '../targets/certificates.ts';
import { noSignal, sampleDelivery, shrinkingFormat, targetDeps } from '../targets/sample-alert.ts';
import { describeWith, eventually, makeFolder, type Receiver, rsyslogProblem, startReceiver } from './receivers.ts';

interface Recorded {
  readonly host: string;
  readonly app: string;
  readonly procid: string;
  readonly msgid: string;
  readonly pri: string;
  /** A JSON object as text; rsyslog writes its names in lower case. */
  readonly sd: string;
  readonly msg: string;
}

const MODULES = ['imudp', 'imtcp', 'mmpstrucdata', 'mmnormalize'];
const PROBLEM = rsyslogProblem(MODULES);
/** Its own package on most systems (`rsyslog-openssl`). */
const TLS_PROBLEM = PROBLEM ?? rsyslogProblem(['lmnsd_ossl']);

function configuration(folder: string, certificates: Certificates, plain: number, tls: number): string {
  return `
global(workDirectory="${folder}" parser.escapeControlCharactersOnReceive="off")
module(load="imudp") module(load="imtcp") module(load="mmpstrucdata") module(load="mmnormalize")
template(name="record" type="list" option.jsonf="on") {
  property(outname="host" name="hostname" format="jsonf") property(outname="app" name="app-name" format="jsonf")
  property(outname="procid" name="procid" format="jsonf") property(outname="msgid" name="msgid" format="jsonf")
  property(outname="pri" name="pri" format="jsonf") property(outname="sd" name="$!rfc5424-sd" format="jsonf")
  property(outname="msg" name="msg" format="jsonf") }
template(name="cef" type="string" string="%parsesuccess% %$!f%\\n")
ruleset(name="all") {
  action(type="mmpstrucdata")
  action(type="omfile" file="${folder}/out.jsonl" template="record" asyncWriting="off" flushOnTXEnd="on")
  if $msg contains "CEF:" then {
    action(type="mmnormalize" rulebase="${folder}/cef.rb")
    action(type="omfile" file="${folder}/cef.txt" template="cef" asyncWriting="off" flushOnTXEnd="on") } }
input(type="imudp" address="127.0.0.1" port="${plain}" ruleset="all")
input(type="imtcp" address="127.0.0.1" port="${plain}" ruleset="all")
${TLS_PROBLEM === null ? tlsConfiguration(certificates, tls) : ''}
`;
}

function tlsConfiguration({ files }: Certificates, port: number): string {
  return `
global(defaultNetstreamDriver="ossl" defaultNetstreamDriverCAFile="${files.caFile}"
       defaultNetstreamDriverCertFile="${files.serverCertFile}" defaultNetstreamDriverKeyFile="${files.serverKeyFile}")
input(type="imtcp" address="127.0.0.1" port="${port}" ruleset="all" streamDriver.name="ossl" streamDriver.mode="1"
      streamDriver.authMode="x509/name" permittedPeer=["client.test"])
`;
}

describeWith(PROBLEM, 'rsyslog', () => {
  let certificates: Certificates;
  let rsyslog: Receiver;
  let plain = 0;
  let tls = 0;
  const targets: Target[] = [];

  beforeAll(async () => {
    certificates = await makeCertificates();
    const folder = makeFolder();
    plain = await freePort();
    tls = await freePort();
    writeFileSync(join(folder, 'cef.rb'), 'version=2\nrule=:%f:cef%\n');
    writeFileSync(join(folder, 'rsyslog.conf'), configuration(folder, certificates, plain, tls));
    const args = ['-n', '-f', join(folder, 'rsyslog.conf'), '-i', join(folder, 'pid')];
    rsyslog = await startReceiver(folder, 'rsyslogd', args, plain);
  });
  afterEach(async () => {
    for (const target of targets.splice(0)) await target.close();
  });
  afterAll(async () => {
    await rsyslog?.stop();
    certificates?.remove();
  });

  /** The waits of a connection's proof pass ten times as fast, three times where the other side has ten seconds for its part of a handshake; the sockets and rsyslog are real. */
  function target(config: Partial<SyslogConfig>, format: Format = shrinkingFormat): Target {
    const made = create(
      { type: 'syslog', host: '127.0.0.1', port: plain, hostname: 'sensor', ...config },
      targetDeps({ clock: createFastClock(0, config.protocol === 'tls' ? 3 : 10), format }),
    );
    targets.push(made);
    return made;
  }
  const records = (): Recorded[] =>
    rsyslog
      .read('out.jsonl')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  async function recordOf(id: string): Promise<Recorded> {
    const find = (): Recorded | undefined => records().find((one) => one.msg.includes(id));
    await eventually(`rsyslog has ${id}`, () => find() !== undefined);
    return find() as Recorded;
  }

  it.each<[string, Partial<SyslogConfig>]>([
    ['TCP, octet counting', { protocol: 'tcp', framing: 'octet' }],
    ['TCP, line feed', { protocol: 'tcp', framing: 'lf' }],
    ['UDP', { protocol: 'udp' }],
    ['RFC 3164 over TCP', { protocol: 'tcp', header: 'rfc3164' }],
  ])('reads every field and UTF-8: %s', async (name, config) => {
    const id = `fields-${name.replace(/\W/g, '-')}`;
    const delivery = sampleDelivery(id, { title: 'Größe € 猫 "quoted"' });
    expect(await target(config).deliver(delivery, noSignal())).toEqual({ kind: 'delivered' });
    const record = await recordOf(id);
    expect(record).toMatchObject({ host: 'sensor', app: 'huntwire', procid: String(process.pid), pri: '131' });
    expect(JSON.parse(record.msg)).toEqual(delivery.alert);
    if (config.header !== 'rfc3164') expect(record.msgid).toBe('detection');
  });

  it('reads structured data with everything that is escaped', async () => {
    await target({ enterpriseNumber: 4711 }).deliver(sampleDelivery('structured'), noSignal());
    const { sd } = await recordOf('structured');
    expect(JSON.parse(sd)).toMatchObject({
      'huntwire@4711': { messageid: 'structured', rulename: sampleDelivery().alert.rule.name },
    });
  });

  it.each([
    ['tcp', {}, 7800, 8000],
    ['udp', {}, 1848, 2048],
    ['udp', { maxMessageBytes: 8000 }, 7800, 8000],
  ] as const)('takes the largest message in one piece: %s %j', async (protocol, size, least, most) => {
    const id = `large-${protocol}-${most}`;
    const before = records().length;
    await target({ protocol, ...size }).deliver(sampleDelivery(id, { title: 'x'.repeat(50_000) }), noSignal());
    const { msg } = await recordOf(id);
    expect(JSON.parse(msg)).toMatchObject({ id });
    expect(Buffer.byteLength(msg)).toBeGreaterThan(least);
    expect(Buffer.byteLength(msg)).toBeLessThanOrEqual(most);
    expect(records()).toHaveLength(before + 1);
  });

  it('keeps a line feed inside an octet-counted message, and one message a line otherwise', async () => {
    const lines: Format = (alert) => ({ body: `${alert.id} first\nsecond`, contentType: 'text/plain' });
    await target({}, lines).deliver(sampleDelivery('octets'), noSignal());
    await target({ framing: 'lf' }, lines).deliver(sampleDelivery('lines'), noSignal());
    expect((await recordOf('octets')).msg).toBe('octets first\nsecond');
    expect((await recordOf('lines')).msg).toBe('lines first\\nsecond');
  });

  it('parses CEF with its strict parser', async () => {
    const hostile = { title: 'a|b\\c=d\ne', description: 'key=value | \\ \n Größe' };
    await target({}, formatCef).deliver(sampleDelivery('cef-alert', hostile), noSignal());
    await eventually('rsyslog has parsed CEF', () => rsyslog.read('cef.txt') !== '');
    expect(rsyslog.read('cef.txt')).toMatch(/^OK \{/);
  });

  describeWith(TLS_PROBLEM, 'over TLS', () => {
    it('takes TLS with its client certificate', async () => {
      const { caFile, certFile, keyFile } = certificates.files;
      const secure = target({ protocol: 'tls', port: tls, tls: { caFile, certFile, keyFile } });
      expect(await secure.deliver(sampleDelivery('over-tls'), noSignal())).toEqual({ kind: 'delivered' });
      expect((await recordOf('over-tls')).app).toBe('huntwire');
    });

    it('loses nothing when it refuses the client', async () => {
      const foreign = await makeCertificates();
      const { caFile } = certificates.files;
      const { certFile, keyFile } = foreign.files;
      for (const files of [{ caFile }, { caFile, certFile, keyFile }]) {
        const refused = target({ protocol: 'tls', port: tls, tls: files });
        const result = await refused.deliver(sampleDelivery('refused'), noSignal());
        expect(['again', 'blocked']).toContain(result.kind);
      }
      expect(rsyslog.read('out.jsonl')).not.toContain('refused');
      foreign.remove();
    });
  });
});
