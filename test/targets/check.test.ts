import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Clock, createManualClock, systemClock } from '../../src/lib/clock.ts';
import { Secret } from '../../src/lib/secret.ts';
import { checkConnection } from '../../src/targets/check-endpoint.ts';
import * as file from '../../src/targets/file.ts';
import * as syslog from '../../src/targets/syslog.ts';
import type { Target } from '../../src/targets/target.ts';
import type { WebhookConfig } from '../../src/targets/webhook/webhook-schema.ts';
import * as webhook from '../../src/targets/webhook.ts';
import { assertLeaksNoSecret } from '../contract/target.ts';
import { freePort } from '../lib/free-port.ts';
import { NO_SUCH_NAME } from '../lib/no-such-name.ts';
import { type Certificates, makeCertificates } from './certificates.ts';
import { startHttpReceiver } from './http-receiver.ts';
import { noSignal, targetDeps } from './sample-alert.ts';
import { startSyslogReceiver } from './syslog-receiver.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});
function opened<One extends { close(): unknown }>(one: One): One {
  open.push(one);
  return one;
}

let certificates: Certificates;
beforeAll(async () => {
  certificates = await makeCertificates();
});
afterAll(() => certificates.remove());

/** A clock whose sleeps of a second and less are over at once: nobody waits for what a receiver might still say. */
function impatient(): Clock {
  return { ...systemClock, sleep: (ms, signal) => systemClock.sleep(ms <= 1000 ? 0 : ms, signal) };
}

async function checked(target: Target): Promise<readonly (readonly [string, boolean])[]> {
  opened(target);
  return (await target.check(noSignal())).map(({ name, ok }) => [name, ok]);
}

function messages(target: Target): Promise<string> {
  opened(target);
  return target.check(noSignal()).then((checks) => checks.map(({ message, fix }) => `${message} ${fix}`).join('\n'));
}

