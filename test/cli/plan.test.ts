import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCli } from '../../src/cli/cli.ts';
import { doctor } from '../../src/cli/doctor.ts';
import { plan } from '../../src/cli/plan.ts';
import { ruleText } from '../rules/rule-text.ts';
import { createFakeWorld } from './fake-world.ts';

const CONFIG = `source: {api: graph, limits: {callsPerMinute: 40, callsPerHour: 100}}
auth: {tenantId: t, clientId: c, clientSecret: "\${env:NOT_SET}"}
rules: [rules/]
targets: {soar: {type: stdout}}
defaultTargets: [soar]
`;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'plan-test-'));
  mkdirSync(join(folder, 'sub/rules'), { recursive: true });
  write('huntwire.yaml', CONFIG);
  write('rules/a.yaml', ruleText({ id: 'a' }));
  write('rules/b.yaml', ruleText({ id: 'b' }));
  git('init', '-q', '-b', 'main');
  commit('first');
  write('rules/a.yaml', ruleText({ id: 'a', schedule: '{every: 1h}' }));
  write('rules/c.yaml', ruleText({ id: 'c', schedule: '{every: 30m}' }));
  rmSync(join(folder, 'sub/rules/b.yaml'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): void {
  writeFileSync(join(folder, 'sub', name), text);
}

function git(...words: readonly string[]): void {
  execFileSync('git', ['-C', folder, ...words], { stdio: 'ignore' });
}

function commit(message: string): void {
  git('add', '-A');
  git('-c', 'user.name=t', '-c', 'user.email=t@example.org', 'commit', '-q', '-m', message);
}

async function run(...words: readonly string[]) {
  const base = createFakeWorld(join(folder, 'sub'));
  const world = { ...base, env: { PATH: process.env.PATH } };
  const exitCode = await runCli(words, world, [plan, doctor]);
  return { exitCode, out: base.out(), err: base.err() };
}

const leftovers = (): readonly string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('huntwire-plan-'));

