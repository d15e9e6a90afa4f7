import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadedRules } from '../../src/app/app-rules.ts';
import { runCli } from '../../src/cli/cli.ts';
import { dlq } from '../../src/cli/dlq.ts';
import { readToLook } from '../../src/cli/read-config.ts';
import type { StatusDocument } from '../../src/cli/status/status-document.ts';
import { status } from '../../src/cli/status.ts';
import { createManualClock, type ManualClock } from '../../src/lib/clock.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/lib/duration.ts';
import { loadRules } from '../../src/rules/load-rules.ts';
import { wholeRuleHash } from '../../src/rules/rule-hash.ts';
import { type RunnerLock, takeRunnerLock } from '../../src/state/runner-lock.ts';
import type { RunnerRecord } from '../../src/state/runner-record.ts';
import { openSqliteStore } from '../../src/state/sqlite-store.ts';
import type { RuleState, Store } from '../../src/state/store.ts';
import {
  freshTarget,
  SAMPLE_STATE,
  START,
  sampleAlert,
  sampleCommit,
  sampleMessage,
  sampleRetry,
  sampleRun,
} from '../state/samples.ts';
import { createFakeWorld } from './fake-world.ts';

const CRON = `id: quarter
name: Every quarter of an hour
severity: low
query: DeviceEvents
schedule: {cron: "*/15 * * * *"}
`;
/** No variable and no file of these is there: nobody who looks at the state needs them. */
const CONFIG = `source: {api: graph, baseUrl: "\${env:API_URL}", caFile: "\${file:ca.txt}"}
auth: {tenantId: "\${env:TENANT}", clientId: c, clientSecret: "\${file:secret}"}
rules: [rules/]
targets:
  soar: {type: webhook, url: "\${env:HOOK}", concurrency: "\${env:MANY}"}
  siem: {type: syslog, host: "\${env:SIEM}", port: "\${env:PORT}", protocol: tcp}
defaultTargets: [soar]
state: {path: state.db}
`;
const STREAM = JSON.stringify({
  shape: 'stream',
  lookbackMs: 15 * MINUTE_MS,
  by: [],
  dedup: null,
  status: 'enabled',
  quietFrom: null,
});

let folder: string;
let clock: ManualClock;
let store: Store;
let lock: RunnerLock | null;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'status-test-'));
  mkdirSync(join(folder, 'rules'));
  writeFileSync(join(folder, 'huntwire.yaml'), CONFIG);
  writeRule('quarter', CRON);
  clock = createManualClock(START);
  store = openSqliteStore({ path: join(folder, 'state.db'), clock });
  lock = null;
});
afterEach(async () => {
  await store.close();
  lock?.release();
  rmSync(folder, { recursive: true });
});

function writeRule(name: string, text: string): void {
  writeFileSync(join(folder, 'rules', `${name}.yaml`), text);
}

async function show(...argv: readonly string[]) {
  const world = { ...createFakeWorld(folder), clock };
  const exitCode = await runCli(argv, world, [status, dlq]);
  return { exitCode, out: world.out(), err: world.err() };
}

async function documentNow(): Promise<StatusDocument> {
  return JSON.parse((await show('status', '--format', 'json')).out) as StatusDocument;
}

async function ran(over: Partial<Omit<RuleState, 'lastRun'>> = {}): Promise<void> {
  const run = sampleRun('run-1', { tenant: 'default', ruleId: 'quarter' });
  const rule = { ...SAMPLE_STATE, ruleTrait: STREAM, ...over };
  await store.commit(sampleCommit(store, { tenant: 'default', ruleId: 'quarter', rule, run }));
}

async function runnerRecord(over: Partial<RunnerRecord> = {}): Promise<RunnerRecord> {
  const { rules } = await loadRules([join(folder, 'rules')]);
  const loaded = rules.map((rule) => ({
    tenant: 'default',
    ruleId: rule.id,
    hash: rule.hash,
    wholeHash: wholeRuleHash(rule),
  }));
  const who = { verb: 'run', pid: 4711, machine: 'hunter', version: '0.1.0', startedAt: START };
  return { ...who, endedAt: null, rules: loaded, ...over };
}

async function startRunner(): Promise<void> {
  lock = takeRunnerLock(join(folder, 'state.db'));
  await store.noteRunner(await runnerRecord());
}

