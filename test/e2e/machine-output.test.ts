import { afterEach, describe, expect, it } from '@jest/globals';
import { SUPPRESSION_REASONS } from '../../src/alerts/alert.ts';
import { configText, documentOf, eventOf, MINUTE, openStage, ruleText, type Stage } from './stage.ts';

const ISO = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
const COUNT = expect.any(Number);
const TEXT = expect.any(String);
const NOTHING_SUPPRESSED = Object.fromEntries(SUPPRESSION_REASONS.map((reason) => [reason, 0]));

let stages: Stage[] = [];
afterEach(async () => {
  await Promise.all(stages.map((stage) => stage.close()));
  stages = [];
});

async function stageOf(options: Parameters<typeof openStage>[0] = {}): Promise<Stage> {
  const stage = await openStage({ events: [eventOf('one', 1)], ...options });
  stages.push(stage);
  stage.write('huntwire.yaml', configText(stage));
  stage.write('rules/one.yaml', ruleText('one'));
  return stage;
}

describe('once --format json', () => {
  it('is one document: runs and deliveries', async () => {
    const ended = await (await stageOf()).cli('once', '--format', 'json');
    expect(ended.code).toBe(0);
    expect(documentOf(ended)).toEqual({
      startedAt: ISO,
      endedAt: ISO,
      runs: [
        {
          runId: TEXT,
          tenant: 'default',
          rule: 'one',
          window: { from: ISO, to: ISO, basis: 'ingestion' },
          lane: 'due',
          outcome: 'ok',
          error: null,
          rows: 1,
          hits: 1,
          toldHits: 1,
          alerts: 1,
          suppressed: NOTHING_SUPPRESSED,
          reasons: { new: 1 },
          rowReasons: { new: 1 },
          truncated: false,
        },
      ],
      deliveries: [{ target: 'soar', delivered: 1, pending: 0, dead: 0 }],
    });
  });

  it('with --dry-run holds the alerts, and nothing is kept or sent', async () => {
    const stage = await stageOf();
    const first = documentOf(await stage.cli('once', '--dry-run', '--format', 'json'));
    expect(first).toMatchObject({ deliveries: [], alerts: [{ title: TEXT, kind: 'detection' }] });
    expect(stage.receiver.received).toEqual([]);
    expect(documentOf(await stage.cli('once', '--format', 'json'))).toMatchObject({ runs: [{ hits: 1, alerts: 1 }] });
  });

  it('with --rule runs that rule only; an unknown one is exit code 2', async () => {
    const stage = await stageOf();
    stage.write('rules/two.yaml', ruleText('two'));
    const ended = await stage.cli('once', '--rule', 'two', '--format', 'json');
    expect(documentOf(ended)).toMatchObject({ runs: [{ rule: 'two' }] });
    const unknown = await stage.cli('once', '--rule', 'three', '--format', 'json');
    expect([unknown.code, documentOf(unknown)]).toEqual([2, { error: { code: 'USAGE', message: TEXT, problems: [] } }]);
  });

  it('tells a failed run and exits 5', async () => {
    const stage = await stageOf();
    stage.emulator.faults.set({ name: 'server-error', ruleId: null, times: 1 });
    const ended = await stage.cli('once', '--format', 'json', '--wait', '0s');
    expect([ended.code, documentOf(ended)]).toEqual([
      5,
      expect.objectContaining({
        runs: [
          expect.objectContaining({ outcome: 'failed', error: { code: 'SOURCE_SERVER', message: TEXT }, hits: 0 }),
        ],
      }),
    ]);
  });

  it.each(['{type: stdout}', '{type: file, path: /dev/stdout}'])('does not go with %s', async (target) => {
    const stage = await stageOf();
    stage.write('huntwire.yaml', configText(stage, 'graph', { targets: `  here: ${target}` }));
    const ended = await stage.cli('once', '--format', 'json');
    expect([ended.code, documentOf(ended)]).toEqual([2, { error: { code: 'USAGE', message: TEXT, problems: [] } }]);
    expect(stage.emulator.seen).toEqual([]);
  });
});

