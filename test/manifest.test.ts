import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { runCli } from '../src/cli/cli.ts';
import { EXIT } from '../src/cli/exit-codes.ts';
import type { World } from '../src/cli/terminal/world.ts';
import { verbsFor } from '../src/cli/verbs.ts';
import { loadConfig } from '../src/config/load-config.ts';
import { FORMATS } from '../src/formats/registry.ts';
import { createFastClock } from '../src/lib/clock.ts';
import { authSchema } from '../src/sources/auth/auth-config.ts';
import { SOURCES } from '../src/sources/registry.ts';
import { TARGETS } from '../src/targets/registry.ts';

const root = resolve(import.meta.dirname, '..');
const read = (name: string) => JSON.parse(readFileSync(join(root, name), 'utf8'));
const manifest = read('manifest.json');
const packageJson = read('package.json');
const registries = { sources: SOURCES, targets: TARGETS, formats: FORMATS, auth: authSchema };

interface Action {
  readonly slug: string;
  readonly command: readonly string[];
  readonly docker_parameters: string;
  readonly arguments: { readonly properties: Readonly<Record<string, { readonly 'x-cli': string }>> };
  readonly results: object;
}
const items: readonly Action[] = [...manifest.actions, ...manifest.triggers];

function withFormats(ajv: Ajv): Ajv {
  (addFormats as unknown as (ajv: Ajv) => void)(ajv);
  return ajv;
}

describe('manifest.json', () => {
  it('is what package.json says', () => {
    const { name, version, description, license } = packageJson;
    expect([manifest.slug, manifest.version, manifest.description, manifest.license]).toEqual([
      name,
      version,
      description,
      license,
    ]);
    expect(manifest.runtime.node).toBe(packageJson.engines.node);
    expect({ [manifest.runtime.bin]: manifest.runtime.entrypoint }).toEqual(packageJson.bin);
    expect(Object.keys(manifest.runtime.exit_codes)).toEqual(Object.values(EXIT).map(String));
  });

  it('has the files that it names', () => {
    for (const path of [...Object.values<string>(manifest.schemas), manifest.changelog, manifest.documentation]) {
      expect(readFileSync(join(root, path), 'utf8').length).toBeGreaterThan(0);
    }
  });

  it('gives every part an id and a name of its own', () => {
    const ids = [manifest, ...items].map((one) => one.uuid);
    expect(new Set(ids).size).toBe(ids.length);
    expect(items.map((one) => one.docker_parameters)).toEqual(items.map((one) => one.slug));
  });
});

describe('the configuration', () => {
  const { secrets, ...schema } = manifest.configuration;
  const validate = withFormats(new Ajv({ strict: false }))
    .addFormat('password', true)
    .compile(schema);
  const filled = {
    source: { api: 'graph', cloud: 'gcchigh' },
    auth: { tenantId: 'contoso.example', clientId: 'an-id', clientSecret: 'hush' },
    rules: ['rules/'],
    targets: { soar: { type: 'webhook', url: 'https://soar.example/hook', auth: { bearer: 'hush' } } },
    defaultTargets: ['soar'],
  };

  it('marks the secrets', () => {
    expect(secrets).toEqual(expect.arrayContaining(['auth.clientSecret', 'auth.passphrase', 'targets.*.auth.bearer']));
    expect(JSON.stringify(schema).match(/"format":"password"/g)?.length).toBe(
      JSON.stringify(schema).match(/"writeOnly":true/g)?.length,
    );
  });

  it('filled in by a host, is a configuration that loads', () => {
    expect(validate(filled)).toBe(true);
    const config = loadConfig('/etc/huntwire.yaml', { registries, env: {}, readFile: () => JSON.stringify(filled) });
    expect(config.tenants[0]?.source.cloud).toBe('gcchigh');
  });

  it.each([
    [{ ...filled, source: { api: 'graph', cloud: 'moon' } }],
    [{ ...filled, tenants: [] }],
    [{ ...filled, targets: { soar: { type: 'webhook' } } }],
  ])('refuses what would not load: %j', (wrong) => {
    expect(validate(wrong)).toBe(false);
  });
});

