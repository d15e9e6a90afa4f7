import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { runCli } from '../../src/cli/cli.ts';
import { doctor } from '../../src/cli/doctor.ts';
import type { CheckResult } from '../../src/lib/check-result.ts';
import { sentinelText } from '../rules/readers/sentinel-text.ts';
import { type HttpReceiver, startHttpReceiver } from '../targets/http-receiver.ts';
import { createFakeWorld } from './fake-world.ts';

const RULE = `id: any-event
name: Any event
description: Every event.
severity: low
query: DeviceEvents
schedule: {every: 1h}
`;

const WEEKDAYS = `id: weekdays
name: Weekdays
severity: low
query: DeviceEvents | summarize Count = count() by DeviceId
schedule: {cron: "0 6 * * 1-5", lookback: 1d}
`;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'doctor-test-'));
  mkdirSync(join(folder, 'data'));
  mkdirSync(join(folder, 'rules'));
  writeFileSync(join(folder, 'data', 'DeviceEvents.jsonl'), '{"Timestamp":"2026-01-01T00:00:00Z"}');
  writeFileSync(join(folder, 'rules', 'any.yaml'), RULE);
});
afterAll(() => rmSync(folder, { recursive: true }));

const receivers: HttpReceiver[] = [];
afterEach(async () => {
  for (const one of receivers.splice(0)) await one.close();
});
async function receiver(): Promise<HttpReceiver> {
  const one = await startHttpReceiver((_, response) => response.end());
  receivers.push(one);
  return one;
}

async function examine(targets: Readonly<Record<string, unknown>>) {
  const config = {
    source: { api: 'local', path: 'data' },
    rules: ['rules/'],
    targets,
    defaultTargets: Object.keys(targets),
    state: { path: 'state.db' },
  };
  writeFileSync(join(folder, 'huntwire.yaml'), JSON.stringify(config));
  const world = createFakeWorld(folder);
  const exitCode = await runCli(['doctor', '--format', 'json'], world, [doctor]);
  const { checks } = JSON.parse(world.out()) as { checks: readonly CheckResult[] };
  return { exitCode, checks };
}

describe('doctor on targets', () => {
  it('reaches each one and sends nothing', async () => {
    const soar = await receiver();
    const { exitCode, checks } = await examine({
      soar: { type: 'webhook', url: soar.url },
      siem: { type: 'syslog', host: '127.0.0.1', protocol: 'tcp', port: soar.port },
      archive: { type: 'file', path: 'alerts.jsonl' },
      screen: { type: 'stdout' },
    });
    expect(checks.filter((check) => !check.ok)).toEqual([]);
    expect(exitCode).toBe(0);
    const named = checks.map(({ name, subject }) => `${name} ${subject}`);
    expect(named).toEqual(
      expect.arrayContaining([
        `tcp soar (127.0.0.1:${soar.port})`,
        `tcp siem (127.0.0.1:${soar.port})`,
        `file archive (${join(folder, 'alerts.jsonl')})`,
        'stdout screen',
      ]),
    );
    expect(soar.received).toEqual([]);
    expect(JSON.stringify(checks)).not.toContain('s3cret-path');
  });

  it('names what the schedule of a set leaves out, which is no failure', async () => {
    const file = join(folder, 'rules', 'weekdays.yaml');
    writeFileSync(file, WEEKDAYS);
    const { exitCode, checks } = await examine({ screen: { type: 'stdout' } });
    rmSync(file);
    expect(exitCode).toBe(0);
    expect(checks.filter((check) => !check.ok)).toMatchObject([
      { name: 'schedule', subject: 'weekdays', message: expect.stringContaining('48 hours a week') },
    ]);
  });

  it('names what is left out, which is no failure', async () => {
    const files = {
      'fusion.yaml': sentinelText({ kind: 'Fusion', id: 'fusion' }),
      'find.yaml': sentinelText({ query: 'find in (DeviceEvents) where FileName == "a"' }),
      'workflow.yml': 'on: [push]\njobs: {}\n',
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, 'rules', name), text);
    const { exitCode, checks } = await examine({ screen: { type: 'stdout' } });
    for (const name of Object.keys(files)) rmSync(join(folder, 'rules', name));
    expect(exitCode).toBe(0);
    expect(checks.filter((check) => !check.ok)).toMatchObject([
      {
        name: 'refused',
        subject: expect.stringMatching(/fusion\.yaml:\d+$/),
        message: expect.stringContaining('Fusion'),
      },
      {
        name: 'refused',
        subject: expect.stringMatching(/find\.yaml:\d+$/),
        message: expect.stringContaining('`find`'),
      },
    ]);
    expect(checks).toContainEqual(expect.objectContaining({ name: 'rules', subject: '1 rule' }));
  });

  it('says what does not work, and goes on to the next', async () => {
    const gone = await startHttpReceiver(() => undefined);
    await gone.close();
    const { exitCode, checks } = await examine({
      soar: { type: 'webhook', url: gone.url },
      archive: { type: 'file', path: 'missing/alerts.jsonl' },
      screen: { type: 'stdout' },
    });
    expect(exitCode).toBe(5);
    expect(checks.filter((check) => !check.ok)).toMatchObject([
      {
        name: 'tcp',
        subject: `soar (127.0.0.1:${gone.port})`,
        fix: 'Nothing listens there: check host and port in targets.soar.url, and that it runs.',
      },
      { name: 'file', message: expect.stringContaining('does not exist') },
    ]);
    expect(checks.at(-1)).toMatchObject({ name: 'stdout', ok: true });
  });
});