describe('the runner', () => {
  it('is known by pid, since when, version and the hash of what it loaded, while it lives', async () => {
    await startRunner();
    const { out } = await show('status');
    expect(out).toMatch(
      /^"huntwire run" 0\.1\.0 \(pid 4711 on hunter\) is alive: since 2026-01-01 12:00:00Z, with 1 rule loaded \(hash [0-9a-f]{12}\)\.\n/,
    );
    const { runner, runnerState, rules } = await documentNow();
    expect([runner, runnerState]).toMatchObject([
      { pid: 4711, machine: 'hunter', version: '0.1.0', rules: 1 },
      'alive',
    ]);
    expect(rules).toMatchObject([{ rule: 'quarter', loaded: true, hash: rules[0]?.loadedHash }]);
  });

  it('is none where none has ever worked', async () => {
    const { out } = await show('status');
    expect(out).toContain('No runner is alive: nothing is searched or delivered. None has ever worked on this state.');
    expect(await documentNow()).toMatchObject({ runner: null, runnerState: 'none', lastRunner: null });
  });

  it('was killed, or has ended', async () => {
    await store.noteRunner(await runnerRecord());
    expect((await show('status')).out).toContain('started at 2026-01-01 12:00:00Z and was killed or crashed.');
    await store.noteRunner(await runnerRecord({ endedAt: START + HOUR_MS }));
    expect((await show('status')).out).toContain('and ended at 2026-01-01 13:00:00Z.');
    expect(await documentNow()).toMatchObject({
      runner: null,
      lastRunner: { pid: 4711, endedAt: '2026-01-01T13:00:00.000Z' },
    });
  });

  it('is alive before it has said who it is, too', async () => {
    await store.noteRunner(await runnerRecord({ endedAt: START }));
    lock = takeRunnerLock(join(folder, 'state.db'));
    expect((await show('status')).out).toContain('A runner is alive; it is starting, or too old to say who it is.');
    expect(await documentNow()).toMatchObject({ runner: { pid: null }, runnerState: 'alive' });
  });

  it('is not known where this user cannot look at the lock, which is said and is no "none"', async () => {
    rmSync(`${join(folder, 'state.db')}.lock`, { force: true });
    mkdirSync(`${join(folder, 'state.db')}.lock`);
    expect(await documentNow()).toMatchObject({ runner: null, runnerState: 'unknown' });
    expect((await show('status')).out).toMatch(
      /^Whether a runner is alive is not known: this user cannot look at the lock of the state file \S+\./,
    );
  });

  it('is told to reload for rules that it has not loaded, or not as they are now', async () => {
    await startRunner();
    writeRule('new', CRON.replace('quarter', 'new'));
    writeRule('quarter', CRON.replace('severity: low', 'severity: low\nstatus: testing'));
    const { out } = await show('status');
    expect(out).toContain('new (default): not loaded: reload.');
    expect(out).toContain('quarter (default): changed since the runner loaded it: reload.');
    rmSync(join(folder, 'rules', 'quarter.yaml'));
    expect((await show('status')).out).toContain(
      'quarter (default): its file is gone, and the runner still runs it: reload.',
    );
    writeRule('half', 'id: half\nquery: [\n');
    expect((await show('status')).out).toContain(
      'gone or does not load (below), and the runner still runs it: mend it',
    );
    rmSync(join(folder, 'rules', 'half.yaml'));
    expect((await documentNow()).rules).toMatchObject([
      { rule: 'new', loaded: false },
      { rule: 'quarter', state: 'removed' },
    ]);
  });

  it('has loaded rules as their source sees them: one without ingestion times changes their windows', async () => {
    const source = `{api: lake, workspace: 'soc-00000000-0000-4000-8000-000000000001'}`;
    writeFileSync(join(folder, 'huntwire.yaml'), CONFIG.replace(/^source: .*$/m, `source: ${source}`));
    const config = readToLook({ ...createFakeWorld(folder), clock }, 'huntwire.yaml').config;
    const { rules } = await loadRules([join(folder, 'rules')]);
    await store.noteRunner({ ...(await runnerRecord()), rules: loadedRules(config, rules) });
    lock = takeRunnerLock(join(folder, 'state.db'));
    expect((await documentNow()).rules).toMatchObject([{ rule: 'quarter', loaded: true }]);
  });
});

