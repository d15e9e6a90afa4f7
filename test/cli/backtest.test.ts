import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { backtest } from '../../src/cli/backtest.ts';
import { runCli } from '../../src/cli/cli.ts';
import { createEngineAnswerer } from '../../src/emulator/engine-answerer.ts';
import { createFileEvents } from '../../src/emulator/file-events.ts';
import { startEmulator } from '../../src/emulator/server.ts';
import { openDataFolder } from '../../src/engine/data/folder.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createFakeWorld, type FakeWorld } from './fake-world.ts';

const HOUR = 3_600_000;
const NOW = Date.now();
const END = Math.floor(NOW / HOUR) * HOUR - 3 * HOUR;
const START = END - 6 * HOUR;

const rule = (id: string, where: string, rest = ''): string => `id: ${id}
name: Encoded
description: An encoded command.
severity: high
query: |
  DeviceProcessEvents
  | where ${where}${rest}
schedule: {every: 30m}
alert: {title: "{{DeviceName}} ran it"}
targets: [soar]
`;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'backtest-test-'));
  const rows = Array.from({ length: 12 }, (_, id) => ({
    Timestamp: new Date(START + id * (HOUR / 2) - 2 * 60_000).toISOString(),
    DeviceName: id % 4 === 0 ? 'server' : 'pc',
    DeviceId: `device-${id}`,
    ReportId: id,
    FileName: id % 2 === 0 ? 'powershell.exe' : 'cmd.exe',
  }));
  mkdirSync(join(folder, 'data'));
  mkdirSync(join(folder, 'rules'));
  writeFileSync(join(folder, 'data', 'DeviceProcessEvents.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
  writeFileSync(join(folder, 'rules', 'encoded.yaml'), rule('encoded', 'FileName =~ "powershell.exe"'));
  const changed = rule('encoded', 'DeviceName == "pc"').replace('severity: high', 'severity: low');
  writeFileSync(join(folder, 'changed.yaml'), changed);
  writeFileSync(join(folder, 'two.yaml'), `${rule('one', 'true')}---\n${rule('two', 'true')}`);
});
afterAll(() => rmSync(folder, { recursive: true }));

const iso = (time: number): string => new Date(time).toISOString();
const range = ['--from', iso(START), '--to', iso(END)];

async function run(args: readonly string[], over: Partial<FakeWorld> = {}) {
  const world = { ...createFakeWorld(folder), ...over };
  const exitCode = await runCli(['backtest', ...args], world, [backtest]);
  return { exitCode, out: world.out(), err: world.err() };
}

describe('backtest over event files', () => {
  it('shows alerts by day, figures and what it asked', async () => {
    const { exitCode, out, err } = await run(['encoded', ...range, '--data', 'data']);
    expect(exitCode).toBe(0);
    expect(err).toMatch(/^encoded: 12 runs in \d+ windows\. No quota is spent\.\n$/);
    expect(out).toMatch(/^\d{4}-\d\d-\d\d {2}█+ \d$/m);
    expect(out).toMatch(/^alerts {6}\d \(high \d\)$/m);
    expect(out).toMatch(/^held back {3}(none|duplicate \d+)$/m);
  });

  it('prints one document', async () => {
    const { exitCode, out } = await run(['rules/encoded.yaml', ...range, '--data', 'data', '--format', 'json']);
    const document = JSON.parse(out);
    expect(exitCode).toBe(0);
    expect(document).toMatchObject({
      tenant: 'default',
      source: 'local',
      from: iso(START),
      to: iso(END),
      cost: { callsPerHour: null, shareOfHour: null },
      result: { rule: 'encoded', stopped: null, failures: [], severities: { high: document.result.alerts } },
      other: null,
      comparison: null,
    });
    expect(document.result.told).toHaveLength(document.result.alerts);
    expect(document.result.told[0]).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      title: 'server ran it',
    });
    expect(Object.keys(document.result.told[0])).not.toContain('rowKeys');
  });

  it('tells the ids of the tenant that is named', async () => {
    const ids = async (...more: string[]): Promise<string> => {
      const { out } = await run(['encoded', ...range, '--data', 'data', '--format', 'json', ...more]);
      return JSON.parse(out).result.told[0].id;
    };
    expect(await ids()).toBe(await ids('--tenant', 'default'));
    expect(await ids()).not.toBe(await ids('--tenant', 'contoso'));
  });

  it('shows what a changed rule gains and loses', async () => {
    const args = ['encoded', ...range, '--data', 'data', '--compare', 'changed.yaml'];
    const document = JSON.parse((await run([...args, '--format', 'json'])).out);
    const { kept, gained, lost, gainedAlerts, lostAlerts } = document.comparison;
    expect(kept + lost).toBe(document.result.alerts);
    expect(kept + gained).toBe(document.other.alerts);
    expect(lostAlerts.map((alert: { title: string }) => alert.title)).toEqual(Array(lost).fill('server ran it'));
    expect(gainedAlerts.map((alert: { title: string }) => alert.title)).toEqual(Array(gained).fill('pc ran it'));
    expect([kept > 0, gained > 0, lost > 0]).toEqual([true, true, true]);
    const { out } = await run(args);
    expect(out).toContain(`compared: ${kept} kept, ${gained} gained, ${lost} lost`);
    expect(out).toMatch(/^- \S+ high server ran it \(1 row\) [0-9a-f]{32}$/m);
    expect(out).toContain('encoded (changed.yaml)');
  });

  it('shows what is known when it is stopped', async () => {
    const { exitCode, out } = await run(['encoded', ...range, '--data', 'data'], { signal: AbortSignal.abort() });
    expect(exitCode).toBe(5);
    expect(out).toContain('ended early');
  });

  it.each([
    ['a rule that nobody knows', ['encodet', ...range], /Did you mean "encoded"/],
    ['a file with two rules', ['two.yaml', ...range], /holds 2 rules: one, two/],
    ['a time that is none', ['encoded', '--from', 'yesterday'], /--from: "yesterday" is no time/],
    ['an end before the start', ['encoded', '--from', '1d', '--to', '2d'], /--from must lie before --to/],
    ['no start', ['encoded'], /"backtest" needs --from <time>/],
    ['a time without a run', ['encoded', '--from', '1s'], /No run of rule encoded/],
  ])('refuses %s', async (_, args, message) => {
    const { exitCode, err } = await run([...args, '--data', 'data']);
    expect(exitCode).toBe(2);
    expect(err).toMatch(message);
  });
});