describe('the documents of the actions', () => {
  const NOON = Date.UTC(2026, 0, 1, 12);
  const clock = createFastClock(NOON, 1);
  let folder = '';
  let server: Server;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'huntwire-manifest-'));
    server = createServer((request, response) => {
      request.resume().on('end', () => response.writeHead(400).end('no such queue'));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    mkdirSync(join(folder, 'events'));
    const at = new Date(NOON - 20 * 60_000).toISOString();
    const event = {
      Timestamp: at,
      _ingested: at,
      FileName: 'powershell.exe',
      DeviceName: 'pc1',
      DeviceId: 'd1',
      ReportId: 1,
    };
    writeFileSync(join(folder, 'events/DeviceProcessEvents.jsonl'), `${JSON.stringify(event)}\n`);
    writeFileSync(join(folder, 'rule.yaml'), RULE);
    const config = {
      source: { api: 'local', path: 'events' },
      rules: ['rule.yaml'],
      targets: {
        soar: { type: 'webhook', url: `http://127.0.0.1:${port}/` },
        copy: { type: 'file', path: 'alerts.jsonl' },
      },
      defaultTargets: ['soar', 'copy'],
      health: { targets: ['copy'] },
      log: { level: 'error' },
    };
    writeFileSync(join(folder, 'huntwire.yaml'), JSON.stringify(config));
  });

  afterAll(async () => {
    await new Promise((done) => server.close(done));
    rmSync(folder, { recursive: true, force: true });
  });

  const ajv = withFormats(new Ajv({ strict: false, allErrors: true }));
  ajv.addSchema({ type: 'object', required: ['id', 'revision'] }, 'schemas/alert.schema.json');

  async function perform(slug: string, ...given: readonly string[]) {
    const item = items.find((one) => one.slug === slug);
    if (!item) throw new Error(`There is no action ${slug}.`);
    const out: string[] = [];
    const errors: string[] = [];
    const world: World = {
      stdout: { write: (text) => void out.push(text), isTTY: false, columns: 100 },
      stderr: { write: (text) => void errors.push(text), isTTY: false, columns: 100 },
      env: {},
      cwd: folder,
      clock,
      random: () => 0.5,
      signal: new AbortController().signal,
    };
    const argv = [...item.command.slice(1), ...given];
    const exitCode = await runCli(argv, world, await verbsFor(argv));
    const validate = ajv.compile(item.results);
    const document = JSON.parse(out.join('') || JSON.stringify({ nothing: errors.join('') }));
    return { exitCode, document, errors: validate(document) ? [] : validate.errors };
  }

  it('keep to their schemas', async () => {
    const done = {
      query: await perform('run_query', 'DeviceProcessEvents | project FileName', '--data', 'events'),
      lint: await perform('validate_rules'),
      test: await perform('test_rules'),
      backtest: await perform('backtest_rule', 'powershell-started', '--from', '2h', '--compare', 'powershell-started'),
      doctor: await perform('test_connection'),
      dry: await perform('run_rule', '--dry-run'),
      once: await perform('run_rule', '--wait', '0s'),
      sent: await perform('send_test_alert', 'soar'),
      status: await perform('get_status'),
      list: await perform('list_dead_letters'),
    };
    const [{ id }] = done.list.document.entries;
    const more = {
      show: await perform('show_dead_letter', String(id)),
      replay: await perform('replay_dead_letter', String(id)),
      drop: await perform('drop_dead_letter', '--all'),
    };
    const all = { ...done, ...more };
    expect(
      Object.entries(all).flatMap(([name, { errors }]) => (errors ?? []).map((error) => ({ name, error }))),
    ).toEqual([]);
    expect(Object.fromEntries(Object.entries(all).map(([name, { exitCode }]) => [name, exitCode]))).toEqual({
      query: 0,
      lint: 0,
      test: 0,
      backtest: 0,
      doctor: 0,
      dry: 0,
      once: 5,
      sent: 5,
      status: 0,
      list: 0,
      show: 0,
      replay: 0,
      drop: 1,
    });
    expect(done.backtest.document.result.alerts).toBe(1);
    expect(done.query.document.rows).toEqual([{ FileName: 'powershell.exe' }]);
    expect([done.dry.document.alerts.length, done.once.document.runs[0].alerts]).toEqual([1, 1]);
    expect([done.test.document.passed, more.replay.document.replayed, more.drop.document.dropped]).toEqual([1, 1, 0]);
  });
});

const RULE = `
id: powershell-started
name: PowerShell started
severity: low
attack: [T1059.001]
query: DeviceProcessEvents | where FileName =~ "powershell.exe"
schedule: {every: 15m}
tests:
  - name: it is told
    tables: {DeviceProcessEvents: [{FileName: powershell.exe, DeviceName: pc1}]}
    alerts: [{severity: low}]
`;
