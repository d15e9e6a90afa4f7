import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { CLI_CLIENT, type CliServer, startCliServer } from './cli-server.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const MAIN = join(ROOT, 'dist/main.js');

interface Step {
  readonly name?: string;
  readonly run?: string;
  readonly uses?: string;
  readonly env?: Readonly<Record<string, string>>;
}

let folder = '';
let repository = '';
let server: CliServer;

/**
 * `npx --no-install huntwire …` and the program beside action.yml are this process's command line, and `gh` is not to be had; with
 * `built/` before it in the PATH, `npx` starts what was built.
 */
function writeShims(): void {
  const npx = (script: string) => `#!/bin/sh\nshift 2\nexec "${process.execPath}" "${script}" "$@"\n`;
  for (const name of ['bin', 'built', 'action/dist']) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, 'bin/npx'), npx(CLI_CLIENT), { mode: 0o755 });
  writeFileSync(join(folder, 'built/npx'), npx(MAIN), { mode: 0o755 });
  writeFileSync(join(folder, 'bin/gh'), '#!/bin/sh\necho "$@" >> ../gh.log\n', { mode: 0o755 });
  writeFileSync(join(folder, 'action/dist/main.js'), `import(${JSON.stringify(CLI_CLIENT)});\n`);
}

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

async function bash(script: string, more: Readonly<Record<string, string>> = {}, bins = ['bin']): Promise<Ended> {
  const path = [...bins.map((name) => join(folder, name)), process.env.PATH].join(delimiter);
  const env = { PATH: path, HOME: folder, CLI_SERVER_PORT: String(server.port), ...more };
  const child = spawn('bash', ['-e', '-o', 'pipefail', '-c', script], { cwd: repository, env, stdio: 'pipe' });
  child.stdin.end();
  const [out, err, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { status, out, err };
}

const withBuilt = (script: string) => bash(script, {}, ['built', 'bin']);

beforeAll(async () => {
  server = await startCliServer();
  folder = mkdtempSync(join(tmpdir(), 'rule-repository-'));
  repository = join(folder, 'mine');
  execFileSync(process.execPath, [MAIN, 'init', '--repository', 'mine'], { cwd: folder });
  writeShims();
  const git = 'git -c user.name=t -c user.email=t@example.org';
  await bash(
    `git init -q -b main && ${git} add -A && ${git} commit -qm first && git update-ref refs/remotes/origin/main HEAD`,
  );
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const read = (name: string): string => readFileSync(join(repository, name), 'utf8');

describe('init --repository', () => {
  it('writes what lint has nothing to say against', async () => {
    const { status, out } = await bash('npx --no-install huntwire lint --strict');
    expect([status, out]).toEqual([0, '2 files, 2 rules: 0 errors, 0 warnings.\n']);
  });

  it('has a workflow whose own steps pass, in their order', async () => {
    const { jobs } = parse(read('.github/workflows/rules.yml'));
    const steps = (jobs.rules.steps as readonly Step[]).filter(({ run = '' }) => run !== '' && !run.startsWith('npm '));
    expect(steps.map(({ name }) => name)).toEqual([
      'Lint',
      'Test',
      'Findings for code scanning',
      'Plan',
      'Comment with the plan',
    ]);
    for (const { run = '', name } of steps)
      expect([name, await bash(run, { GITHUB_BASE_REF: 'main', NUMBER: '7' })]).toEqual([
        name,
        expect.objectContaining({ status: 0 }),
      ]);
    expect(JSON.parse(read('huntwire.sarif')).version).toBe('2.1.0');
    expect(read('comment.md')).toContain('    compared with origin/main');
    expect(readFileSync(join(folder, 'gh.log'), 'utf8')).toContain('pr comment 7 --edit-last');
    expect((await bash('git status --porcelain')).out).toBe('');
  });

  it('puts nothing of others into a script of the workflow', () => {
    const { jobs } = parse(read('.github/workflows/rules.yml'));
    for (const { run = '' } of jobs.rules.steps as readonly Step[]) expect(run).not.toContain('${{');
  });

  it('has a hook that passes, and that stops a commit with a broken rule', async () => {
    expect(statSync(join(repository, '.githooks/pre-commit')).mode & 0o111).not.toBe(0);
    expect((await withBuilt('.githooks/pre-commit')).status).toBe(0);
    const rule = read('rules/encoded-powershell.yaml');
    writeFileSync(
      join(repository, 'rules/encoded-powershell.yaml'),
      rule.replace('medium\nversion', 'middle\nversion'),
    );
    expect((await bash('.githooks/pre-commit')).status).not.toBe(0);
    writeFileSync(join(repository, 'rules/encoded-powershell.yaml'), rule);
  });

  it('names schemas that the package has', () => {
    const schemas = Object.keys(JSON.parse(read('.vscode/settings.json'))['yaml.schemas']);
    const missing = schemas.filter((path) => !existsSync(join(ROOT, path.replace('./node_modules/huntwire/', ''))));
    expect(missing).toEqual([]);
    expect(schemas).toHaveLength(5);
  });

  it('does not go together with --demo', async () => {
    expect((await bash('npx --no-install huntwire init --repository --demo other')).status).toBe(2);
  });
});

describe('action.yml', () => {
  const { inputs, runs } = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8'));
  const steps = (runs.steps as readonly Step[]).filter(({ run }) => run !== undefined);

  /** The variables of a step, with the inputs in their places. */
  function variables({ env = {} }: Step, given: Readonly<Record<string, string>>): Record<string, string> {
    const filled = Object.entries(env).map(([name, text]) => [
      name,
      text.replace(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_, input: string) => given[input] ?? inputs[input].default),
    ]);
    return { GITHUB_ACTION_PATH: join(folder, 'action'), ...Object.fromEntries(filled) };
  }
  async function runAll(given: Readonly<Record<string, string>> = {}) {
    const ended: [string | undefined, number | null][] = [];
    for (const step of steps) ended.push([step.name, (await bash(step.run ?? '', variables(step, given))).status]);
    return ended;
  }

  it('lints, tests and writes SARIF', async () => {
    expect(await runAll({ sarif: 'own.sarif' })).toEqual([
      ['Build', 0],
      ['Findings as SARIF', 0],
      ['Lint', 0],
      ['Test', 0],
    ]);
    expect(JSON.parse(read('own.sarif')).runs[0].tool.driver.name).toBe('Huntwire');
    rmSync(join(repository, 'own.sarif'));
  });

  it('takes paths by line, whatever they are called, and fails where lint or a test does', async () => {
    mkdirSync(join(repository, 'other rules'));
    const bad = read('rules/encoded-powershell.yaml').replace('FileName in~', 'FileNam in~');
    writeFileSync(join(repository, 'other rules/a $(touch stolen).yaml'), bad);
    expect((await runAll({ paths: 'other rules\n\n', sarif: 'own.sarif' })).slice(1)).toEqual([
      ['Findings as SARIF', 0],
      ['Lint', 1],
      ['Test', 1],
    ]);
    const { results } = JSON.parse(read('own.sarif')).runs[0];
    expect(results.map(({ level }: { level: string }) => level)).toContain('error');
    expect(existsSync(join(repository, 'stolen'))).toBe(false);
    for (const name of ['other rules', 'own.sarif']) rmSync(join(repository, name), { recursive: true });
  });

  it('names files from the top of the checkout on, wherever the rules lie in it', async () => {
    const bad = read('rules/encoded-powershell.yaml').replace('FileName in~', 'FileNam in~');
    writeFileSync(join(repository, 'rules/bad.yaml'), bad.replace('id: encoded', 'id: bad-encoded'));
    const [, sarif, lint] = steps;
    const within = { GITHUB_WORKSPACE: folder };
    const told: string[] = [];
    for (const step of [sarif, lint])
      if (step) told.push((await bash(step.run ?? '', { ...variables(step, {}), ...within })).out);
    expect(told[1]).toContain('::error file=mine/rules/bad.yaml,');
    const [{ results }] = JSON.parse(read('huntwire.sarif')).runs;
    const uris = results.map(
      (one: { locations: readonly { physicalLocation: { artifactLocation: { uri: string } } }[] }) =>
        one.locations.map(({ physicalLocation }) => physicalLocation.artifactLocation.uri),
    );
    expect(new Set(uris.flat())).toEqual(new Set(['mine/rules/bad.yaml']));
    for (const name of ['rules/bad.yaml', 'huntwire.sarif']) rmSync(join(repository, name));
  });

  it('hands inputs to scripts as variables only', () => {
    for (const { run = '' } of steps) expect(run).not.toContain('${{');
  });
});