describe('backtest on a tenant', () => {
  let stop: () => Promise<void> = async () => undefined;
  let queries: () => number = () => 0;
  beforeAll(async () => {
    const { tables } = await openDataFolder(join(folder, 'data'));
    const answerer = createEngineAnswerer(createFileEvents(tables), { elapsed: systemClock.monotonic });
    const emulator = await startEmulator({ port: 0, answerer, clock: systemClock });
    const { tenantId, clientId, clientSecret } = emulator.application;
    stop = emulator.close;
    queries = () => emulator.seen.length;
    const config = {
      tenants: [
        {
          name: 'contoso',
          source: { api: 'graph', baseUrl: emulator.baseUrl },
          auth: { tenantId, clientId, clientSecret, authority: emulator.authority },
          rules: ['rules/'],
        },
      ],
      targets: { soar: { type: 'stdout' } },
      state: { path: 'state.db' },
    };
    writeFileSync(join(folder, 'huntwire.yaml'), JSON.stringify(config));
  });
  afterAll(() => stop());

  it('says its cost before it asks, and gives the alerts that --data gives', async () => {
    const asked = await run(['encoded', ...range, '--format', 'json']);
    const local = await run(['encoded', ...range, '--data', 'data', '--tenant', 'contoso', '--format', 'json']);
    const idsOf = (text: string): string[] => JSON.parse(text).result.told.map((alert: { id: string }) => alert.id);
    expect(asked.err).toMatch(/Cost: \d calls, 0\.\d % of the 1400 calls an hour\./);
    expect(JSON.parse(asked.out)).toMatchObject({ tenant: 'contoso', source: 'graph', cost: { callsPerHour: 1400 } });
    expect(idsOf(asked.out)).toEqual(idsOf(local.out));
    expect(idsOf(asked.out).length).toBeGreaterThan(0);
  });

  it('asks nothing above the threshold without a yes', async () => {
    const before = queries();
    const { exitCode, err } = await run(['encoded', '--from', '20d']);
    expect(exitCode).toBe(2);
    expect(err).toMatch(/ask the tenant \d{3} times; more than 50 need a --yes/);
    expect(queries()).toBe(before);
  });

  it('asks the person at the terminal, who may say no', async () => {
    const asked: string[] = [];
    const answer = (yes: boolean) => ({
      confirm: async (question: string) => {
        asked.push(question);
        return yes;
      },
    });
    const before = queries();
    const no = await run(['encoded', ...range], answer(false));
    expect([no.exitCode, queries() - before]).toEqual([5, 0]);
    expect(no.err).toContain('Nothing was asked.');
    const yes = await run(['encoded', ...range], answer(true));
    expect([yes.exitCode, queries() > before]).toEqual([0, true]);
    expect(asked).toEqual(['Go on?', 'Go on?']);
    await run(['encoded', ...range, '--yes'], answer(false));
    expect(asked).toHaveLength(2);
  });
});
