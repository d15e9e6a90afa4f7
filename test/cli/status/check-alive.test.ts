import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runCli } from '../../../src/cli/cli.ts';
import { status } from '../../../src/cli/status.ts';
import { type RunnerLock, takeRunnerLock } from '../../../src/state/runner-lock.ts';
import { createFakeWorld } from '../fake-world.ts';

let folder = '';
let lock: RunnerLock | null = null;
let server: Server | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'huntwire-check-'));
  configure('');
});
afterEach(() => {
  lock?.release();
  server?.close();
  lock = null;
  server = null;
  rmSync(folder, { recursive: true });
});

function configure(more: string): void {
  const text = `source: {api: graph}\nauth: {tenantId: t, clientId: c, clientSecret: "\${file:none}"}\nrules: [none/]\nstate: {path: s.db}\n${more}`;
  writeFileSync(join(folder, 'huntwire.yaml'), text);
}

async function check() {
  const world = createFakeWorld(folder);
  const code = await runCli(['status', '--check', '--format', 'json'], world, [status]);
  return { code, ...(JSON.parse(world.out()) as { alive: boolean; reason: string | null }) };
}

/** Listens as a process that goes on, or does not. */
async function listen(answer: number): Promise<void> {
  server = createServer((_, response) => response.writeHead(answer).end('{"silent":["deliveries"]}'));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  configure(`http: {port: ${(server.address() as AddressInfo).port}}\n`);
}

describe('status --check', () => {
  it('is 5 where nothing holds the lock, and 0 where a process does, whatever rules and secrets there are', async () => {
    expect(await check()).toMatchObject({ code: 5, alive: false, reason: expect.stringContaining('No runner') });
    lock = takeRunnerLock(join(folder, 's.db'));
    expect(await check()).toEqual({ code: 0, alive: true, reason: null });
  });

  it('asks a process that listens whether it goes on', async () => {
    lock = takeRunnerLock(join(folder, 's.db'));
    await listen(200);
    expect(await check()).toMatchObject({ code: 0 });
    server?.close();
    await listen(503);
    expect(await check()).toMatchObject({ code: 5, reason: expect.stringContaining('503 {"silent":["deliveries"]}') });
    server?.closeAllConnections();
    server?.close();
    await once(server as Server, 'close').catch(() => undefined);
    expect(await check()).toMatchObject({ code: 5, reason: expect.stringContaining('does not answer') });
  });

  it('looks once', async () => {
    const world = createFakeWorld(folder);
    expect(await runCli(['status', '--check', '--watch'], world, [status])).toBe(2);
  });
});