describe('plan', () => {
  it('tells each tenant in one document; no secret is needed', async () => {
    const { exitCode, out } = await run('plan', '--format', 'json');
    expect(exitCode).toBe(0);
    const { tenants, problems, comparison } = JSON.parse(out);
    expect(tenants).toMatchObject([
      { tenant: 'default', api: 'graph', callsPerDay: 74.143, callsPerHour: 3.089, runMinutes: null, fits: true },
    ]);
    expect(tenants[0].hours).toHaveLength(24);
    expect([problems, comparison]).toEqual([[], null]);
  });

  it('exits 4 where it does not fit, and doctor says the same', async () => {
    for (const name of ['d', 'e']) write(`rules/${name}.yaml`, ruleText({ id: name, schedule: '{every: 1m}' }));
    const planned = await run('plan', '--format', 'json');
    const examined = await run('doctor', '--offline', '--format', 'json');
    const text = await run('plan');
    const compared = await run('plan', '--compare', 'main');
    for (const name of ['d', 'e']) rmSync(join(folder, `sub/rules/${name}.yaml`));
    expect([planned.exitCode, text.exitCode, examined.exitCode]).toEqual([4, 4, 4]);
    const [problem] = JSON.parse(planned.out).problems;
    expect(problem).toMatchObject({ tenant: 'default', limit: 'callsPerHour' });
    const { checks } = JSON.parse(examined.out);
    expect(checks.find((one: { name: string }) => one.name === 'quota')).toMatchObject({
      ok: false,
      message: problem.message,
      fix: problem.fix,
    });
    expect(text.out).toContain('does not fit');
    expect([compared.exitCode, compared.out]).toEqual([4, expect.stringContaining('    fits no longer\n')]);
  });

  it('tells what was added, removed and changed since a commit, and leaves nothing behind', async () => {
    const before = leftovers();
    const { exitCode, out } = await run('plan', '--compare', 'main', '--format', 'json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(out).comparison).toMatchObject({
      ref: 'main',
      tenants: [
        {
          tenant: 'default',
          before: 192,
          after: 72,
          worstMinute: { before: expect.any(Number), after: expect.any(Number) },
          fits: { before: true, after: true },
          added: [{ rule: 'c', callsPerDay: 48 }],
          removed: [{ rule: 'b', callsPerDay: 96 }],
          changed: [{ rule: 'a', before: 96, callsPerDay: 24 }],
        },
      ],
    });
    const { out: text } = await run('plan', '--compare', 'main');
    expect(text).toContain('+ c  48 a day');
    expect(text).toMatch(/default: 192 -> 72 calls a day \(-120\), worst minute \d -> \d\n/);
    expect(leftovers()).toEqual(before);
  });

  it('tells a broken file and plans the others, and throws where nothing else is there', async () => {
    write('rules/bad.yaml', 'id: bad\nquery: [\n');
    const json = await run('plan', '--compare', 'main', '--format', 'json');
    const text = await run('plan');
    rmSync(join(folder, 'sub/rules/bad.yaml'));
    const { tenants, broken, comparison } = JSON.parse(json.out);
    expect([json.exitCode, text.exitCode]).toEqual([2, 2]);
    expect([tenants[0].callsPerDay, comparison.tenants[0].after]).toEqual([74.143, 72]);
    expect(broken[0]).toMatchObject({ file: expect.stringMatching(/bad\.yaml$/), code: 'RULE_INVALID' });
    for (const { err } of [json, text]) expect(err).toContain('left out: rules/bad.yaml:');
    expect(text.out).toContain('calls a day');
    write('only-bad.yaml', CONFIG.replace('rules/', 'none/'));
    mkdirSync(join(folder, 'sub/none'));
    write('none/bad.yaml', 'id: bad\nquery: [\n');
    const none = await run('plan', '--config', 'only-bad.yaml');
    for (const name of ['none', 'only-bad.yaml']) rmSync(join(folder, 'sub', name), { recursive: true });
    expect([none.exitCode, none.err]).toEqual([2, expect.stringContaining('bad.yaml')]);
  });

  it('tells what of the other side is left out', async () => {
    git('switch', '-q', '-c', 'broken', 'main');
    git('stash', '-q', '-u');
    write('rules/b.yaml', 'id: b\nquery: [\n');
    commit('broken');
    git('switch', '-q', 'main');
    git('stash', 'pop', '-q');
    const { exitCode, err } = await run('plan', '--compare', 'broken');
    expect([exitCode, err]).toEqual([0, expect.stringContaining('left out of broken: rules/b.yaml:3:1: ')]);
  });

  it.each(['--output=stolen', '-n', 'main; touch stolen', '$(touch stolen)', 'no-such', 'main:sub', ''])(
    'refuses %j as the name of a commit',
    async (ref) => {
      const { exitCode, err } = await run('plan', `--compare=${ref}`);
      expect(exitCode).toBe(2);
      expect(err).toContain('there is no commit');
      expect(existsSync(join(folder, 'sub/stolen'))).toBe(false);
    },
  );

  it('says so where a commit has no configuration, and where there is no repository', async () => {
    const made = (words: readonly string[]): string =>
      execFileSync('git', ['-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@example.org', ...words], {
        input: '',
      })
        .toString()
        .trim();
    const empty = made(['commit-tree', made(['mktree']), '-m', 'empty']);
    const { exitCode, err } = await run('plan', '--compare', empty);
    expect(exitCode).toBe(2);
    expect(err).toContain('There is no such file');
    const outside = mkdtempSync(join(tmpdir(), 'plan-outside-'));
    writeFileSync(join(outside, 'huntwire.yaml'), CONFIG.replace('rules/', join(folder, 'sub/rules')));
    const away = await run('plan', '--config', join(outside, 'huntwire.yaml'), '--compare', 'main');
    rmSync(outside, { recursive: true });
    expect(away.exitCode).toBe(2);
    expect(away.err).toContain('no git repository');
  });
});
