import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import Database from 'libsql';
import type { CheckResult } from '../../src/lib/check-result.ts';
import { takeRunnerLock } from '../../src/state/runner-lock.ts';
import { configText, documentOf, type Ended, eventOf, openStage, ruleText, type Stage } from './stage.ts';

let stages: Stage[] = [];
let undo: (() => void)[] = [];
afterEach(async () => {
  for (const one of undo) one();
  undo = [];
  await Promise.all(stages.map((stage) => stage.close()));
  stages = [];
});

async function stageOf(): Promise<Stage> {
  const stage = await openStage({ events: [eventOf('one', 1)] });
  stages.push(stage);
  stage.write('huntwire.yaml', configText(stage));
  stage.write('rules/one.yaml', ruleText('one'));
  return stage;
}

interface Failure {
  readonly code: string;
  readonly message: string;
  readonly problems: readonly { file: string; line: number; column: number; code: string; message: string }[];
}

function failureOf(ended: Ended): Failure {
  const document = documentOf(ended);
  expect(Object.keys(document)).toEqual(['error']);
  return document.error as Failure;
}

function nothingStarted(stage: Stage): void {
  expect(existsSync(join(stage.folder, 'state.db'))).toBe(false);
  expect([stage.emulator.seen, stage.emulator.tokens(), stage.receiver.received]).toEqual([[], 0, []]);
}

describe('what is wrong is told all at once, with its places, and nothing is started', () => {
  it('in rules', async () => {
    const stage = await stageOf();
    stage.write(
      'rules/two.yaml',
      ruleText('two').replace('severity: high', 'severity: huge').replace('name:', 'nmae:'),
    );
    stage.write('rules/three.yaml', ruleText('three', 'targets: [nobody]'));
    const ended = await stage.cli('once', '--format', 'json');
    const { code, problems } = failureOf(ended);
    expect([ended.code, code]).toEqual([2, 'RULE_INVALID']);
    const places = problems.map((one) => `${one.file.split('/').at(-1)}:${one.line}`);
    expect(places).toEqual(expect.arrayContaining(['two.yaml:3', 'two.yaml:5', 'three.yaml:12']));
    for (const one of problems) expect(one).toMatchObject({ column: expect.any(Number), message: expect.any(String) });
    nothingStarted(stage);
  });

  it('in a query, which the analysis refuses', async () => {
    const stage = await stageOf();
    stage.write('rules/one.yaml', ruleText('one').replace('query: DeviceEvents', 'query: search "x"'));
    const ended = await stage.cli('once', '--format', 'json');
    const { code, problems } = failureOf(ended);
    expect([ended.code, code, problems[0]?.code, problems[0]?.line]).toEqual([
      2,
      'RULE_INVALID',
      'KQL_WINDOW_REFUSED',
      9,
    ]);
    expect([stage.emulator.seen, stage.receiver.received]).toEqual([[], []]);
  });

  it('in the configuration', async () => {
    const stage = await stageOf();
    const text = configText(stage).replace('type: webhook', 'type: webhok').replace('state:', 'sate:');
    stage.write('huntwire.yaml', text);
    for (const verb of ['once', 'status']) {
      const ended = await stage.cli(verb, '--format', 'json');
      const { code, problems } = failureOf(ended);
      expect([ended.code, code]).toEqual([2, 'CONFIG_INVALID']);
      expect(problems.length).toBeGreaterThanOrEqual(2);
      for (const one of problems) expect([one.line > 0, one.column > 0]).toEqual([true, true]);
    }
    const examined = await stage.cli('doctor', '--offline', '--format', 'json');
    const { checks } = JSON.parse(examined.stdout) as { readonly checks: readonly CheckResult[] };
    const wrong = checks.filter(({ name, ok }) => name === 'configuration' && !ok);
    expect([examined.code, wrong.map(({ subject }) => /huntwire\.yaml:\d+:\d+$/.test(subject))]).toEqual([
      2,
      [true, true],
    ]);
    nothingStarted(stage);
  });

  it('in a configuration that is not there, and on the command line', async () => {
    const stage = await stageOf();
    const missing = await stage.cli('once', '--config', 'nowhere.yaml', '--format', 'json');
    expect([missing.code, failureOf(missing).message]).toEqual([2, expect.stringContaining('nowhere.yaml')]);
    const option = await stage.cli('once', '--format', 'json', '--no-such-option');
    expect([option.code, failureOf(option).code]).toEqual([2, 'USAGE']);
    const format = await stage.cli('once', '--format', 'xml');
    expect([format.code, format.stdout]).toEqual([2, '']);
    const wait = await stage.cli('once', '--wait', 'soon', '--format', 'json');
    expect([wait.code, failureOf(wait).message]).toEqual([2, expect.stringContaining('--wait')]);
    nothingStarted(stage);
  });

  it('in a secret that cannot be read', async () => {
    const stage = await stageOf();
    const folder = stage.write('secrets/in-here', 'x').replace('/in-here', '');
    const secret = `clientSecret: "\${file:${folder}}"`;
    stage.write('huntwire.yaml', configText(stage).replace(/clientSecret: .*/, secret));
    const ended = await stage.cli('once', '--format', 'json');
    expect([ended.code, ['CONFIG_INVALID', 'CONFIG_SECRET_UNREADABLE'].includes(failureOf(ended).code)]).toEqual([
      2,
      true,
    ]);
    expect(ended.stdout).toContain(folder);
    nothingStarted(stage);
  });
});