describe('lint, test and query', () => {
  it('lint: findings with their places, exit code 1 on errors', async () => {
    const stage = await stageOf();
    const clean = await stage.cli('lint', '--format', 'json');
    expect([clean.code, documentOf(clean)]).toMatchObject([0, { files: 1, rules: 1, errors: 0 }]);
    stage.write('rules/bad.yaml', ruleText('bad').replace('| where', '| wher'));
    const bad = await stage.cli('lint', '--format', 'json');
    const { findings, ...counts } = documentOf(bad) as { findings: { severity: string }[] };
    expect([bad.code, counts]).toEqual([
      1,
      { files: 2, rules: 2, errors: 1, warnings: COUNT, infos: COUNT, passed: false },
    ]);
    expect(findings.find((finding) => finding.severity === 'error')).toEqual({
      check: TEXT,
      severity: 'error',
      file: expect.stringContaining('bad.yaml'),
      line: 9,
      column: COUNT,
      endLine: 9,
      endColumn: COUNT,
      message: TEXT,
      suggestion: 'Did you mean "where"?',
      fix: null,
      refuses: true,
    });
  });

  it('test: one entry a test, exit code 1 when one fails', async () => {
    const stage = await stageOf();
    const tests = (title: string) =>
      ruleText(
        'one',
        `tests:\n  - {name: told, rows: [{DeviceName: pc1, ReportId: 1}], alerts: [{title: "${title}"}]}\n`,
      );
    stage.write('rules/one.yaml', tests('Rule one'));
    const good = await stage.cli('test', '--format', 'json');
    expect([good.code, documentOf(good)]).toMatchObject([
      0,
      { tests: [{ rule: 'one', name: 'told', ok: true, differences: [] }], passed: 1, failed: 0 },
    ]);
    stage.write('rules/one.yaml', tests('Another'));
    const bad = await stage.cli('test', '--format', 'json');
    expect([bad.code, documentOf(bad)]).toMatchObject([
      1,
      {
        tests: [{ ok: false, differences: [{ path: 'alerts[0].title', expected: 'Another', actual: 'Rule one' }] }],
        failed: 1,
      },
    ]);
  });

  it('query: columns and rows, also as lines and as CSV', async () => {
    const stage = await stageOf();
    const kql = 'DeviceEvents | project DeviceName, ReportId';
    const ended = await stage.cli('query', kql, '--format', 'json');
    expect([ended.code, documentOf(ended)]).toMatchObject([
      0,
      {
        columns: [
          { name: 'DeviceName', type: 'string' },
          { name: 'ReportId', type: 'long' },
        ],
        rows: [{ DeviceName: 'pc1', ReportId: 1 }],
        truncated: false,
        source: 'graph',
        elapsedMs: COUNT,
      },
    ]);
    expect((await stage.cli('query', kql, '--format', 'jsonl')).stdout).toBe('{"DeviceName":"pc1","ReportId":1}\n');
    expect((await stage.cli('query', kql, '--format', 'csv')).stdout).toBe('DeviceName,ReportId\r\npc1,1\r\n');
    const bad = await stage.cli('query', 'DeviceEvents | wher x', '--format', 'json');
    expect([bad.code, documentOf(bad)]).toMatchObject([5, { error: { code: 'SOURCE_QUERY_INVALID', message: TEXT } }]);
  });
});

