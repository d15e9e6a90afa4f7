import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join, resolve as resolvePath } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Alert } from '../../src/alerts/alert.ts';
import { tries } from '../tries.ts';
import { configText, documentOf, eventOf, MINUTE, openStage, ruleText, type Stage } from './stage.ts';

/** Worker threads and child processes need compiled code; `npm test` builds it first. */
const MAIN = resolvePath(process.env.HUNTWIRE_DIST ?? 'dist', 'main.js');
const KILLS = tries(1, 3);
const HITS = 20;

let stage: Stage | null = null;
const children = new Set<ChildProcess>();
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
  await stage?.close();
  stage = null;
});

interface Life {
  child: ChildProcess | null;
  requests: number;
  /** The request that is answered by a kill; 0: none. */
  fatalRequest: number;
}

/** One process from its start to its end: exit code and signal. */
async function live(here: Stage, life: Life, fatalRequest: number): Promise<unknown[]> {
  const env = { ...process.env, EMULATOR_SECRET: here.emulator.application.clientSecret, HOOK: here.receiver.url };
  const child = spawn(process.execPath, [MAIN, 'run'], { cwd: here.folder, env, stdio: 'ignore' });
  children.add(child);
  Object.assign(life, { child, requests: 0, fatalRequest });
  return once(child, 'close');
}

function deferred() {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

describe('huntwire run', () => {
  it('killed by SIGKILL again and again delivers every hit under one id, and SIGTERM ends it with 0', async () => {
    const now = Date.now();
    const life: Life = { child: null, requests: 0, fatalRequest: 0 };
    const told = new Set<unknown>();
    const allTold = deferred();
    const here = await openStage({
      start: now,
      factor: 1,
      events: Array.from({ length: HITS }, (_, index) => eventOf('one', index, now - 20 * MINUTE)),
      answer: ({ body }, response) => {
        life.requests += 1;
        if (life.requests === life.fatalRequest) life.child?.kill('SIGKILL');
        else if (life.fatalRequest === 0 || life.requests < life.fatalRequest) response.end();
        told.add((JSON.parse(body) as Alert).evidence[0]?.ReportId);
        if (told.size === HITS) allTold.resolve();
      },
    });
    stage = here;
    here.write('huntwire.yaml', configText(here));
    here.write('rules/one.yaml', ruleText('one'));
    for (let kill = 1; kill <= KILLS; kill += 1) expect(await live(here, life, kill)).toEqual([null, 'SIGKILL']);
    const last = live(here, life, 0);
    await allTold.promise;
    const second = await here.cli('once', '--format', 'json');
    expect([second.code, documentOf(second)]).toMatchObject([2, { error: { code: 'STATE_LOCKED' } }]);
    expect((await here.cli('status')).code).toBe(0);
    life.child?.kill('SIGTERM');
    expect(await last).toEqual([0, null]);
    const ids = new Map<unknown, Set<string>>();
    for (const { id, evidence } of here.alerts())
      ids.set(evidence[0]?.ReportId, (ids.get(evidence[0]?.ReportId) ?? new Set()).add(id));
    expect([...ids.values()].map((one) => one.size)).toEqual(Array(HITS).fill(1));
    const after = await here.cli('status', '--format', 'json');
    expect(documentOf(after)).toMatchObject({ rules: [{ state: 'ok' }], targets: [{ pending: 0, dead: 0 }] });
  });

  it('does not start with a broken rule: exit code 2, and nothing was asked', async () => {
    const here = await openStage();
    stage = here;
    here.write('huntwire.yaml', configText(here));
    here.write('rules/one.yaml', ruleText('one').replace('every: 15m', 'every: never'));
    const { code, stderr } = await here.cli('run');
    expect([code, stderr]).toEqual([2, expect.stringMatching(/one\.yaml:10:19: .*\[RULE_INVALID\]/)]);
    expect([here.emulator.seen, here.emulator.tokens()]).toEqual([[], 0]);
  });

  it('ends with 5 and a sentence when its state is deleted, and the next one starts anew', async () => {
    const now = Date.now();
    const here = await openStage({ start: now, factor: 1, events: [eventOf('one', 1, now - 20 * MINUTE)] });
    stage = here;
    here.write('huntwire.yaml', configText(here).replace('path: state.db', 'path: data/state.db'));
    here.write('rules/one.yaml', ruleText('one').replace('every: 15m', 'every: 1s'));
    const env = { ...process.env, EMULATOR_SECRET: here.emulator.application.clientSecret, HOOK: here.receiver.url };
    const child = spawn(process.execPath, [MAIN, 'run'], {
      cwd: here.folder,
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    children.add(child);
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk;
      if (said.includes('run ended')) rmSync(join(here.folder, 'data'), { recursive: true, force: true });
    });
    expect(await once(child, 'close')).toEqual([5, null]);
    expect(said).toContain('was deleted or replaced');
    expect((await here.cli('once')).code).toBe(0);
  });
});