describe('the state file', () => {
  it('belongs to one runner: the second exits 2 and names the file, readers do not mind', async () => {
    const stage = await stageOf();
    await stage.cli('once');
    const lock = takeRunnerLock(join(stage.folder, 'state.db'));
    undo.push(() => lock.release());
    const ended = await stage.cli('once', '--format', 'json');
    expect([ended.code, failureOf(ended)]).toEqual([
      2,
      expect.objectContaining({ code: 'STATE_LOCKED', message: expect.stringContaining('state.db.lock') }),
    ]);
    for (const argv of [['status'], ['dlq', 'list'], ['doctor']]) expect((await stage.cli(...argv)).code).toBe(0);
  });

  it('that is no database, or in a place that cannot be written, is exit code 5 and named', async () => {
    const stage = await stageOf();
    stage.write('state.db', 'this is no database, and long enough to be looked at as if it were one. '.repeat(20));
    const damaged = await stage.cli('once', '--format', 'json');
    expect([damaged.code, failureOf(damaged)]).toEqual([
      5,
      expect.objectContaining({ code: 'STATE_FAILED', message: expect.stringContaining('state.db') }),
    ]);
    expect(stage.emulator.seen).toEqual([]);
  });

  it('on a full disk ends the run with STATE_FULL; nothing is lost and the next run tells the hit once', async () => {
    const stage = await stageOf();
    await stage.cli('once', '--rule', 'one');
    stage.write('rules/two.yaml', ruleText('two').replace('"two"', '"one"'));
    fillDisk();
    const full = await stage.cli('once', '--format', 'json', '--rule', 'two');
    expect([full.code, failureOf(full).code]).toEqual([5, 'STATE_FULL']);
    for (const one of undo.splice(0)) one();
    expect((await stage.cli('once')).code).toBe(0);
    const told = stage.alerts().filter((alert) => alert.rule.id === 'two');
    expect(told).toHaveLength(1);
  });

  /** SQLite takes every commit for one on a full disk. */
  function fillDisk(): void {
    const { exec } = Database.prototype;
    Database.prototype.exec = function execOnFullDisk(text: string) {
      if (text === 'COMMIT') throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
      return exec.call(this, text);
    };
    undo.push(() => {
      Database.prototype.exec = exec;
    });
  }
});

describe('init', () => {
  it('writes files with which lint and test are content, and overwrites none', async () => {
    const stage = await openStage();
    stages.push(stage);
    expect((await stage.cli('init')).code).toBe(0);
    const lint = await stage.cli('lint', '--format', 'json');
    expect([lint.code, documentOf(lint)]).toEqual([
      0,
      { files: 1, rules: 1, findings: [], errors: 0, warnings: 0, infos: 0, passed: true },
    ]);
    const test = await stage.cli('test', '--format', 'json');
    expect([test.code, documentOf(test)]).toMatchObject([0, { passed: 2, failed: 0 }]);
    const again = await stage.cli('init');
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('huntwire.yaml')]);
    expect((await stage.cli('init', '--force')).code).toBe(0);
    chmodSync(join(stage.folder, 'huntwire.yaml'), 0o600);
    const unset = await stage.cli('once', '--format', 'json');
    expect([unset.code, failureOf(unset).message]).toEqual([2, expect.stringContaining('HUNTWIRE_TENANT_ID')]);
  });
});
