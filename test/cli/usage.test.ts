import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCli } from '../../src/cli/cli.ts';
import { dlq } from '../../src/cli/dlq.ts';
import { lint } from '../../src/cli/lint.ts';
import { run } from '../../src/cli/run.ts';
import { sendTest } from '../../src/cli/send-test.ts';
import { createFakeWorld } from './fake-world.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'usage-test-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function call(...argv: readonly string[]) {
  const world = createFakeWorld(folder);
  const exitCode = await runCli(argv, world, [run, lint, dlq, sendTest]);
  return { exitCode, out: world.out(), err: world.err() };
}

describe('a mistake on the command line', () => {
  it.each([
    [['send-test'], '"send-test" needs a <target>. "huntwire send-test --help" tells what it takes.'],
    [
      ['send-test', 'a', 'b'],
      '"send-test" takes 1 argument and was given 2. "huntwire send-test --help" tells what it takes.',
    ],
    [['run', 'x'], '"run" takes no arguments and was given 1. "huntwire run --help" tells what it takes.'],
    [['dlq', 'show'], '"dlq show" needs an <id>. "huntwire dlq show --help" tells what it takes.'],
    [['lnit'], 'There is no verb "lnit". Did you mean "lint"? "huntwire --help" lists the verbs.'],
    [
      ['run', '--cofnig', 'x'],
      '"run" has no option --cofnig. Did you mean "--config"? "huntwire run --help" tells what it takes.',
    ],
    [['run', '--config'], '--config needs a <file>. "huntwire run --help" tells what it takes.'],
    [
      ['lint', '--fail-on', 'bad'],
      '--fail-on: "bad" is none of error, warning, info. "huntwire lint --help" tells what it takes.',
    ],
  ])('%j is one line that says what is wanted', async (argv, sentence) => {
    expect(await call(...argv)).toEqual({ exitCode: 2, out: '', err: `huntwire: ${sentence} [USAGE]\n` });
  });

  it('is one document where JSON was asked for', async () => {
    const { exitCode, out, err } = await call('send-test', '--format', 'json');
    expect([exitCode, err]).toEqual([2, '']);
    expect(JSON.parse(out)).toMatchObject({
      error: { code: 'USAGE', message: expect.stringMatching(/^"send-test" needs/) },
    });
  });

  it('that is none: help is no failure', async () => {
    expect(await call('lint', '--help')).toMatchObject({ exitCode: 0, err: '' });
    expect(await call('--version')).toMatchObject({ exitCode: 0, err: '' });
  });
});

describe('send-test', () => {
  it.each([
    [503, 'A real alert would be sent again, for up to 72 hours; "huntwire doctor" looks further.'],
    [401, 'Real alerts would wait until this is mended; "huntwire doctor" tells more.'],
    [422, 'It answered "no such field". A real alert would become a dead letter.'],
  ])('says of an answer of %i what would become of a real alert', async (status, sentence) => {
    const server = createServer((request, response) => {
      request.resume();
      response.writeHead(status).end('no such field');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const config = `source: {api: local, path: .}\ntargets: {soar: {type: webhook, url: "http://127.0.0.1:${port}/"}}\n`;
    writeFileSync(join(folder, 'huntwire.yaml'), config);
    const { exitCode, out } = await call('send-test', 'soar');
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect(exitCode).toBe(5);
    expect(out).toMatch(new RegExp(`^not delivered to soar: .*${status}`));
    expect(out).toContain(sentence);
  });
});

describe('a dead letter that is not there', () => {
  it('is no success', async () => {
    writeFileSync(join(folder, 'huntwire.yaml'), 'source: {api: local, path: .}\nstate: {path: state.db}\n');
    for (const [verb, done] of [
      ['replay', 'put back into the outbox'],
      ['drop', 'deleted'],
    ] as const) {
      expect(await call('dlq', verb, '3', '4')).toMatchObject({
        exitCode: 1,
        out: `There is no dead letter 3, 4: nothing was ${done}.\n`,
      });
    }
    expect(await call('dlq', 'drop', '--all')).toMatchObject({ exitCode: 1 });
  });
});