describe('doctor on secrets', () => {
  const CONFIG = `source: {api: graph, baseUrl: "http://127.0.0.1:1"}
auth: {tenantId: t, clientId: c, clientSecret: "\${env:HUNTWIRE_SECRET}", authority: "http://127.0.0.1:1/t"}
rules: [rules/]
targets:
  soar: {type: webhook, url: "\${file:hook-url}"}
  screen: {type: stdout}
defaultTargets: [screen]
state: {path: state.db}
`;

  async function examineConfig(...options: readonly string[]) {
    writeFileSync(join(folder, 'huntwire.yaml'), CONFIG);
    const world = createFakeWorld(folder);
    const exitCode = await runCli(['doctor', ...options], world, [doctor]);
    return { exitCode, out: world.out() };
  }

  it('names each that is missing with what it hinders, and checks the rest', async () => {
    const { exitCode, out } = await examineConfig();
    expect(exitCode).toBe(2);
    expect(out).toContain(
      'FAIL secret        huntwire.yaml:2: The environment variable HUNTWIRE_SECRET is not set. Its source is not asked.',
    );
    expect(out).toContain('Set it where huntwire is started; a service does not have the variables of your shell.');
    expect(out).toContain(
      'FAIL secret        huntwire.yaml:5: The file hook-url cannot be read (ENOENT). The target soar is not tried.',
    );
    expect(out).toContain('ok   rules         1 rule: loads and can be run');
    expect(out).toContain('ok   quota         default: the schedules of all rules fit');
    expect(out).toMatch(/ok {3}cost .*calls a day/);
    expect(out).toContain('ok   stdout        screen');
    expect(out).not.toMatch(/token|login/);
  });

  it('reaches nobody offline, where a missing secret is no failure', async () => {
    const { exitCode, out } = await examineConfig('--offline');
    expect(exitCode).toBe(0);
    expect(out).toContain('NOTE secret        huntwire.yaml:2: The environment variable HUNTWIRE_SECRET is not set.');
    expect(out).toContain('ok   quota');
    expect(out).not.toMatch(/dns|tls|token/);
  });
});

describe('doctor on a configuration in which something is wrong', () => {
  const WRONG = `tenants:
  - {name: lab, source: {api: local, path: data}}
  - {name: cloud, source: {api: graph, baseUrl: "http://127.0.0.1:1"}, auth: {tenantId: t}}
  - {name: odd, source: {api: grph}}
rulez: [rules/]
rules: [rules/]
targets:
  soar: {type: webhook, url: soar}
  screen: {type: stdout}
defaultTargets: [screen]
state: {path: state.db}
log: {level: loud}
`;

  async function examineText(text: string, ...options: readonly string[]) {
    writeFileSync(join(folder, 'huntwire.yaml'), text);
    const world = createFakeWorld(folder);
    const exitCode = await runCli(['doctor', ...options], world, [doctor]);
    return { exitCode, out: world.out(), err: world.err() };
  }

  it('tells each problem at its place, and all that does not depend on it', async () => {
    const { exitCode, out } = await examineText(WRONG, '--format', 'json');
    const { checks } = JSON.parse(out) as { checks: readonly CheckResult[] };
    const file = join(folder, 'huntwire.yaml');
    expect(checks.filter((check) => !check.ok)).toMatchObject([
      { name: 'configuration', subject: `${file}:3:78`, message: expect.stringContaining('has no credential') },
      { name: 'configuration', subject: `${file}:4:5`, message: expect.stringContaining('"auth" is missing') },
      { name: 'configuration', subject: `${file}:4:31`, message: expect.stringContaining('"grph" is no source.') },
      { name: 'configuration', subject: `${file}:5:1`, message: expect.stringContaining('Unknown key "rulez".') },
      { name: 'configuration', subject: `${file}:8:30` },
      { name: 'configuration', subject: `${file}:12:14`, message: expect.stringContaining('"level"') },
    ]);
    const good = checks.filter((check) => check.ok).map(({ name, subject }) => `${name} ${subject}`);
    expect(good).toEqual(
      expect.arrayContaining([`state ${join(folder, 'state.db')}`, 'rules 1 rule', 'quota cloud', 'stdout screen']),
    );
    expect(good.filter((one) => /soar|odd|token|login/.test(one))).toEqual([]);
    expect(exitCode).toBe(2);
  });

  it('leads to the first of them', async () => {
    const { out } = await examineText(WRONG);
    expect(out).toContain('FAIL configuration huntwire.yaml:5:1: Unknown key "rulez".');
    expect(out).toContain('\nNext: huntwire.yaml:3:78: Correct this; what is refused is not tried until then.');
  });

  it('asks nobody where it is not known whose secret is missing', async () => {
    const text = WRONG.replace('{tenantId: t}', '{tenantId: t, clientId: c, clientSecret: "${env:HUNTWIRE_SECRET}"}');
    const { out } = await examineText(text);
    expect(out).toContain('FAIL secret        huntwire.yaml:3: The environment variable HUNTWIRE_SECRET is not set.');
    expect(out).toContain('ok   quota         cloud');
    expect(out).not.toMatch(/token|login/);
  });

  it('sends no credentials to where the configuration refuses to', async () => {
    const text = WRONG.replace('{tenantId: t}', '{tenantId: t, clientId: c, clientSecret: s}').replace(
      'http://127.0.0.1:1',
      'http://graph.example',
    );
    const { out } = await examineText(text);
    expect(out).toContain('FAIL configuration huntwire.yaml:3:');
    expect(out).not.toMatch(/token|login|dns|quota +cloud/);
  });

  it('stops only where nothing can be read', async () => {
    expect(await examineText('targets: [')).toMatchObject({ exitCode: 2, out: '' });
    expect(await examineText('')).toMatchObject({ exitCode: 2, out: '' });
    expect(await examineText('[1]')).toMatchObject({ exitCode: 2, out: '' });
  });
});