describe('a rule', () => {
  it('that never ran is not ok', async () => {
    expect((await show('status')).out).toMatch(/quarter +never run/);
    expect((await documentNow()).rules).toMatchObject([{ state: 'never-run', lastRun: null }]);
  });

  it('with a cron of every quarter of an hour that stopped 47 h ago lags', async () => {
    await ran();
    clock.jump(47 * HOUR_MS);
    expect((await show('status')).out).toMatch(/quarter +lagging/);
    expect((await documentNow()).rules).toMatchObject([{ state: 'lagging', lagSeconds: 46.75 * 3600 }]);
  });

  it('that shares its error with others of its tenant is counted behind the first', async () => {
    writeFileSync(join(folder, 'huntwire.yaml'), CONFIG);
    const error = { code: 'SOURCE_AUTH', message: 'No token.' } as const;
    for (const name of ['a', 'b', 'c']) {
      writeRule(name, CRON.replace('id: quarter', `id: ${name}`));
      const rule = {
        ...SAMPLE_STATE,
        ruleTrait: STREAM,
        standing: 'failing',
        failingSince: START,
        lastError: error,
      } as const;
      const run = sampleRun(name, { tenant: 'default', ruleId: name });
      await store.commit(sampleCommit(store, { tenant: 'default', ruleId: name, rule, run }));
    }
    const { out } = await show('status');
    expect(out).toContain(
      'a (default): failing since 2026-01-01 12:00:00Z: No token. [SOURCE_AUTH] (2 more rules of the tenant likewise)',
    );
    expect(out).not.toContain('b (default)');
  });

  it('is shown with its error, and with what waits and why', async () => {
    const pending = { id: 'w', from: START, to: START + HOUR_MS, logicalTime: START + HOUR_MS, attempts: 1 } as const;
    await ran({
      standing: 'failing',
      failingSince: START,
      failures: 3,
      lastError: { code: 'SOURCE_TIMEOUT', message: 'The query took too long.' },
      ledger: [{ ...pending, outcome: 'pending', reason: 'SOURCE_TIMEOUT: too slow' }],
    });
    const { out } = await show('status');
    expect(out).toContain(
      'quarter (default): failing since 2026-01-01 12:00:00Z, 3 failures: The query took too long. [SOURCE_TIMEOUT]',
    );
    expect(out).toContain(
      'quarter (default): 1 window not searched yet, from 2026-01-01 12:00:00Z on: SOURCE_TIMEOUT: too slow',
    );
  });

  it('that is switched off says that its last run failed, and not that it is off since then', async () => {
    const lastError = { code: 'SOURCE_TIMEOUT', message: 'The query took too long.' } as const;
    await ran({ standing: 'failing', failingSince: START, failures: 1, lastError });
    writeRule('quarter', CRON.replace('severity: low', 'severity: low\nstatus: disabled'));
    expect((await show('status')).out).toContain(
      'quarter (default): disabled, its last run failed: The query took too long. [SOURCE_TIMEOUT]',
    );
  });

  it('that the runner has left out is refused, with the reason, until its file changes', async () => {
    lock = takeRunnerLock(join(folder, 'state.db'));
    const record = await runnerRecord();
    const rules = record.rules.map((rule) => ({ ...rule, refused: '`find` cannot be given a time window.' }));
    await store.noteRunner({ ...record, rules });
    const { out } = await show('status');
    expect(out).toContain('quarter (default): refused: `find` cannot be given a time window. [RULE_INVALID]');
    expect((await documentNow()).runner?.rules).toBe(0);
    writeRule('quarter', CRON.replace('severity: low', 'severity: high'));
    expect((await documentNow()).rules).toMatchObject([{ rule: 'quarter', state: 'never-run', error: null }]);
  });

  it('of another product whose file cannot run here is told of', async () => {
    writeRule('fusion', 'kind: Fusion\nname: x\n');
    const { err } = await show('status');
    expect(err).toContain('These cannot run here and are left out:\nrules/fusion.yaml\n');
    expect(await documentNow()).toMatchObject({
      problems: [],
      refusals: [{ file: join(folder, 'rules/fusion.yaml'), message: expect.stringContaining('of the kind Fusion') }],
    });
  });

  it('whose file does not load is told of', async () => {
    writeRule('bad', 'id: bad\nname: C\n description: d\nquery: DeviceEvents\n');
    const { err } = await show('status');
    expect(err).toContain('These rule files do not load:\nrules/bad.yaml\n  3:2  This line is indented further');
    expect((await documentNow()).problems).toHaveLength(1);
  });
});

