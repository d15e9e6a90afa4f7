import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import type { Format } from '../../src/formats/format.ts';
import { createFastClock } from '../../src/lib/clock.ts';
import type { SyslogConfig } from '../../src/targets/syslog/settings.ts';
import { create } from '../../src/targets/syslog.ts';
import type { Target } from '../../src/targets/target.ts';
import { freePort } from '../lib/free-port.ts';
import { type Certificates, makeCertificates } from '../targets/certificates.ts';
import { noSignal, sampleDelivery, shrinkingFormat, targetDeps } from '../targets/sample-alert.ts';
import { describeWith, eventually, makeFolder, programProblem, type Receiver, startReceiver } from './receivers.ts';

interface Recorded {
  readonly host: string;
  readonly app: string;
  readonly procid: string;
  readonly msgid: string;
  readonly data: string;
  readonly msg: string;
}

interface Ports {
  readonly octet: number;
  readonly lf: number;
  readonly tls: number;
}

/** As it comes but for ports and certificates: no limit is raised. */
function configuration(folder: string, { files }: Certificates, { octet, lf, tls }: Ports): string {
  return `@version: 3.35
options { keep-hostname(yes); };
source octet { syslog(ip("127.0.0.1") port(${octet}) transport("tcp")); };
source lines { network(ip("127.0.0.1") port(${lf}) transport("tcp") flags(syslog-protocol)); };
source datagrams { syslog(ip("127.0.0.1") port(${octet}) transport("udp")); };
source secure { syslog(ip("127.0.0.1") port(${tls}) transport("tls") tls(key-file("${files.serverKeyFile}")
  cert-file("${files.serverCertFile}") ca-file("${files.caFile}") peer-verify(required-trusted))); };
destination out { file("${folder}/out.jsonl" template("$(format-json host=$HOST app=$PROGRAM procid=$PID msgid=$MSGID data=$SDATA msg=$MESSAGE)\\n")); };
log { source(octet); source(lines); source(datagrams); source(secure); destination(out); };
`;
}

describeWith(programProblem('syslog-ng'), 'syslog-ng', () => {
  let certificates: Certificates;
  let receiver: Receiver;
  let ports: Ports;
  const targets: Target[] = [];

  beforeAll(async () => {
    certificates = await makeCertificates();
    const folder = makeFolder();
    ports = { octet: await freePort(), lf: await freePort(), tls: await freePort() };
    const file = join(folder, 'syslog-ng.conf');
    writeFileSync(file, configuration(folder, certificates, ports));
    const inFolder = (name: string): string => join(folder, name);
    const places = [
      `--persist-file=${inFolder('persist')}`,
      `--pidfile=${inFolder('pid')}`,
      `--control=${inFolder('control')}`,
    ];
    receiver = await startReceiver(
      folder,
      'syslog-ng',
      ['-F', '--no-caps', `--cfgfile=${file}`, ...places],
      ports.octet,
    );
  });
  afterEach(async () => {
    for (const target of targets.splice(0)) await target.close();
  });
  afterAll(async () => {
    await receiver?.stop();
    certificates?.remove();
  });

  /** The waits of a connection's proof pass ten times as fast, three times where the other side has ten seconds for its part of a handshake; the sockets and syslog-ng are real. */
  function target(config: Partial<SyslogConfig>, format: Format = shrinkingFormat): Target {
    const all: SyslogConfig = { type: 'syslog', host: '127.0.0.1', port: ports.octet, hostname: 'sensor', ...config };
    const made = create(all, targetDeps({ clock: createFastClock(0, config.protocol === 'tls' ? 3 : 10), format }));
    targets.push(made);
    return made;
  }
  const records = (): Recorded[] =>
    receiver
      .read('out.jsonl')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  async function recordOf(id: string): Promise<Recorded> {
    const find = (): Recorded | undefined => records().find((one) => one.msg.includes(id));
    await eventually(`syslog-ng has ${id}`, () => find() !== undefined);
    return find() as Recorded;
  }
  const ways: [string, () => Partial<SyslogConfig>][] = [
    ['TCP, octet counting', () => ({ framing: 'octet' })],
    ['TCP, line feed', () => ({ framing: 'lf', port: ports.lf })],
    ['UDP', () => ({ protocol: 'udp' })],
  ];

  it.each(ways)('reads every field, escape and UTF-8: %s', async (name, config) => {
    const id = `fields-${name.replace(/\W/g, '-')}`;
    const delivery = sampleDelivery(id, { title: 'Größe € 猫 "quoted"' });
    expect(await target({ ...config(), enterpriseNumber: 4711 }).deliver(delivery, noSignal())).toEqual({
      kind: 'delivered',
    });
    const record = await recordOf(id);
    expect(record).toMatchObject({ host: 'sensor', app: 'huntwire', procid: String(process.pid), msgid: 'detection' });
    expect(record.data).toContain('ruleName="Encoded \\"PowerShell\\" [test\\] \\\\ Größe"');
    expect(JSON.parse(record.msg)).toEqual(delivery.alert);
  });

  it.each(ways)('takes the largest message in one piece: %s', async (name, config) => {
    const id = `large-${name.replace(/\W/g, '-')}`;
    const before = records().length;
    await target(config()).deliver(sampleDelivery(id, { title: 'x'.repeat(70_000) }), noSignal());
    const { msg } = await recordOf(id);
    expect(JSON.parse(msg)).toMatchObject({ id });
    expect(records()).toHaveLength(before + 1);
  });

  it('keeps a line feed inside an octet-counted message, and one message a line otherwise', async () => {
    const lines: Format = (alert) => ({ body: `${alert.id} first\nsecond`, contentType: 'text/plain' });
    await target({}, lines).deliver(sampleDelivery('octets'), noSignal());
    await target({ framing: 'lf', port: ports.lf }, lines).deliver(sampleDelivery('lines'), noSignal());
    expect((await recordOf('octets')).msg).toBe('octets first\nsecond');
    expect((await recordOf('lines')).msg).toBe('lines first\\nsecond');
  });

  it('takes TLS with its client certificate, and loses nothing when it refuses the client', async () => {
    const { caFile, certFile, keyFile } = certificates.files;
    const secure = target({ protocol: 'tls', port: ports.tls, tls: { caFile, certFile, keyFile } });
    expect(await secure.deliver(sampleDelivery('over-tls'), noSignal())).toEqual({ kind: 'delivered' });
    await recordOf('over-tls');
    const foreign = await makeCertificates();
    for (const files of [{ caFile }, { caFile, certFile: foreign.files.certFile, keyFile: foreign.files.keyFile }]) {
      const refused = target({ protocol: 'tls', port: ports.tls, tls: files });
      expect(['again', 'blocked']).toContain((await refused.deliver(sampleDelivery('refused'), noSignal())).kind);
    }
    expect(receiver.read('out.jsonl')).not.toContain('refused');
    foreign.remove();
  });

  it('has many messages whole and in their order', async () => {
    const tcp = target({});
    const ids = Array.from({ length: 2000 }, (_, at) => `many-${at}`);
    const results = await Promise.all(ids.map((id) => tcp.deliver(sampleDelivery(id), noSignal())));
    expect(new Set(results.map(({ kind }) => kind))).toEqual(new Set(['delivered']));
    await recordOf('"many-1999"');
    expect(
      records()
        .filter(({ msg }) => msg.includes('"many-'))
        .map(({ msg }) => JSON.parse(msg).id),
    ).toEqual(ids);
  });
});
