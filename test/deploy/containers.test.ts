import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { readConfig } from '../../src/cli/read-config.ts';
import { VERBS } from '../../src/cli/verbs.ts';
import { loadRules } from '../../src/rules/load-rules.ts';
import { createFakeWorld } from '../cli/fake-world.ts';
import { describeWith, rsyslogProblem } from '../e2e/receivers.ts';

const DEPLOY = join(import.meta.dirname, '../../deploy');
const text = (file: string): string => readFileSync(join(DEPLOY, file), 'utf8');

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'huntwire-deploy-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A configuration as it is deployed, with a secret where it has its own and rules where they lie here. */
function load(configuration: string, secret = 'x') {
  mkdirSync(join(folder, 'rules'));
  writeFileSync(join(folder, 'secret'), secret);
  const here = configuration
    .replaceAll(/\$\{file:[^}]+\}/g, `\${file:${join(folder, 'secret')}}`)
    .replace(/rules: \[[^\]]+\]/, 'rules: [rules/]');
  writeFileSync(join(folder, 'huntwire.yaml'), here);
  return readConfig(createFakeWorld(folder), 'huntwire.yaml');
}

describe('the Dockerfile', () => {
  const lines = text('Dockerfile').replaceAll('\\\n', ' ').split('\n');
  const lineOf = (word: string): string => lines.findLast((line) => line.startsWith(`${word} `)) ?? '';

  it('runs as a user by number that is not root, and writes to its state alone', () => {
    expect(lineOf('USER')).toMatch(/^USER [1-9]\d*:[1-9]\d*$/);
    expect(lineOf('VOLUME')).toBe('VOLUME /var/lib/huntwire');
  });

  it('checks its health by a verb and an option that there are', async () => {
    const [, health = '[]'] = /CMD (\[.*\])/.exec(lineOf('HEALTHCHECK')) ?? [];
    const [program, , main, verb, option] = JSON.parse(health) as readonly string[];
    expect([program, main, verb, option]).toEqual(['node', '/opt/huntwire/dist/main.js', 'status', '--check']);
    expect(VERBS.map(({ name }) => name)).toContain(verb);
  });

  it('is handed what the build needs and nothing else', () => {
    const through = text('Dockerfile.dockerignore').split('\n');
    expect(through[1]).toBe('*');
    const named = through.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    const project = join(DEPLOY, '..');
    for (const name of named) expect([name, spawnSync('test', ['-e', join(project, name)]).status]).toEqual([name, 0]);
    const { scripts } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as {
      scripts: { build: string };
    };
    const needed = scripts.build.match(/[\w.]+\.json|scripts(?=\/)/g) ?? [];
    expect(named).toEqual(expect.arrayContaining([...needed, 'package-lock.json', 'src']));
  });
});

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
}

describe('the manifests for Kubernetes', () => {
  const all = parseAllDocuments(text('kubernetes/huntwire.yaml')).map((one) => one.toJS() as Manifest);
  const one = (kind: string, name = 'huntwire'): Manifest | undefined =>
    all.find((manifest) => manifest.kind === kind && manifest.metadata.name === name);

  it('run one process, which has ended before the next begins, with few rights', () => {
    expect(one('Deployment')).toMatchObject({
      spec: {
        replicas: 1,
        strategy: { type: 'Recreate' },
        template: {
          spec: {
            automountServiceAccountToken: false,
            terminationGracePeriodSeconds: 30,
            securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
            containers: [
              {
                livenessProbe: { httpGet: { path: '/livez' } },
                readinessProbe: { httpGet: { path: '/readyz' } },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  readOnlyRootFilesystem: true,
                  capabilities: { drop: ['ALL'] },
                },
              },
            ],
          },
        },
      },
    });
    expect(one('NetworkPolicy')).toMatchObject({ spec: { policyTypes: ['Ingress', 'Egress'], ingress: [] } });
  });

  it('hold a configuration and rules that load, from the links that such volumes are made of', async () => {
    const config = load(one('ConfigMap', 'huntwire-config')?.data?.['huntwire.yaml'] ?? '');
    expect(config).toMatchObject({ state: { path: '/var/lib/huntwire/huntwire.db' }, http: { host: '0.0.0.0' } });
    const [rules] = config.tenants[0]?.rules ?? [];
    mkdirSync(join(folder, 'rules/..2026_11_27'));
    symlinkSync('..2026_11_27', join(folder, 'rules/..data'));
    for (const [name, rule] of Object.entries(one('ConfigMap', 'huntwire-rules')?.data ?? {})) {
      writeFileSync(join(folder, 'rules/..2026_11_27', name), rule);
      symlinkSync(`..data/${name}`, join(folder, 'rules', name));
    }
    const loaded = await loadRules([rules ?? '']);
    expect([loaded.problems, loaded.rules.map(({ id }) => id)]).toEqual([[], ['encoded-powershell']]);
  });
});

describe('the manifests of several replicas', () => {
  const all = parseAllDocuments(text('kubernetes/replicas.yaml')).map((one) => one.toJS() as Manifest);
  const one = (kind: string, name = 'huntwire'): Manifest | undefined =>
    all.find((manifest) => manifest.kind === kind && manifest.metadata.name === name);

  it('take one at a time away, need no disk, and reach the database', () => {
    expect(all.map(({ kind }) => kind)).not.toContain('PersistentVolumeClaim');
    expect(one('Deployment')).toMatchObject({
      spec: { replicas: 3, strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } } },
    });
    expect(one('PodDisruptionBudget')).toMatchObject({
      spec: { maxUnavailable: 1, selector: { matchLabels: { 'app.kubernetes.io/name': 'huntwire' } } },
    });
    expect(JSON.stringify(one('NetworkPolicy'))).toContain('5432');
  });

  it('hold a configuration that loads, with its state in a database', () => {
    const config = load(
      one('ConfigMap', 'huntwire-config')?.data?.['huntwire.yaml'] ?? '',
      'postgres://h@db.example/h',
    );
    expect(config).toMatchObject({ state: { url: expect.anything() }, http: { host: '0.0.0.0' } });
  });
});

describe('the compose file', () => {
  it('gives the program a root that cannot be written, no rights, and time to stop', () => {
    const { services } = parse(text('compose/compose.yaml')) as { services: Readonly<Record<string, unknown>> };
    expect(services.huntwire).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      stop_grace_period: '30s',
    });
  });

  it('mounts a configuration that loads', () => {
    expect([...load(text('compose/huntwire.yaml')).targets.keys()]).toEqual(['siem']);
  });
});

describeWith(rsyslogProblem(['imtcp']), "the compose file's receiver", () => {
  it('is configured as rsyslog has it', () => {
    const { status, stderr } = spawnSync('rsyslogd', ['-N1', '-f', join(DEPLOY, 'compose/rsyslog.conf')], {
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, expect.not.stringContaining('error')]);
  });
});