describe('a target', () => {
  async function waiting(): Promise<void> {
    const alert = sampleAlert('a1');
    await store.commit(sampleCommit(store, { alerts: [alert], messages: [sampleMessage(alert, 'soar')] }));
  }

  it('that was never handed anything is not ok', async () => {
    expect((await documentNow()).targets).toMatchObject([
      { target: 'soar', state: 'unused' },
      { target: 'siem', state: 'unused' },
    ]);
  });

  it('that has not been tried is not ok, and neither is one whose newest alert was given up, dropped or not', async () => {
    await waiting();
    expect((await documentNow()).targets).toMatchObject([{ target: 'soar', state: 'unused', pending: 1 }, {}]);
    const [entry] = await store.pending('soar', { now: clock.now(), limit: 1, except: new Set(), ignoreBackoff: true });
    const id = entry?.id ?? 0;
    await store.bury([{ id, reason: 'the answer was 422', status: 422, answer: 'no', at: START }]);
    expect((await show('status')).out).toContain('soar: its newest alert was given up: the answer was 422.');
    await store.drop([id]);
    expect((await show('status')).out).toMatch(/soar +failing/);
    expect((await documentNow()).targets).toMatchObject([
      { state: 'failing', dead: 0, reason: 'the answer was 422' },
      {},
    ]);
  });

  it('that takes nothing is told with the reason, blocked or not', async () => {
    await waiting();
    const [entry] = await store.pending('soar', { now: clock.now(), limit: 1, except: new Set(), ignoreBackoff: true });
    await store.retryLater([sampleRetry(entry?.id ?? 0, { reason: 'the connection was refused (ECONNREFUSED)' })]);
    expect((await show('status')).out).toContain(
      'soar: 1 alert waits after 1 attempt: the connection was refused (ECONNREFUSED).',
    );
    const blocked = { ...freshTarget('soar'), blockedSince: START, reason: 'the answer was 401' };
    await store.setTargetState(blocked);
    expect((await show('status')).out).toContain(
      'soar: blocked since 2026-01-01 12:00:00Z (circuit half-open): the answer was 401; 1 alert waits.',
    );
  });
});

describe('a target with a fallback', () => {
  const rowOf = async () => {
    const { out } = await show('status', '--format', 'json');
    return (JSON.parse(out) as { targets: { circuit: string; fallback: unknown }[] }).targets[0];
  };

  it('says whether the other one stands in, and whether anything goes out', async () => {
    writeFileSync(
      join(folder, 'huntwire.yaml'),
      CONFIG.replace('"${env:MANY}"}', '4, fallback: {target: siem, after: 5m}}'),
    );
    expect(await rowOf()).toMatchObject({ circuit: 'closed', fallback: { target: 'siem', active: false } });
    const down = { ...freshTarget('soar'), blockedSince: START, reason: 'the answer was 401', downSince: START };
    await store.setTargetState({ ...down, nextProbeAt: START + 6 * MINUTE_MS });
    expect(await rowOf()).toMatchObject({ circuit: 'open', fallback: { target: 'siem', active: false } });
    await clock.advance(5 * MINUTE_MS);
    expect(await rowOf()).toMatchObject({ circuit: 'open', fallback: { target: 'siem', active: true } });
    expect((await show('status')).out).toContain('soar: takes nothing; its alerts go to siem, too.');
    await clock.advance(MINUTE_MS);
    expect(await rowOf()).toMatchObject({ circuit: 'half-open' });
  });
});

describe('without the secrets of the tenant', () => {
  it('status and dlq work', async () => {
    expect((await show('status')).exitCode).toBe(0);
    expect(await show('dlq', 'list')).toEqual({ exitCode: 0, out: 'There are no dead letters.\n', err: '' });
  });

  it('what is wrong elsewhere in the configuration is still told', async () => {
    writeFileSync(
      join(folder, 'huntwire.yaml'),
      CONFIG.replace('api: graph', 'api: grap').replace('state.db', '"${env:WHERE}"'),
    );
    const { exitCode, err } = await show('status');
    expect([exitCode, err]).toEqual([2, expect.stringContaining('The environment variable WHERE is not set.')]);
    expect(err).toContain('"grap" is no source.');
  });
});
