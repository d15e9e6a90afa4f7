import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { REGISTRIES } from '../../src/cli/read-config.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { createSecretsOf } from '../../src/config/secrets-of.ts';
import { weakSettings } from '../../src/config/weak-settings.ts';
import { toHuntwireError } from '../../src/lib/errors.ts';
import { Secret } from '../../src/lib/secret.ts';
import { createLog } from '../../src/observe/log.ts';
import type { WebhookConfig } from '../../src/targets/webhook/webhook-schema.ts';
import { create } from '../../src/targets/webhook.ts';
import { anyCharacter } from '../any-character.ts';
import { depsOf, makeSource, secretAuth } from '../sources/stand-in.ts';
import { type HttpReceiver, startHttpReceiver } from '../targets/http-receiver.ts';
import { noSignal, sampleDelivery, targetDeps } from '../targets/sample-alert.ts';
import { fuzzRuns, refusedOr } from './fuzz.ts';

let proxy: Server;
let receiver: HttpReceiver;
let port: number;
let greeted: string | undefined;
/** What the receiver behind the proxy says. */
let answer = '';

beforeAll(async () => {
  receiver = await startHttpReceiver((_request, response) => response.writeHead(422).end(answer));
  proxy = createServer((asked, response) => {
    greeted = asked.headers['proxy-authorization'];
    response.writeHead(422).end(answer);
  });
  proxy.on('connect', ({ headers }, socket) => {
    greeted = headers['proxy-authorization'];
    const behind = connect(receiver.port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      behind.pipe(socket).pipe(behind);
    });
    for (const end of [behind, socket]) end.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  ({ port } = proxy.address() as AddressInfo);
});
afterAll(async () => {
  await receiver.close();
  proxy.closeAllConnections();
  await new Promise((resolve) => proxy.close(resolve));
});

const LONE = /[\ud800-\udfff]/;
const ordinary = fc.string({ unit: anyCharacter, minLength: 5, maxLength: 24 }).filter((text) => !LONE.test(text));
/** Passwords of all characters, among them those that mean something in a URL. */
const password = fc.oneof(
  ordinary,
  fc.string({ unit: fc.constantFrom(...'%@:/?#[]&=+"\\ \'äß€𝄞aZ9'), minLength: 5, maxLength: 16 }),
);
const user = fc.constantFrom('u', 'domain\\user', 'üser@corp', '');
/** Two ways to write it into a URL: all that may be encoded is, or only what must. */
const written = fc.constantFrom(encodeURIComponent, (text: string) =>
  text.replace(/[^!$&'()*+,;=\w.~-]/gu, (one) => encodeURIComponent(one)),
);

function formsOfText(text: string): readonly string[] {
  return [text, encodeURIComponent(text), encodeURI(text), JSON.stringify(text).slice(1, -1)];
}

async function deliver(url: string): Promise<string> {
  const config: WebhookConfig = { type: 'webhook', url: new Secret(receiver.url), proxy: new Secret(url) };
  const target = create(config, targetDeps());
  try {
    return JSON.stringify(await target.deliver(sampleDelivery(), noSignal()));
  } finally {
    await target.close();
  }
}

describe('a proxy with a password', () => {
  it('is greeted with exactly that, and nothing of it is shown of what an answer repeats', async () => {
    await fc.assert(
      fc.asyncProperty(user, password, written, async (name, secret, write) => {
        const url = `http://${write(name)}:${write(secret)}@127.0.0.1:${port}`;
        const pair = Buffer.from(`${name}:${secret}`).toString('base64');
        answer = JSON.stringify({ said: [...formsOfText(secret), pair, url] });
        const told = await deliver(url);
        expect(greeted).toBe(`Basic ${pair}`);
        expect(JSON.parse(told)).toMatchObject({ kind: 'refused', status: 422 });
        const { answer: shown } = JSON.parse(told) as { answer: string };
        expect(shown).toContain('***');
        for (const form of [...formsOfText(secret), pair]) expect(shown).not.toContain(form);
      }),
      fuzzRuns(40),
    );
  });

  it('is hidden by the log and in what a source says when the proxy is not there', async () => {
    await fc.assert(
      fc.asyncProperty(user, password, written, async (name, secret, write) => {
        const url = `http://${write(name)}:${write(secret)}@127.0.0.1:1`;
        const text = `tenants: [{name: t, source: {proxy: ${JSON.stringify(url)}}, auth: {managedIdentity: true}}]\n`;
        const inputs = { registries: REGISTRIES, env: {}, readFile: () => text };
        const config = loadConfig('/etc/huntwire.yaml', inputs);
        const lines: string[] = [];
        const secrets = createSecretsOf(config, {});
        const log = createLog({
          level: 'info',
          format: 'json',
          write: (line) => lines.push(line),
          now: () => 0,
          secrets,
        });
        log.info('asked', { url, header: Buffer.from(`${name}:${secret}`).toString('base64') });
        const source = makeSource(
          'graph',
          { proxy: new Secret(url), baseUrl: 'https://api.example' },
          depsOf(secretAuth('https://login.example')),
        );
        const request = { query: 'print 1', ruleId: 'r', signal: noSignal(), fresh: false };
        const failure = await source.query(request as never, { row: () => undefined } as never).catch(toHuntwireError);
        await source.close();
        log.info(JSON.stringify(failure), { weak: weakSettings(config, {}).join() });
        const said = `${JSON.stringify(failure)} ${lines.join('')}`;
        for (const form of formsOfText(secret)) expect(said).not.toContain(form);
      }),
      fuzzRuns(20),
    );
  });

  it('of any text at all is used or refused, and its refusal shows nothing of it', async () => {
    const mark = 'hush-hush-9';
    const odd = fc.tuple(fc.string({ maxLength: 6 }), fc.string({ unit: anyCharacter, maxLength: 6 }));
    await fc.assert(
      fc.asyncProperty(odd, async ([before, behind]) => {
        const url = `http://u:${before}${mark}${behind}@127.0.0.1:1`;
        const refusals: string[] = [];
        await refusedOr(/^CONFIG_INVALID$/, () =>
          deliver(url).catch((thrown: Error) => {
            refusals.push(thrown.message);
            throw thrown;
          }),
        );
        expect(refusals.join('')).not.toContain(mark);
      }),
      fuzzRuns(60),
    );
  });

  it.each(['100%', '%zz', 'a%e4b'])('whose encoding is wrong (%s) is told how to write it', async (secret) => {
    await expect(deliver(`http://u:${secret}@127.0.0.1:1`)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: 'proxy: user and password must be written as in a URL: % as %25, @ as %40.',
    });
  });
});
