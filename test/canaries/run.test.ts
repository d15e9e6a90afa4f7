import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { runCli } from '../../src/cli/cli.ts';
import { VERBS } from '../../src/cli/verbs.ts';
import { createFakeWorld } from '../cli/fake-world.ts';
import { WORDS } from './config-of.ts';
import { startEcho } from './echo.ts';
import { type SecretField, secretFields, type WriteSecret } from './secret-fields.ts';

let folder = '';
let echo: Awaited<ReturnType<typeof startEcho>>;
let fields: readonly SecretField[] = [];
const shown = new Map<string, string>();

const RULE = 'id: one\nname: One\nseverity: high\nquery: DeviceEvents\nschedule: {every: 1h}\n';
const EVENT = { DeviceName: 'pc1', ReportId: 1, ActionType: 'Logon' };

/** What is printed of what happened. */
const LOOKS = [
  'status',
  'status --format json',
  'dlq list --format json',
  'audit --format json',
  'explain one --tenant here --at now',
  'report --since 1d --format json',
];

function fieldsOf(section: string): readonly SecretField[] {
  return fields.filter(({ name }) => name.startsWith(`${section}.`));
}

function targetsOf() {
  // A passphrase is never sent: that configurations hide it is enough.
  const sent = fieldsOf('targets').filter(({ name }) => !name.endsWith('.tls.passphrase'));
  return sent.map((field, index) => ({ ...field, target: `out-${index}` }));
}

/** Every target with a secret, and a tenant with a client secret, with the echo behind all of them. */
function configure(): void {
  const base = `http://127.0.0.1:${echo.port}`;
  const credentials = fields.find(({ name }) => name === 'auth.clientSecret')?.settings;
  const auth = { tenantId: 't', clientId: 'c', authority: `${base}/t`, ...credentials };
  const targets = targetsOf().map(({ target, settings }) => [target, settings] as const);
  writeFileSync(
    join(folder, 'huntwire.yaml'),
    JSON.stringify({
      tenants: [
        { name: 'here', source: { api: 'local', path: 'data' } },
        { name: 'refused', source: { api: 'graph', baseUrl: base }, auth },
      ],
      rules: ['rules/'],
      targets: { ...Object.fromEntries(targets), quiet: { type: 'file', path: 'health.jsonl' } },
      health: { targets: ['quiet'] },
      defaultTargets: targets.map(([name]) => name),
      ...Object.fromEntries(['redact', 'http', 'metrics'].map((name) => [name, fieldsOf(name)[0]?.settings])),
      events: { path: 'events.jsonl' },
      state: { path: 'state.db' },
      log: { level: 'debug', format: 'json' },
    }),
  );
}

async function run(...argv: string[]): Promise<void> {
  const world = createFakeWorld(folder);
  const verb = await VERBS.find(({ name }) => name === argv[0])?.load();
  const code = await runCli(argv, world, verb ? [verb] : []);
  shown.set(argv.join(' '), `exit ${code}\n${world.out()}\n${world.err()}`);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'huntwire-canaries-'));
  echo = await startEcho();
  const base = `http://127.0.0.1:${echo.port}`;
  const words = { ...WORDS, host: '127.0.0.1', tokenUrl: `${base}/token`, endpoint: base, otlp: base, cluster: base };
  const write: WriteSecret = (key, { pattern }, canary) => {
    if (!String(pattern ?? '').includes('http')) return canary;
    return key === 'proxy' ? `http://user:${canary}@127.0.0.1:${echo.port}` : `${base}/hooks/${canary}`;
  };
  fields = secretFields(words, write);
  for (const name of ['rules', 'data']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'rules', 'one.yaml'), RULE);
  const at = new Date(Date.now() - 30 * 60_000).toISOString();
  const event = { Timestamp: at, _ingested: at, ...EVENT };
  writeFileSync(join(folder, 'data', 'DeviceEvents.jsonl'), `${JSON.stringify(event)}\n`);
  configure();
  await run('once', '--wait', '1ms');
  const template = targetsOf().find(({ name }) => name.includes('template'))?.target ?? '';
  for (const line of [...LOOKS, `render ${template}`]) await run(...line.split(' '));
});

afterAll(async () => {
  await echo.close();
  rmSync(folder, { recursive: true });
});

/** What this does not reach, with the reason. */
const NOT_SENT: readonly (readonly [field: RegExp, why: string])[] = [
  [/^source\..*proxy$/, 'goes to other machines alone; test/sources has proxies'],
  [/^targets\.pagerduty\.(?!url)/, 'the address of its events is checked first'],
  [/^targets\.(email|syslog)\./, 'no HTTP'],
  [/\.passphrase$/, 'opens a file here'],
  [/^(redact|http|metrics|state)\b/, 'not sent, or not by this verb'],
];

it('secrets of every target over HTTP were sent, and said back', () => {
  const sent = echo.seen.join('\n');
  const missing = fields.filter(({ canaries }) => !canaries.some((canary) => sent.includes(canary)));
  expect(missing.map(({ name }) => name).filter((name) => !NOT_SENT.some(([field]) => field.test(name)))).toEqual([]);
  expect(shown.get('once --wait 1ms')).toContain('gave no token. Check auth. It said:');
});

it('no file of ours and nothing that a verb prints holds a secret', () => {
  const files = ['state.db', 'state.db-wal', 'events.jsonl', 'health.jsonl'].filter((name) =>
    readdirSync(folder).includes(name),
  );
  const texts = [...shown, ...files.map((name) => [name, readFileSync(join(folder, name), 'latin1')] as const)];
  const forms = fields.flatMap(({ name, canaries }) =>
    canaries.flatMap((canary) => [canary, base64(`user:${canary}`)].map((form) => [name, form] as const)),
  );
  const found = texts.flatMap(([place, text]) =>
    forms.flatMap(([name, form]) => (text.includes(form) ? [`${name} in ${place}`] : [])),
  );
  expect(files).toContain('state.db');
  expect([...shown.values()].filter((text) => text.startsWith('exit 2'))).toEqual([]);
  expect(found).toEqual([]);
});

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64').replace(/=+$/, '');
}
