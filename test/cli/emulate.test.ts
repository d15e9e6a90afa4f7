import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { request } from 'undici';
import { runCli } from '../../src/cli/cli.ts';
import { emulate } from '../../src/cli/emulate.ts';
import { useAddedTables } from '../../src/kql/schemas/added-tables.ts';
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
afterEach(() => useAddedTables({}));

interface Started {
  readonly baseUrl: string;
  readonly authority: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly receiver: string;
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

  it('knows tables of a schema file, those of Sentinel among them', async () => {
    const data = mkdtempSync(join(tmpdir(), 'emulate-test-'));
    const row = { TimeGenerated: '2020-01-01T00:00:00Z', UserPrincipalName: 'ann', ResultType: '0' };
    writeFileSync(join(data, 'SigninLogs.jsonl'), JSON.stringify(row));
    const world = createFakeWorld(data);
    const serving = runCli(['emulate', '--data', '.', '--schema', 'sentinel'], world, [emulate]);
    const { status, body } = await ask(await started(world), 'SigninLogs | project UserPrincipalName, IPAddress');
    expect([status, body.results]).toEqual([200, [{ UserPrincipalName: 'ann', IPAddress: '' }]]);
    world.stop();
    expect(await serving).toBe(0);
    rmSync(data, { recursive: true });
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

  it('fails a share of all queries, the same ones in every start, and keeps the quota it is given', async () => {
    const statuses: number[][] = [];
    for (const _ of [1, 2]) {
      const world = createFakeWorld(folder);
      const argv = ['emulate', '--data', '.', '--fault', '500:0.3', '--fault', '504:0.2', '--calls-per-minute', '12'];
      const serving = runCli(argv, world, [emulate]);
      const there = await started(world);
      const answers: number[] = [];
      for (let call = 0; call < 24; call += 1) answers.push((await ask(there, 'print 1')).status);
      world.stop();
      await serving;
      statuses.push(answers);
    }
    expect(statuses[0]).toEqual(statuses[1]);
    expect(new Set(statuses[0])).toEqual(new Set([200, 500, 504, 429]));
    expect(statuses[0]?.filter((status) => status === 200)).toHaveLength(12);
  });

  it('refuses faults that it does not know, shares above 1 and quotas of nothing', async () => {
    for (const [argv, said] of [
      [['--fault', '429'], 'write a fault and its share'],
      [['--fault', '429:0.6', '--fault', 'slow:0.6'], 'more than 1 together'],
      [['--calls-per-minute', '0'], 'no number above 0'],
    ] as const) {
      const world = createFakeWorld(folder);
      expect(await runCli(['emulate', ...argv], world, [emulate])).toBe(2);
      expect(world.err()).toContain(said);
    }
  });

  it('takes alerts and tells each in one line', async () => {
    const world = createFakeWorld(folder);
    const serving = runCli(['emulate', '--data', '.'], world, [emulate]);
    const { receiver } = await started(world);
    const post = async (body: string): Promise<number> =>
      (await request(receiver, { method: 'POST', body })).statusCode;
    const alert = { title: 'A title\nof two lines', severity: 'high', status: 'firing' };
    expect([await post(JSON.stringify(alert)), await post('no JSON'), await post('null')]).toEqual([204, 204, 204]);
    expect(await post(JSON.stringify({ ...alert, status: 'resolved' }))).toBe(204);
    expect((await request(receiver)).statusCode).toBe(405);
    world.stop();
    await serving;
    expect(world.err().split('\n')).toEqual([
      'received  high  A title of two lines',
      'received  something that is no alert in the native format',
      'received  something that is no alert in the native format',
      'received  high  A title of two lines  resolved',
      '',
    ]);
  });
});
