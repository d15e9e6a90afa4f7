import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { action } from '../../src/cli/action.ts';
import { runCli } from '../../src/cli/cli.ts';
import { createManualClock } from '../../src/lib/clock.ts';
import { takeRunnerLock } from '../../src/state/runner-lock.ts';
import { openSqliteStore } from '../../src/state/sqlite-store.ts';
import { ruleText } from '../rules/rule-text.ts';
import { commitAlerts } from '../state/samples.ts';
import { createFakeWorld } from './fake-world.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const CONFIG = `source: {api: local, path: events}
rules: [rule.yaml]
targets: {soar: {type: file, path: alerts.jsonl}}
defaultTargets: [soar]
state: {path: state.db}
`;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'action-test-'));
  mkdirSync(join(folder, 'events'));
  writeFileSync(join(folder, 'events/DeviceEvents.jsonl'), '{"DeviceName": "pc1"}\n');
  writeFileSync(join(folder, 'rule.yaml'), ruleText({}));
  writeFileSync(join(folder, 'huntwire.yaml'), CONFIG);
});
afterEach(() => rmSync(folder, { recursive: true }));

async function call(argv: readonly string[], input?: string) {
  const own = { ...createFakeWorld(folder), clock: createManualClock(NOW) };
  const world = input === undefined ? own : { ...own, readInput: async () => input };
  const code = await runCli(['action', ...argv], world, [action]);
  return { code, document: JSON.parse(own.out()), err: own.err() };
}

describe('huntwire action', () => {
  it('reads its input from standard input or a file, and prints one document', async () => {
    const store = openSqliteStore({ path: join(folder, 'state.db'), clock: createManualClock(NOW) });
    await commitAlerts(store, ['a', 'b'], ['soar']);
    await store.close();
    const taken = await call(['acknowledge_alert'], '{"id": "b", "disposition": "false", "by": "ann"}');
    expect(taken).toEqual({
      code: 0,
      document: { id: 'b', acknowledged: { by: 'ann', at: '2026-03-01T12:00:00.000Z', disposition: 'false' } },
      err: '',
    });
    writeFileSync(join(folder, 'input.json'), '{"limit": 1}');
    const listed = await call(['list_alerts', '--input', 'input.json']);
    expect([listed.code, listed.document.alerts.length, listed.document.more]).toEqual([0, 1, true]);
    expect((await call(['list_rules'])).document.rules).toEqual([expect.objectContaining({ tenant: 'default' })]);
  });

  it('does what verbs do, in their documents and with their exit codes', async () => {
    const answers = {
      explain_rule: await call(['explain_rule'], '{"rule": "some-rule"}'),
      attack_coverage: await call(['attack_coverage']),
      test_rules: await call(['test_rules']),
      backtest_rule: await call(['backtest_rule'], '{"rule": "some-rule", "from": "1d"}'),
      get_status: await call(['get_status']),
      run_query: await call(['run_query'], '{"kql": "print a = 1"}'),
    };
    const codes = Object.values(answers).map(({ code, document }) => [code, document.error?.code]);
    expect(codes).toEqual(Object.values(answers).map(() => [0, undefined]));
    expect(answers.explain_rule.document.rule).toBe('some-rule');
    expect(answers.test_rules.document).toMatchObject({ tests: [], passed: 0, failed: 0 });
    expect(answers.backtest_rule.document.result.rule).toBe('some-rule');
    expect(answers.run_query.document.rows).toEqual([{ a: 1 }]);
  });

  it.each([
    [['explain_rule'], '{"rule": "nothing-of-this-name"}', 'USAGE', /nothing-of-this-name/],
    [['explain_rule'], '{"rule": "./rule.yaml"}', 'USAGE', /"rule"/],
    [['explain_rule'], '{"rule": "some-rule", "config": "other.yaml"}', 'USAGE', /Unknown key "config"/],
    [['validate_rules'], '{"paths": ["/etc"]}', 'USAGE', /Unknown key "paths"/],
    [['run_query'], '{"kql": "T", "file": "/etc/passwd"}', 'USAGE', /Unknown key "file"/],
    [['run_query'], '{"kql": " .show tables"}', 'USAGE', /only looks/],
    [['lst_rules'], '', 'USAGE', /Did you mean "list_rules"/],
    [['list_rules'], '{', 'USAGE', /no JSON/],
    [['list_rules', '--input', 'nothing.json'], '', 'USAGE', /cannot be read/],
    [['get_alert'], '{"id": "x"}', 'NOT_FOUND', /no alert/],
    [['list_rules', '--config', 'nothing.yaml'], '', 'CONFIG_INVALID', /nothing.yaml/],
  ])('%j with %j fails with one document: %s', async (argv, input, code, why) => {
    const failed = await call(argv, input);
    expect([failed.code, failed.document.error.code]).toEqual([2, code]);
    expect(failed.document.error.message).toMatch(why);
  });
});

describe('an action that needs the lock of the state', () => {
  const BACKFILL = '{"rule": "some-rule", "from": "2026-02-27", "to": "2026-02-28"}';

  it('is done here where no process runs', async () => {
    const dry = await call(['backfill_rule'], BACKFILL.replace('}', ', "dryRun": true}'));
    expect([dry.code, dry.document]).toEqual([0, expect.objectContaining({ dryRun: true, done: false })]);
    const done = await call(['backfill_rule'], BACKFILL);
    expect([done.code, done.document]).toEqual([0, expect.objectContaining({ rule: 'some-rule', done: true })]);
    const cancelled = await call(['backfill_rule'], BACKFILL.replace('}', ', "cancel": true}'));
    expect([cancelled.code, cancelled.document.error.code]).toEqual([2, 'NOT_FOUND']);
    const again = await call(['reload'], '{}');
    expect([again.code, again.document.error.code]).toEqual([2, 'ACTION_NOT_OFFERED']);
    expect(again.document.error.message).toMatch(/No process runs/);
  });

  it('is handed to the process that runs, with a token that may write, and ends as that says', async () => {
    const { seen, port, close } = await openPeer({
      reload: { outcome: 'refused', changes: [], problems: [] },
      run_rule: { runs: [{ error: { code: 'SOURCE_QUOTA' } }, { error: null }] },
      backfill_rule: { running: true, error: null, windows: { leftOut: 0 } },
    });
    const http = `http: {port: ${port}, tokens: [{name: w, token: write-0123456789ab, scopes: [write]}]}\n`;
    writeFileSync(join(folder, 'huntwire.yaml'), CONFIG + http);
    const lock = takeRunnerLock(join(folder, 'state.db'));
    try {
      expect([(await call(['reload'], '{}')).code, (await call(['run_rule'], '{"dryRun": true}')).code]).toEqual([
        2, 4,
      ]);
      const { code, document } = await call(['backfill_rule'], BACKFILL);
      expect([code, document]).toEqual([0, expect.objectContaining({ running: true })]);
    } finally {
      lock.release();
      await close();
    }
    expect(seen).toEqual([
      ['/v1/actions/reload', 'Bearer write-0123456789ab', {}],
      ['/v1/actions/run_rule', 'Bearer write-0123456789ab', { dryRun: true }],
      ['/v1/actions/backfill_rule', 'Bearer write-0123456789ab', JSON.parse(BACKFILL)],
    ]);
  });

  it.each(['reload', 'run_rule', 'backfill_rule'])('%s tells why that process cannot be asked', async (slug) => {
    const lock = takeRunnerLock(join(folder, 'state.db'));
    try {
      const { code, document } = await call([slug], slug === 'backfill_rule' ? BACKFILL : '{}');
      expect([code, document.error.code]).toEqual([2, 'STATE_LOCKED']);
      expect(document.error.message).toMatch(/"http" is not configured/);
    } finally {
      lock.release();
    }
  });
});

/** Answers actions as a process that runs does. */
async function openPeer(documents: Readonly<Record<string, object>>) {
  const seen: unknown[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const part of request) text += part;
    seen.push([request.url, request.headers.authorization, JSON.parse(text)]);
    response.end(JSON.stringify(documents[request.url?.split('/').at(-1) ?? '']));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { readonly port: number };
  const close = () => new Promise((done) => server.close(done));
  return { seen, port, close };
}
