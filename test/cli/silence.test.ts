import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runCli } from '../../src/cli/cli.ts';
import { explain } from '../../src/cli/explain.ts';
import { silence } from '../../src/cli/silence.ts';
import { status } from '../../src/cli/status.ts';
import { createManualClock } from '../../src/lib/clock.ts';
import { openSqliteStore } from '../../src/state/sqlite-store.ts';
import { ruleText } from '../rules/rule-text.ts';
import { sampleCommit } from '../state/samples.ts';
import { createFakeWorld } from './fake-world.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const CONFIG = `source: {api: local, path: data}
rules: [rules/]
targets: {soar: {type: stdout}}
defaultTargets: [soar]
state: {path: state.db}
silences:
  - {id: pentest, match: ['entity.host=~"lab-.*"'], owner: red, reason: test, starts: 2026-04-01, ends: 2026-04-02}
  - {id: old, match: ['rule="x"'], owner: red, reason: test, ends: 2026-02-01}
maintenance:
  - {name: patch, match: ['tag="servers"'], cron: "0 11 * * *", duration: 2h, owner: ops, reason: patches}
`;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'silence-test-'));
  mkdirSync(join(folder, 'rules'));
  mkdirSync(join(folder, 'data'));
  writeFileSync(join(folder, 'rules/a.yaml'), ruleText({}));
  writeFileSync(join(folder, 'huntwire.yaml'), CONFIG);
});
afterEach(() => rmSync(folder, { recursive: true }));

async function call(verb: 'silence' | 'status' | 'explain', ...argv: readonly string[]) {
  const world = { ...createFakeWorld(folder), clock: createManualClock(NOW), random: () => 0.5 };
  const code = await runCli([verb, ...argv], world, [silence, status, explain]);
  return { code, out: world.out(), err: world.err() };
}

const json = async (...argv: readonly string[]) => {
  const { code, out, err } = await call('silence', ...argv, '--format', 'json');
  return { code, silences: out === '' ? err : JSON.parse(out).silences };
};
const WHO = ['--owner', 'anna', '--reason', 'known scanner'];
const ADD = ['add', '--match', 'rule="some-rule"', ...WHO];

describe('huntwire silence', () => {
  it('adds one that holds from now on, and lists it beside those of the configuration', async () => {
    const added = {
      ...{ id: 's-80000000', match: ['rule="some-rule"'], owner: 'anna', reason: 'known scanner', starts: null },
      ...{ ends: '2026-03-01T14:00:00.000Z', hidden: 0, state: 'active', from: 'state' },
    };
    expect(await json(...ADD, '--for', '2h')).toEqual({ code: 0, silences: [added] });
    const listed = await json('list');
    expect(listed.silences).toEqual([expect.objectContaining({ id: 'pentest', state: 'planned' }), added]);
    expect((await json('list', '--all')).silences).toHaveLength(3);
    expect(await json('list', 'old')).toMatchObject({ code: 0, silences: [{ id: 'old', state: 'ended' }] });
    expect(await call('silence', 'list', 'nobody')).toMatchObject({ code: 1, out: 'There is no such silence.\n' });
    expect((await call('silence', 'list')).out).toMatch(/^ID +STATE.*\npentest +planned.*\ns-80000000 +active/);
  });

  it('refuses one without matchers, end, owner or reason, and one whose name is taken', async () => {
    const until = ['--ends', '2026-03-02'];
    const refused: readonly (readonly [RegExp, readonly string[]])[] = [
      [/--match/, ['add', ...WHO, ...until]],
      [/is nothing that an alert has/, ['add', '--match', 'colour="red"', ...WHO, ...until]],
      [/exactly one of --ends and --for/, ADD],
      [/exactly one of --ends and --for/, [...ADD, ...until, '--for', '1h']],
      [/before it begins/, [...ADD, '--ends', '2026-03-01T11:59:59Z']],
      [/before it begins/, [...ADD, '--starts', '2026-03-03', ...until]],
      [/is no time/, [...ADD, '--ends', 'tomorrow']],
      [/with --owner/, ['add', '--match', 'rule="x"', '--reason', 'r', ...until]],
      [/with --reason/, ['add', '--match', 'rule="x"', '--owner', 'o', '--reason', ' ', ...until]],
      [/is no name/, [...ADD, ...until, '--id', 'a b']],
      [/configuration has a silence pentest/, [...ADD, ...until, '--id', 'pentest']],
    ];
    for (const [message, argv] of refused) {
      const { code, err } = await call('silence', ...argv);
      expect([code, err]).toEqual([2, expect.stringMatching(message)]);
    }
    await json(...ADD, ...until, '--id', 'mine');
    expect(await call('silence', ...ADD, ...until, '--id', 'mine')).toMatchObject({ code: 2 });
    expect((await json('list', 'mine')).silences).toMatchObject([{ ends: '2026-03-02T00:00:00.000Z' }]);
  });

  it('ends those of the state, once, and says with 1 that there was none', async () => {
    await json(...ADD, '--for', '2h', '--id', 'mine');
    expect(await json('expire', 'mine', 'other')).toMatchObject({
      code: 0,
      silences: [{ id: 'mine', ends: '2026-03-01T12:00:00.000Z', state: 'ended' }],
    });
    expect(await call('silence', 'expire', 'mine')).toMatchObject({ code: 1 });
    expect(await json('expire', 'mine')).toEqual({ code: 1, silences: [] });
    expect(await call('silence', 'expire', 'pentest')).toMatchObject({ code: 2 });
  });

  it('tells how much each hid, in status, too, and explain names those that may', async () => {
    await json(...ADD, '--for', '2h', '--id', 'mine');
    const store = openSqliteStore({ path: join(folder, 'state.db'), clock: createManualClock(NOW) });
    const about = { severity: 'low', firstAt: NOW, lastAt: NOW, tenant: 'default', ruleId: 'some-rule' } as const;
    const hidden = [
      { ...about, counts: 'silenced', id: 'mine', since: NOW, until: NOW + 1, hits: 3 },
      { ...about, counts: 'maintenance', id: 'patch', since: NOW - 3_600_000, until: NOW + 3_600_000, hits: 2 },
    ] as const;
    await store.commit(sampleCommit(store, { hidden }));
    await store.close();
    expect((await json('list', 'mine')).silences).toMatchObject([{ hidden: 3 }]);
    const shown = JSON.parse((await call('status', '--format', 'json')).out);
    expect(shown).toMatchObject({
      silences: [{ id: 'pentest' }, { id: 'mine', hidden: 3 }],
      maintenance: [{ name: 'patch', until: '2026-03-01T13:00:00.000Z', hidden: 2 }],
    });
    expect((await call('status')).out).toMatch(/mine +active.*3 +anna.*\npatch +maintenance.*2 +ops/);
    const told = JSON.parse((await call('explain', 'some-rule', '--format', 'json')).out);
    expect(told.silences.map(({ id }: { readonly id: string }) => id)).toEqual(['pentest', 'mine']);
    expect((await call('explain', 'some-rule')).out).toMatch(/May be silent\n.*pentest.*\n.*silence mine until/);
  });
});
