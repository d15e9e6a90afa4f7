import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it } from '@jest/globals';
import { PRESETS } from '../../../src/formats/presets/registry.ts';
import { type Clock, createManualClock, systemClock } from '../../../src/lib/clock.ts';
import { Secret } from '../../../src/lib/secret.ts';
import { TARGETS } from '../../../src/targets/registry.ts';
import { createStreamTarget } from '../../../src/targets/stdout.ts';
import type { JournalMessage, Target } from '../../../src/targets/target.ts';
import { type HttpReceiver, startHttpReceiver } from '../http-receiver.ts';
import { noSignal, targetDeps } from '../sample-alert.ts';
import { readMessage5424, readOctetFrames, startSyslogReceiver } from '../syslog-receiver.ts';

const AT = '2026-03-01T12:00:00.250Z';
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function message(number: number, filler = ''): JournalMessage {
  const text = JSON.stringify({ kind: 'run', place: number, filler });
  const short = JSON.stringify({ kind: 'run', place: number, cut: ['filler'] });
  return {
    id: `m${number}`,
    at: AT,
    text: (maxBytes) => (maxBytes === null || text.length <= maxBytes ? text : short),
  };
}

function open(config: Readonly<Record<string, unknown>>, clock: Clock = systemClock): Target {
  const type = String(config.type);
  const target = TARGETS.get(type)?.create(config, targetDeps({ preset: PRESETS.get(type) ?? null, clock }));
  if (!target) throw new Error(`There is no ${type}.`);
  closing.push(() => target.close());
  return target;
}

const carry = async (target: Target, messages: readonly JournalMessage[], signal = noSignal()) =>
  ((await target.carry?.(messages, signal)) ?? []).map(({ kind }) => kind);

async function receiver(answer: (one: { readonly body: string }) => readonly [number, string]): Promise<HttpReceiver> {
  const made = await startHttpReceiver((one, response) => {
    const [status, text] = answer(one);
    response.statusCode = status;
    response.setHeader('content-type', 'application/json');
    response.end(text);
  });
  closing.push(made.close);
  return made;
}

const TWO = [message(1), message(2)];
const PLACES = [
  { kind: 'run', place: 1, filler: '' },
  { kind: 'run', place: 2, filler: '' },
];
const BOTH = ['delivered', 'delivered'];