/** A port on which nobody listens. */
describe('checking a webhook', () => {
  const create = (url: string, over: Partial<WebhookConfig> = {}, clock = impatient()): Target =>
    webhook.create({ type: 'webhook', url: new Secret(url), ...over }, targetDeps({ clock }));

  async function tlsReceiver(requestCert = false) {
    const { server, ca } = certificates;
    return opened(
      await startHttpReceiver((_, response) => response.end(), {
        cert: server.cert,
        key: server.key,
        ca: ca.cert,
        requestCert,
        rejectUnauthorized: requestCert,
      }),
    );
  }

  it('succeeds where the handshake does, and sends no request', async () => {
    const receiver = await tlsReceiver();
    const target = create(receiver.url, { tls: { caFile: certificates.files.caFile } });
    expect(await checked(target)).toEqual([
      ['dns', true],
      ['tls', true],
      ['certificate', true],
    ]);
    expect(receiver.received).toEqual([]);
  });

  it('fails where the certificate is not trusted', async () => {
    const receiver = await tlsReceiver();
    expect(await checked(create(receiver.url))).toEqual([
      ['dns', true],
      ['tls', false],
    ]);
    expect(await messages(create(receiver.url))).toMatch(/is not trusted here \(.+tls\.caFile/);
  });

  it('shows the client certificate, and fails where the host wants another', async () => {
    const receiver = await tlsReceiver(true);
    const { caFile, certFile, keyFile } = certificates.files;
    const own = create(receiver.url, { tls: { caFile, certFile, keyFile } });
    expect(await checked(own)).toEqual([
      ['dns', true],
      ['tls', true],
      ['certificate', true],
    ]);
    // The refusal comes after the handshake of this side: here it is waited for.
    const none = create(receiver.url, { tls: { caFile } }, systemClock);
    expect(await messages(none)).toMatch(/client certificate/);
  });

  it('fails where nobody listens', async () => {
    const url = `http://127.0.0.1:${await freePort()}/hook`;
    expect(await checked(create(url))).toEqual([
      ['dns', true],
      ['tcp', false],
    ]);
    expect(await messages(create(url))).toContain('refused (ECONNREFUSED)');
  });

  it('fails where the name does not resolve, and asks no further', async () => {
    expect(await checked(create(`https://${NO_SUCH_NAME}/hook`))).toEqual([['dns', false]]);
  });

  it.each([
    ['https://127.0.0.1/hook', 'soar (127.0.0.1:443)'],
    ['http://127.0.0.1/hook', 'soar (127.0.0.1:80)'],
    ['http://[::1]/hook', 'soar (::1:80)'],
  ])('asks %s at the port of its protocol', async (url, subject) => {
    const checks = await opened(create(url)).check(noSignal());
    expect(checks.at(-1)?.subject).toBe(subject);
  });

  it('takes any address where it is not told to keep to public ones', async () => {
    const receiver = opened(await startHttpReceiver((_, response) => response.end()));
    expect(await checked(create(`http://localhost:${receiver.port}/`))).toEqual([
      ['dns', true],
      ['tcp', true],
    ]);
  });

  it('keeps to public addresses where it is told to', async () => {
    const receiver = opened(await startHttpReceiver((_, response) => response.end()));
    const target = create(`http://localhost:${receiver.port}/`, { refusePrivateAddresses: true });
    expect(await messages(target)).toContain('private address');
  });

  it('reaches the proxy where there is one, and says that it went no further', async () => {
    const proxy = opened(await startSyslogReceiver());
    const over = { proxy: new Secret(`http://user:pass-9c1@127.0.0.1:${proxy.port}`) };
    const target = create('https://soar.example/s3cret-path', over);
    expect(await checked(target)).toEqual([
      ['dns', true],
      ['proxy', true],
    ]);
    const said = await messages(create('https://soar.example/s3cret-path', over));
    expect(said).toContain('soar.example behind the proxy is not checked');
    assertLeaksNoSecret([said, await target.check(noSignal())], ['pass-9c1', 's3cret-path']);
    expect(proxy.text()).toBe('');
  });

  it('fails where the proxy cannot be reached', async () => {
    const over = { proxy: new Secret(`http://127.0.0.1:${await freePort()}`) };
    expect(await checked(create('https://soar.example/', over))).toEqual([
      ['dns', true],
      ['proxy', false],
    ]);
  });
});

describe('what a check advises', () => {
  const failing = (code: string, tls: object | null) =>
    checkConnection(
      {
        target: 'soar',
        clock: impatient(),
        settings: { address: 'targets.soar.host', ca: 'tls.caFile', plain: 'use tcp', client: 'tls.certFile' },
        endpoint: {
          host: 'siem.test',
          port: 1,
          tls,
          lookup: (_host, _options, done) => done(Object.assign(new Error('x'), { code }), []),
        },
      },
      noSignal(),
    );

  it.each<[string, object | null, string, string]>([
    [
      'CERT_HAS_EXPIRED',
      {},
      'its certificate has expired',
      "Renew the host's certificate. If it is valid, look at the clock of this machine.",
    ],
    [
      'CERT_NOT_YET_VALID',
      {},
      'its certificate is not valid yet',
      'Look at the clock of this machine: it may be behind.',
    ],
    [
      'SELF_SIGNED_CERT_IN_CHAIN',
      {},
      'the CA that signed its certificate is not trusted here',
      'Set tls.caFile to the file of that CA.',
    ],
    ['ERR_TLS_CERT_ALTNAME_INVALID', {}, 'its certificate is for another name', 'Check the name in targets.soar.host.'],
    [
      'ERR_SSL_WRONG_VERSION_NUMBER',
      {},
      'the port speaks no TLS',
      'Check the port in targets.soar.host; where it is to be without TLS, use tcp.',
    ],
    [
      'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
      {},
      'it wants a client certificate, or another one',
      'Check tls.certFile with whoever runs the host.',
    ],
    ['ECONNRESET', {}, 'the connection was reset', 'Check tls.certFile with whoever runs the host.'],
    ['ECONNRESET', null, 'the connection was reset', 'Check network, firewall and proxy.'],
    [
      'ECONNREFUSED',
      {},
      'the connection was refused',
      'Nothing listens there: check host and port in targets.soar.host, and that it runs.',
    ],
    ['EHOSTUNREACH', null, 'the host cannot be reached', 'Check network, firewall and proxy.'],
  ])('after %s with TLS settings %j fits the fault', async (code, tls, words, advice) => {
    const subject = 'soar (siem.test:1)';
    const message = `No connection: ${words} (${code}).`;
    expect(await failing(code, tls)).toEqual([{ name: tls ? 'tls' : 'tcp', subject, ok: false, message, fix: advice }]);
  });
});

describe('checking syslog', () => {
  const create = (over: Partial<Parameters<typeof syslog.create>[0]>, clock = impatient()): Target =>
    syslog.create({ type: 'syslog', host: '127.0.0.1', ...over }, targetDeps({ clock }));

  it('makes a TCP connection and sends nothing', async () => {
    const receiver = opened(await startSyslogReceiver());
    expect(await checked(create({ port: receiver.port }))).toEqual([
      ['dns', true],
      ['tcp', true],
    ]);
    expect([receiver.connections(), receiver.text()]).toEqual([1, '']);
  });

  it('makes the TLS handshake with the certificates of the target', async () => {
    const { server, ca, files } = certificates;
    const own = { cert: server.cert, key: server.key, ca: ca.cert, requestCert: true, rejectUnauthorized: true };
    const receiver = opened(await startSyslogReceiver(undefined, own));
    const { caFile, certFile, keyFile } = files;
    const tls = { caFile, certFile, keyFile };
    expect(await checked(create({ port: receiver.port, protocol: 'tls', tls }))).toEqual([
      ['dns', true],
      ['tls', true],
      ['certificate', true],
    ]);
    const refused = create({ port: receiver.port, protocol: 'tls', tls: { caFile } }, systemClock);
    expect(await checked(refused)).toEqual([
      ['dns', true],
      ['tls', false],
    ]);
  });

  it('says of UDP that nobody can know', async () => {
    const target = create({ protocol: 'udp', port: await freePort() });
    expect(await checked(target)).toEqual([['dns', true]]);
    expect(await messages(target)).toContain('nobody tells whether a receiver listens');
  });

  it('gives up after ten seconds on a host that does not finish the handshake', async () => {
    const receiver = opened(await startSyslogReceiver());
    const clock = createManualClock(0);
    const target = opened(create({ port: receiver.port, protocol: 'tls' }, clock));
    const checks = target.check(noSignal());
    while (receiver.connections() === 0) await new Promise(setImmediate);
    await clock.advance(10_000);
    expect((await checks).at(-1)).toMatchObject({
      name: 'tls',
      ok: false,
      message: expect.stringContaining('timed out'),
    });
  });

  it('ends when it is stopped', async () => {
    const target = opened(create({ port: await freePort() }));
    expect((await target.check(AbortSignal.abort())).every(({ ok }) => !ok)).toBe(true);
  });
});

describe('checking a file', () => {
  let root = '';
  const create = (path: string): Target => file.create({ type: 'file', path }, targetDeps());
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'huntwire-check-'));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('is fine with a file that is there or can be made, and makes none', async () => {
    const path = join(root, 'alerts.jsonl');
    expect(await checked(create(path))).toEqual([['file', true]]);
    expect(existsSync(path)).toBe(false);
    writeFileSync(path, '');
    expect(await checked(create(path))).toEqual([['file', true]]);
  });

  it('fails without the folder, on a folder, and below a file', async () => {
    mkdirSync(join(root, 'folder'));
    writeFileSync(join(root, 'plain'), '');
    expect(await messages(create(join(root, 'missing', 'a')))).toContain('does not exist');
    expect(await messages(create(join(root, 'folder')))).toContain('It is a folder');
    expect(await checked(create(join(root, 'plain', 'a')))).toEqual([['file', false]]);
    expect(await messages(create(join(root, 'x'.repeat(300))))).toContain('cannot be written to (ENAMETOOLONG)');
  });

  const isRoot = process.getuid?.() === 0;
  (isRoot ? it.skip : it)('fails where this user may not write (skipped for root, who may everywhere)', async () => {
    const folder = join(root, 'sealed');
    mkdirSync(folder);
    chmodSync(folder, 0o500);
    expect(await messages(create(join(folder, 'a')))).toContain('cannot be written to (EACCES)');
  });
});
