import { Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { createManualClock } from '../../src/lib/clock.ts';
import { Secret } from '../../src/lib/secret.ts';
import * as file from '../../src/targets/file.ts';
import { codeOf, networkFailure } from '../../src/targets/network-failure.ts';
import { createStreamTarget } from '../../src/targets/stdout.ts';
import { addressesOf, FACILITIES, messageSettings, type SyslogConfig } from '../../src/targets/syslog/settings.ts';
import * as syslog from '../../src/targets/syslog.ts';
import { verdictOf } from '../../src/targets/webhook/webhook-answer.ts';
import * as webhook from '../../src/targets/webhook.ts';
import { startHttpReceiver } from './http-receiver.ts';
import { noSignal, sampleDelivery, targetDeps } from './sample-alert.ts';

const syslogConfig = (over: Partial<SyslogConfig> = {}): SyslogConfig => ({ type: 'syslog', host: 'h', ...over });

describe('a target', () => {
  it('has the name of the configuration and the type of its plugin', () => {
    const deps = targetDeps();
    const targets = [
      webhook.create({ type: 'webhook', url: new Secret('http://127.0.0.1:1/') }, deps),
      syslog.create(syslogConfig({ protocol: 'tcp' }), deps),
      syslog.create(syslogConfig({ protocol: 'udp' }), deps),
      file.create({ type: 'file', path: '/tmp/x' }, deps),
      createStreamTarget(deps, new Writable()),
    ];
    expect(targets.map(({ type }) => type)).toEqual(['webhook', 'syslog', 'syslog', 'file', 'stdout']);
    expect(new Set(targets.map(({ name }) => name))).toEqual(new Set(['soar']));
  });
});

describe('how much a target takes at a time', () => {
  it('is its own where nothing is said', () => {
    const deps = targetDeps();
    const traits = [
      webhook.create({ type: 'webhook', url: new Secret('http://127.0.0.1:1/') }, deps),
      syslog.create(syslogConfig({ protocol: 'tcp' }), deps),
      syslog.create(syslogConfig({ protocol: 'udp' }), deps),
      file.create({ type: 'file', path: '/tmp/x' }, deps),
      createStreamTarget(deps, new Writable()),
    ].map((target) => target.traits);
    const usual = (concurrency: number) => ({ concurrency, ratePerSecond: null });
    expect(traits).toEqual(
      [4, 8192, 16, 1024, 256].map(usual).map((one, at) => (at === 1 ? { ...one, keepsOrder: true } : one)),
    );
  });

  it('is what a webhook is told', () => {
    const config = {
      type: 'webhook' as const,
      url: new Secret('http://127.0.0.1:1/'),
      concurrency: 7,
      ratePerSecond: 3,
    };
    expect(webhook.create(config, targetDeps()).traits).toEqual({ concurrency: 7, ratePerSecond: 3 });
  });
});

describe('the settings of syslog', () => {
  it('have the defaults that the documentation names', () => {
    expect(messageSettings(syslogConfig())).toMatchObject({
      header: 'rfc5424',
      facility: 16,
      appName: 'huntwire',
      enterpriseNumber: null,
      maxMessageBytes: 8000,
      framing: 'octet',
      processId: String(process.pid),
    });
  });

  it('know the ports of the protocols', () => {
    const ports = [
      addressesOf(syslogConfig())[0].port,
      addressesOf(syslogConfig({ protocol: 'udp' }))[0].port,
      addressesOf(syslogConfig({ protocol: 'tls' }))[0].port,
    ];
    expect([...ports, addressesOf(syslogConfig({ protocol: 'tls', port: 1 }))[0].port]).toEqual([514, 514, 6514, 1]);
  });

  it('know the facilities by the numbers of RFC 5424', () => {
    expect(FACILITIES).toHaveLength(24);
    const names = 'kern user mail daemon auth syslog lpr news uucp cron authpriv ftp ntp audit alert clock';
    expect(FACILITIES.join(' ')).toBe(`${names} local0 local1 local2 local3 local4 local5 local6 local7`);
    for (const [code, facility] of FACILITIES.entries())
      expect(messageSettings(syslogConfig({ facility })).facility).toBe(code);
  });

  it('keep datagrams within what UDP carries, and streams as they are', () => {
    const bytes = (protocol: 'udp' | 'tcp', maxMessageBytes: number) =>
      messageSettings(syslogConfig({ protocol, maxMessageBytes })).maxMessageBytes;
    expect([bytes('udp', 65_508), bytes('udp', 65_506), bytes('tcp', 65_508)]).toEqual([65_507, 65_506, 65_508]);
    expect(messageSettings(syslogConfig({ protocol: 'udp', framing: 'lf' })).framing).toBe('none');
    expect(messageSettings(syslogConfig({ framing: 'lf' })).framing).toBe('lf');
  });

  it('keep header fields to what a header may hold', () => {
    const names = (over: Partial<SyslogConfig>) => {
      const { appName, hostname } = messageSettings(syslogConfig(over));
      return [appName, hostname];
    };
    expect(names({ appName: 'a b', hostname: 'h\u0000é' })).toEqual(['a_b', 'h__']);
    expect(names({ appName: 'a'.repeat(60), hostname: 'h'.repeat(300) }).map((text) => text.length)).toEqual([48, 255]);
    expect(names({ header: 'rfc3164', appName: `a:[${'b'.repeat(60)}` })[0]).toBe(`a__${'b'.repeat(29)}`);
  });
});

describe('the verdict on a status', () => {
  it('is as the documentation has it, for every status', () => {
    const expected = (status: number): string => {
      if ([401, 403, 404, 405, 407, 410, 495, 496, 497].includes(status)) return 'blocked';
      if ([408, 425, 429].includes(status)) return 'again';
      if (status < 200 || status >= 500) return 'again';
      if (status < 300) return 'delivered';
      return status < 400 ? 'blocked' : 'refused';
    };
    for (let status = 100; status < 700; status += 1)
      expect([status, verdictOf(status)]).toEqual([status, expected(status)]);
    expect(verdictOf(0)).toBe('again');
  });
});

describe('the words for a network failure', () => {
  it.each([
    ['ECONNREFUSED', 'the connection was refused'],
    ['ECONNRESET', 'the connection was reset'],
    ['EPIPE', 'the connection was closed while writing'],
    ['ETIMEDOUT', 'the connection timed out'],
    ['EHOSTUNREACH', 'the host cannot be reached'],
    ['ENETUNREACH', 'the network cannot be reached'],
    ['UND_ERR_CONNECT_TIMEOUT', 'the connection could not be made in time'],
    ['UND_ERR_HEADERS_TIMEOUT', 'no answer came in time'],
    ['UND_ERR_BODY_TIMEOUT', 'the answer stopped in the middle'],
    ['UND_ERR_SOCKET', 'the other side closed the connection'],
    ['E_OTHER', 'the connection failed'],
  ])('%s are: %s', (code, words) => {
    const failure = networkFailure(Object.assign(new Error('x'), { code }));
    expect(failure).toEqual({ kind: 'network', code, reason: `${words} (${code})` });
  });

  it('take a code from an error only, and the outermost of several names that do not resolve', () => {
    expect(
      [null, 'text', 7, { code: 'E' }, new Error('x'), Object.assign(new Error('x'), { code: 5 })].map(codeOf),
    ).toEqual(Array(6).fill(null));
    const inner = Object.assign(new Error('x'), { code: 'EAI_AGAIN' });
    const outer = Object.assign(new Error('x', { cause: inner }), { code: 'ENOTFOUND' });
    expect(networkFailure(outer)).toMatchObject({ kind: 'dns', code: 'ENOTFOUND' });
    const tls = Object.assign(new Error('x'), { code: 'EPROTO' });
    const expired = Object.assign(new Error('x', { cause: tls }), { code: 'CERT_HAS_EXPIRED' });
    expect(networkFailure(expired)).toMatchObject({ kind: 'tls', code: 'CERT_HAS_EXPIRED' });
  });

  it('name a proxy by what it answered, also behind a cause, and a failed handshake with it as TLS', () => {
    const proxy = new Error('x', { cause: new Error('Proxy response (502) !== 200 when HTTP Tunneling') });
    expect(networkFailure(proxy)).toEqual({ kind: 'proxy', code: null, reason: 'the proxy answered 502' });
    const two = new Error('Proxy response (407) !== 200', { cause: proxy });
    expect(networkFailure(two)).toMatchObject({ reason: 'the proxy answered 407' });
    const tls = Object.assign(new Error('x'), { code: 'UND_ERR_PRX_TLS' });
    expect(networkFailure(tls)).toMatchObject({ kind: 'tls', code: 'UND_ERR_PRX_TLS' });
  });
});

describe('a webhook that answers nothing', () => {
  it('is waited for 15 seconds where nothing is said', async () => {
    const clock = createManualClock(0);
    const server = await startHttpReceiver(() => undefined);
    const target = webhook.create({ type: 'webhook', url: new Secret(server.url) }, targetDeps({ clock }));
    let settled = false;
    const result = target.deliver(sampleDelivery(), noSignal()).finally(() => {
      settled = true;
    });
    while (server.received.length === 0) await new Promise(setImmediate);
    await clock.advance(14_900);
    expect(settled).toBe(false);
    await clock.advance(100);
    expect(await result).toMatchObject({ kind: 'again', reason: 'no answer came in time' });
    await target.close();
    await server.close();
  });
});
