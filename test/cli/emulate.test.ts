/** @jest-environment-options {"kql": true} */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { request } from 'undici';
import { runCli } from '../../src/cli/cli.ts';
import { emulate } from '../../src/cli/emulate.ts';
import { createFakeWorld, type FakeWorld } from './fake-world.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'emulate-test-'));
  const rows = [
    { Timestamp: '2020-01-01T00:00:00Z', DeviceName: 'old' },
    { Timestamp: '2020-01-01T00:00:00Z', DeviceName: 'to come', _ingested: '2999-01-01T00:00:00Z' },
  ];
  writeFileSync(join(folder, 'DeviceEvents.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Started {
  readonly baseUrl: string;
  readonly authority: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

async function started(world: FakeWorld): Promise<Started> {
  while (!world.out().includes('\n')) await world.clock.sleep(10);
  return JSON.parse(world.out()) as Started;
}

async function ask({ baseUrl, authority, clientId, clientSecret }: Started, query: string) {
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
  const body = new URLSearchParams({ ...form, scope: 'https://graph.microsoft.com/.default' }).toString();
  const token = await request(`${authority}/oauth2/v2.0/token`, { method: 'POST', body });
  const { access_token } = (await token.body.json()) as { access_token: string };
  const answer = await request(`${baseUrl}/v1.0/security/runHuntingQuery`, {
    method: 'POST',
    headers: { authorization: `Bearer ${access_token}` },
    body: JSON.stringify({ Query: query }),
  });
  return { status: answer.statusCode, body: (await answer.body.json()) as Record<string, unknown> };
}

describe('emulate', () => {
  it('answers over event files, with what has arrived', async () => {
    const world = createFakeWorld(folder);
    const serving = runCli(['emulate', '--data', '.'], world, [emulate]);
    const { status, body } = await ask(await started(world), 'DeviceEvents | project DeviceName');
    expect([status, body.results]).toEqual([200, [{ DeviceName: 'old' }]]);
    world.stop();
    expect(await serving).toBe(0);
  });

  it('plays a small company without any', async () => {
    const world = createFakeWorld(folder);
    const serving = runCli(['emulate'], world, [emulate]);
    const { body } = await ask(await started(world), 'DeviceProcessEvents | where Timestamp > ago(1d) | count');
    expect((body.results as { Count: number }[])[0]?.Count).toBeGreaterThan(1000);
    world.stop();
    expect(await serving).toBe(0);
  });

  it('says what is wrong with its folder and port', async () => {
    const empty = mkdtempSync(join(folder, 'empty-'));
    const world = createFakeWorld(empty);
    expect(await runCli(['emulate', '--data', '.'], world, [emulate])).toBe(2);
    expect(world.err()).toContain('holds no data files');
    expect(await runCli(['emulate', '--port', 'many'], world, [emulate])).toBe(2);
  });

  it('says which port is taken and which file is missing, as a mistake of the command line', async () => {
    const first = createFakeWorld(folder);
    const serving = runCli(['emulate', '--data', '.'], first, [emulate]);
    const { port } = new URL((await started(first)).baseUrl);
    const second = createFakeWorld(folder);
    expect(await runCli(['emulate', '--data', '.', '--port', port], second, [emulate])).toBe(2);
    expect(second.err()).toContain(`127.0.0.1:${port}`);
    const third = createFakeWorld(folder);
    expect(await runCli(['emulate', '--cert', 'nope.pem', '--key', 'nope.pem'], third, [emulate])).toBe(2);
    expect(third.err()).toContain('nope.pem');
    first.stop();
    await serving;
  });
});