describe('status, dlq, doctor and send-test', () => {
  it('status: rules, tenants and targets, also before the first run', async () => {
    const stage = await stageOf();
    const before = await stage.cli('status', '--format', 'json');
    expect([before.code, documentOf(before)]).toMatchObject([
      0,
      { rules: [{ rule: 'one', coveredTo: null, lastRun: null }] },
    ]);
    await stage.cli('once');
    expect(documentOf(await stage.cli('status', '--format', 'json'))).toEqual({
      runner: null,
      runnerState: 'none',
      lastRunner: {
        pid: COUNT,
        machine: TEXT,
        version: TEXT,
        startedAt: ISO,
        verb: 'once',
        rules: 1,
        rulesHash: TEXT,
        endedAt: ISO,
      },
      standby: null,
      rules: [
        {
          tenant: 'default',
          rule: 'one',
          state: 'ok',
          coveredTo: ISO,
          lagSeconds: COUNT,
          nextRunAt: ISO,
          lastRun: expect.objectContaining({ outcome: 'ok', hits: 1, startedAt: ISO, endedAt: ISO }),
          loaded: false,
          hash: TEXT,
          loadedHash: null,
          failingSince: null,
          failures: 0,
          error: null,
          waiting: null,
        },
      ],
      problems: [],
      refusals: [],
      reload: null,
      tenants: [
        {
          tenant: 'default',
          api: 'graph',
          blocked: null,
          pausedUntil: null,
          calls: 1,
          runSeconds: COUNT,
          slowedBy: null,
          pace: 1,
          lowHeldUntil: null,
          skewSeconds: expect.any(Number),
        },
      ],
      targets: [
        {
          target: 'soar',
          state: 'ok',
          pending: 0,
          inDigest: 0,
          oldestAt: null,
          dead: 0,
          circuit: 'closed',
          fallback: null,
          blockedSince: null,
          attempts: 0,
          reason: null,
        },
      ],
      health: [],
      firing: [],
      acknowledgements: [],
      silences: [],
      maintenance: [],
    });
  });

  it('dlq: what a target refused is listed, shown, put back and dropped', async () => {
    let status = 422;
    const answer = (_: unknown, response: import('node:http').ServerResponse) => {
      response.writeHead(status).end('no such field');
    };
    const stage = await stageOf({ answer });
    expect((await stage.cli('once')).code).toBe(5);
    const listed = documentOf(await stage.cli('dlq', 'list', '--format', 'json'));
    const entries = listed.entries as { id: number; alertId: string }[];
    const [letter] = entries;
    expect(entries[0]).toEqual({
      id: COUNT,
      alertId: TEXT,
      target: 'soar',
      reason: TEXT,
      status: 422,
      attempts: 1,
      firstAt: ISO,
      lastAt: ISO,
    });
    const shown = documentOf(await stage.cli('dlq', 'show', String(letter?.id), '--format', 'json'));
    expect(shown).toMatchObject({ answer: 'no such field', alert: { id: letter?.alertId } });
    status = 200;
    await stage.cli('dlq', 'replay', String(letter?.id));
    stage.later(MINUTE);
    expect((await stage.cli('once')).code).toBe(0);
    const sent = stage.receiver.received.filter((one) => one.headers['webhook-id'] === letter?.alertId);
    expect(sent).toHaveLength(2);
    await stage.cli('dlq', 'drop', '--all');
    expect(documentOf(await stage.cli('dlq', 'list', '--format', 'json'))).toEqual({ entries: [] });
  });

  it('doctor: checks with what to do; sends no alert and takes no lock', async () => {
    const stage = await stageOf();
    const well = await stage.cli('doctor', '--format', 'json');
    const { checks } = documentOf(well) as { checks: Record<string, unknown>[] };
    expect([well.code, checks.filter((check) => !check.ok)]).toEqual([0, []]);
    for (const check of checks) expect(Object.keys(check).sort()).toEqual(['fix', 'message', 'name', 'ok', 'subject']);
    expect(stage.receiver.received).toEqual([]);
    stage.emulator.faults.set({ name: 'forbidden', ruleId: null, times: 1 });
    const ill = await stage.cli('doctor', '--format', 'json');
    expect(ill.code).toBe(3);
    expect(documentOf(ill).checks).toContainEqual(
      expect.objectContaining({ name: 'permission', ok: false, fix: TEXT }),
    );
    stage.write('huntwire.yaml', configText(stage, 'xdr'));
    stage.later(365 * 24 * 60 * MINUTE);
    const ends = await stage.cli('doctor', '--format', 'json');
    expect([ends.code, documentOf(ends).checks]).toEqual([
      0,
      expect.arrayContaining([
        expect.objectContaining({ name: 'api', ok: false, message: expect.stringContaining('2027') }),
      ]),
    ]);
  });

  it('send-test: one alert marked as a test, or why not', async () => {
    let status = 200;
    const stage = await stageOf({ answer: (_, response) => response.writeHead(status).end() });
    const sent = await stage.cli('send-test', 'soar', '--format', 'json');
    expect([sent.code, documentOf(sent)]).toEqual([0, { target: 'soar', alertId: TEXT, kind: 'delivered' }]);
    expect(stage.alerts()).toMatchObject([{ title: expect.stringContaining('TEST'), severity: 'informational' }]);
    const both = await stage.cli('send-test', 'soar', '--resolve', '--format', 'json');
    expect([both.code, documentOf(both)]).toMatchObject([0, { kind: 'delivered', resolve: { kind: 'delivered' } }]);
    const [, firing, resolved] = stage.alerts();
    expect(resolved).toMatchObject({ id: firing?.id, status: 'resolved', revision: 1 });
    status = 401;
    const refused = await stage.cli('send-test', 'soar', '--resolve', '--format', 'json');
    expect(documentOf(refused)).not.toHaveProperty('resolve');
    expect([refused.code, documentOf(refused)]).toMatchObject([5, { kind: 'blocked', reason: TEXT }]);
    const unknown = await stage.cli('send-test', 'sore', '--format', 'json');
    expect([unknown.code, documentOf(unknown)]).toMatchObject([
      2,
      { error: { code: 'USAGE', message: expect.stringContaining('soar') } },
    ]);
  });
});