describe('what is no alert', () => {
  it.each([...TARGETS.keys()])('%s takes or does not, as its plugin says', async (type) => {
    const key = 'k'.repeat(32);
    const secrets = Object.fromEntries(
      ['url', 'apiKey', 'token', 'routingKey', 'user', 'password', 'keyId'].map((name) => [name, new Secret(key)]),
    );
    const address = new Secret('http://127.0.0.1:1/');
    const more = { path: join(tmpdir(), 'none'), host: '127.0.0.1', from: 'a@b.example', to: ['c@d.example'], port: 1 };
    const tickets = { project: 'SOC', issueType: 'Bug', table: 'incident', stream: 's', ruleId: 'r', protocol: 'tcp' };
    const auth = { bearer: new Secret(key), basic: { user: 'u', password: new Secret(key) } };
    const oauth2 = { tokenUrl: 'http://127.0.0.1:1/', clientId: 'c', clientSecret: new Secret(key) };
    const signing =
      type === 'logs-ingestion' ? { oauth2 } : type === 'servicenow' || type === 'jira' ? { basic: auth.basic } : {};
    const target = open({ type, ...more, ...tickets, ...secrets, url: address, endpoint: address, auth: signing });
    expect(target.carry !== undefined).toBe(TARGETS.get(type)?.journalRefusal !== undefined);
  });

  it('is lines of a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'carry-'));
    closing.push(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'events.jsonl');
    expect(await carry(open({ type: 'file', path }), TWO)).toEqual(BOTH);
    expect(readFileSync(path, 'utf8')).toBe(TWO.map((one) => `${one.text(null)}\n`).join(''));
  });

  it('is lines of a stream, on which nothing is obeyed', async () => {
    const stream = new PassThrough();
    const target = createStreamTarget(targetDeps(), stream);
    expect(await carry(target, [message(1, '\u202e')])).toEqual(['delivered']);
    expect(String(stream.read())).toBe('{"kind":"run","place":1,"filler":"\\u202e"}\n');
    await target.close();
    expect(await carry(target, TWO)).toEqual(['again', 'again']);
  });

  it.each([
    ['array', 'application/json'],
    ['ndjson', 'application/x-ndjson'],
  ] as const)('is one body of a webhook, as %s', async (as, type) => {
    const { url, received } = await receiver(() => [200, '']);
    const target = open({ type: 'webhook', url: new Secret(url), batch: { as } });
    expect(await carry(target, TWO)).toEqual(BOTH);
    await carry(target, TWO);
    const [first, second] = received;
    const body = first?.body ?? '';
    expect(
      as === 'array'
        ? JSON.parse(body)
        : body
            .trimEnd()
            .split('\n')
            .map((line) => JSON.parse(line)),
    ).toEqual(PLACES);
    expect(first?.headers['content-type']).toBe(type);
    expect(first?.headers['webhook-id']).toMatch(/^batch-/);
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
  });

  it('goes to a webhook one by one where a body is refused, and stops where nothing is taken', async () => {
    let status = 200;
    const { url } = await receiver(({ body }) => [body.includes('"place":2') ? 422 : status, '']);
    const target = open({ type: 'webhook', url: new Secret(url) });
    expect(await carry(target, [...TWO, message(3)])).toEqual(['delivered', 'refused', 'delivered']);
    status = 503;
    expect(await carry(target, [message(3), message(4)])).toEqual(['again', 'again']);
    expect(TARGETS.get('webhook')?.journalRefusal?.({ template: {} })).toMatch(/template/);
  });

  it('is informational messages over syslog, cut to what they may hold', async () => {
    const { port, text, close } = await startSyslogReceiver();
    closing.push(close);
    const clock = createManualClock(0, 5_000_000_000);
    const target = open({ type: 'syslog', host: '127.0.0.1', port, protocol: 'tcp', maxMessageBytes: 480 }, clock);
    const results = carry(target, [message(1), message(2, 'x'.repeat(500))]);
    while (!text().includes('"place":2')) await new Promise(setImmediate);
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    await clock.advance(3000);
    expect(await results).toEqual(BOTH);
    const [first, second] = readOctetFrames(text()).map(readMessage5424);
    expect(first).toMatchObject({ priority: 16 * 8 + 6, kind: 'event', data: null });
    expect(JSON.parse(first?.body ?? '')).toEqual(PLACES[0]);
    expect(JSON.parse(second?.body ?? '')).toEqual({ kind: 'run', place: 2, cut: ['filler'] });
  });

  it('is events of their own source type at Splunk', async () => {
    const { url, received } = await receiver(() => [200, '{"text":"Success","code":0}']);
    const target = open({ type: 'splunk-hec', url: new Secret(url), token: new Secret('t'.repeat(32)), index: 'main' });
    expect(await carry(target, TWO)).toEqual(BOTH);
    const [first] = (received[0]?.body ?? '').split(/(?<=\})(?=\{"time")/).map((one) => JSON.parse(one));
    const about = { source: 'huntwire', sourcetype: 'huntwire:event', index: 'main' };
    expect(first).toEqual({ time: 1772366400.25, ...about, event: PLACES[0] });
  });

  it('is documents of an index of their own at Elasticsearch; one that is there already is delivered', async () => {
    const items = [{ create: { status: 201 } }, { create: { status: 409 } }];
    const { url, received } = await receiver(() => [200, JSON.stringify({ errors: true, items })]);
    const target = open({ type: 'elastic', url: new Secret(url), apiKey: new Secret('id:key') });
    expect(await carry(target, TWO)).toEqual(BOTH);
    const [action, document] = (received[0]?.body ?? '').split('\n').map((line) => line && JSON.parse(line));
    expect(action).toEqual({ create: { _index: 'logs-huntwire.events-default', _id: 'm1' } });
    expect(document).toMatchObject({ '@timestamp': AT, event: { kind: 'event' }, huntwire: PLACES[0] });
  });

  it('is log records at a collector', async () => {
    const { url, received } = await receiver(() => [200, '{}']);
    const target = open({ type: 'otlp', url: new Secret(url) });
    expect(await carry(target, TWO)).toEqual(BOTH);
    const [{ scopeLogs }] = JSON.parse(received[0]?.body ?? '').resourceLogs;
    const records = scopeLogs[0].logRecords;
    expect(records.map(({ body }: { body: { stringValue: string } }) => JSON.parse(body.stringValue))).toEqual(PLACES);
    expect(records[0]).toMatchObject({ timeUnixNano: '1772366400250000000', eventName: 'huntwire.event' });
  });
});
