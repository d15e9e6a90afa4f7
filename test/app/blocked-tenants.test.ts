import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createReload, type Reload } from '../../src/app/reload.ts';
import { type App, openApp } from '../../src/app.ts';
import { createHost } from '../../src/cli/host.ts';
import { readToLook, readWithBlocked } from '../../src/cli/read-config.ts';
import { lookAtState } from '../../src/cli/status/look-at-state.ts';
import { printStatus } from '../../src/cli/status/print-status.ts';
import { createManualClock } from '../../src/lib/clock.ts';
import { keepBlocked } from '../../src/run/blocked/keep-blocked.ts';
import { createFakeWorld } from '../cli/fake-world.ts';

const RULE = 'id: one\nname: One\nseverity: low\nquery: DeviceEvents\nschedule: {every: 15m}\n';
const IDS = 'tenantId: t, clientId: c';
const TENANTS = {
  well: '{api: local, path: data}',
  secret: `{api: graph}\n    auth: {${IDS}, clientSecret: "\${file:secret}"}`,
  certificate: `{api: graph}\n    auth: {${IDS}, certificateFile: a.pem, privateKeyFile: a.key}`,
  settings: `{api: graph, limts: {}}\n    auth: {${IDS}, clientSecret: x}`,
};
const MINUTE = 60_000;

let folder = '';
let clock = createManualClock(0);
let world = createFakeWorld();
let app: App;
let reload: Reload;
const stop: (() => Promise<void>)[] = [];

function configure(tenants: Readonly<Record<string, string>>): void {
  const list = Object.entries(tenants).map(([name, source]) => `  - name: ${name}\n    source: ${source}\n`);
  const text = `tenants:\n${list.join('')}rules: [rules/]\ntargets: {out: {type: stdout}}\ndefaultTargets: [out]\nstate: {path: s.db}\nlog: {level: info}\n`;
  writeFileSync(join(folder, 'huntwire.yaml'), text);
}

async function open(): Promise<void> {
  const config = readWithBlocked(world, 'huntwire.yaml');
  const host = { ...createHost(world, config, 'in-process', 'run'), blocksTenants: true };
  app = await openApp(config, host);
  stop.push(() => app.close());
  const read = () => readWithBlocked(world, 'huntwire.yaml');
  reload = createReload({ app, read, clock, log: host.log });
}

/** Tells what is blocked until the test ends. */
async function tell(): Promise<void> {
  const end = new AbortController();
  const running = keepBlocked(() => app.tenants, app.runs, end.signal);
  stop.push(async () => {
    end.abort();
    await running;
  });
  await clock.advance(0);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'huntwire-blocked-'));
  clock = createManualClock(Date.now());
  world = { ...createFakeWorld(folder), clock };
  for (const name of ['rules', 'data']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'rules', 'one.yaml'), RULE);
  for (const name of ['a.pem', 'a.key']) writeFileSync(join(folder, name), 'no certificate');
  configure(TENANTS);
});
afterEach(async () => {
  for (const one of stop.splice(0).reverse()) await one();
  rmSync(folder, { recursive: true });
});

const blocked = () => app.tenants.filter(({ source }) => source.blockedBy?.()).map(({ name }) => name);
const told = async () => (await app.store.openHealth()).map(({ code, tenant }) => `${code} ${tenant}`).sort();

describe('tenants that cannot be asked as they are configured', () => {
  it('keep the others from nothing, and are told in the log, by health alerts and in the status', async () => {
    await open();
    await tell();
    expect(app.tenants.map(({ name, rules }) => `${name} ${rules.length}`)).toEqual([
      'well 1',
      'secret 1',
      'certificate 1',
      'settings 1',
    ]);
    expect(blocked()).toEqual(['secret', 'certificate', 'settings']);
    expect(await told()).toEqual(['tenant-blocked certificate', 'tenant-blocked secret', 'tenant-blocked settings']);
    expect(world.err()).toContain('A tenant cannot be asked as it is configured.');
    const { config } = readToLook(world, 'huntwire.yaml');
    const status = await lookAtState(world, config, app.store);
    expect(status.tenants.map((tenant) => tenant.blocked)).toEqual([
      null,
      expect.stringContaining(`The file ${join(folder, 'secret')} cannot be read (ENOENT)`),
      expect.stringContaining('a.pem'),
      expect.stringContaining('Unknown key "limts"'),
    ]);
    printStatus(world, status, 'the state');
    expect(world.out()).toContain('settings: None of its rules runs: CONFIG_INVALID: ');
  });

  it('fail every query with the reason, and a set window is not given up for it', async () => {
    await open();
    const source = app.tenants.find(({ name }) => name === 'settings')?.source;
    const query = { ruleId: 'one', query: 'x', signal: new AbortController().signal };
    const sink = { schema: () => undefined, row: () => undefined };
    await expect(source?.query(query, sink)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    await expect(source?.greet?.(query.signal)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('come back by themselves once a file is there, and its secret is masked', async () => {
    await open();
    await tell();
    writeFileSync(join(folder, 'secret'), 'canary-of-late\n');
    await clock.advance(MINUTE);
    expect(blocked()).toEqual(['certificate', 'settings']);
    expect(await told()).toEqual(['tenant-blocked certificate', 'tenant-blocked settings']);
    expect(app.tenants.find(({ name }) => name === 'secret')?.source.quota.callsPerHour).toBe(1400);
    app.runs.log.info('the secret is canary-of-late');
    expect(world.err()).not.toContain('canary-of-late');
  });

  it('come back by a reload once the configuration is mended, and hold up none meanwhile', async () => {
    await open();
    writeFileSync(join(folder, 'rules', 'two.yaml'), RULE.replace('one', 'two'));
    const { changes } = await reload('action');
    expect(new Set(changes.map(({ kind, name }) => `${kind} ${name}`))).toEqual(new Set(['rule two']));
    expect(app.tenants.map(({ rules }) => rules.length)).toEqual([2, 2, 2, 2]);
    const { settings, ...others } = TENANTS;
    configure({ ...others, settings: settings.replace('limts', 'limits') });
    await reload('action');
    expect(blocked()).toEqual(['secret', 'certificate']);
  });

  it('are refused by a reload where they were whole before', async () => {
    const { well, settings } = TENANTS;
    configure({ well, settings: settings.replace('limts', 'limits') });
    await open();
    configure({ well, settings });
    expect(await reload('files')).toMatchObject({ outcome: 'refused' });
    expect(blocked()).toEqual([]);
  });

  it('are a failure of the start where no other is whole', async () => {
    const { settings, certificate } = TENANTS;
    configure({ settings });
    expect(() => readWithBlocked(world, 'huntwire.yaml')).toThrow('Unknown key "limts"');
    configure({ settings, certificate });
    await expect(open()).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });
});
