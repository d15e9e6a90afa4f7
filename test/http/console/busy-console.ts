import type { TriedResult } from '../../../src/actions/pages/tried-result.ts';
import { templateOf } from '../../../src/kql/query-template.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/lib/duration.ts';
import type { RunnableRule } from '../../../src/rules/rule.ts';
import type { ExplainedRow } from '../../../src/trial/explain/row/explained-row.ts';
import { makeRule } from '../../run/make-rule.ts';
import { SAMPLE_STATE, START, sampleAlert, sampleCommit, sampleMessage, sampleRun } from '../../state/samples.ts';
import { NO_TRIES, type OpenConsole, openConsole } from './open-console.ts';

/** Markup, what turns the order around, and what a terminal obeys. */
export const HOSTILE_TITLE = '<script>alert(1)</script><img src=x onerror=alert(2)> \u202egnp.exe \u001b[31mred';

/** Pages with the most different parts. */
export const MAIN_PATHS = ['/', '/rules', '/rules/contoso/rule-a', '/alerts/a1', '/silences'];

/** Where a row is pasted. */
export const ROW_PATH = '/rules/contoso/rule-a#row';

/** Every page of a console that has something of everything. */
export const PATHS = [
  ...[
    '/',
    '/rules',
    '/rules?state=failing',
    '/rules/contoso/rule-a',
    '/rules/contoso/rule-b?span=168&at=1h',
    ROW_PATH,
    '/attack',
  ],
  ...['/alerts', '/alerts?severity=low', '/alerts/a1', '/alerts/a1/as/soar', '/alerts/a1/acknowledge'],
  ...['/tenants', '/targets', '/letters', '/letters/1', '/letters/replay?id=1'],
  ...['/silences', '/silences/add?match=rule%3D%22x%22&for=4h&reason=r&owner=o', '/silences/expire?id=s1'],
  ...['/machines', '/audit', '/try'],
];

export const TRIED: TriedResult = {
  columns: [
    { name: 'at', type: 'datetime' },
    { name: 'count_', type: 'long' },
  ],
  rows: [{ at: '2026-01-01T00:00:00Z', count_: 3 }],
  ...{ truncated: false, source: 'local', elapsedMs: 7 },
  trace: { operators: [{ line: 1, rowsIn: 9, rowsOut: 0, text: 'where <b>' }], notes: ['2 lines were left out.'] },
  chart: {
    ...{ kind: 'timechart', title: 'By hour', isTime: true },
    series: [{ name: 'count_', points: [0, 1, 2].map((hour) => ({ x: START + hour * HOUR_MS, y: hour * 2 })) }],
  },
};

const LEASES = [{ kind: 'tenant', name: 'contoso', fence: 3, takenAt: START }] as const;

const EXCEPTION = { where: { DeviceName: ['ci-*'] }, reason: 'CI', owner: 'build', expires: START + DAY_MS };

const FINDINGS = (['error', 'warning', 'info'] as const).map((severity, at) => {
  return { check: 'a-check', severity, line: at + 1, column: 3, message: HOSTILE_TITLE, suggestion: null };
});

const ROW_TOLD: ExplainedRow = {
  ...{ tenant: 'contoso', table: 'DeviceEvents', leftOut: [] },
  ...{ time: new Date(START).toISOString(), logicalTime: new Date(START + MINUTE_MS).toISOString() },
  says: ['It is taken for an event of DeviceEvents.', HOSTILE_TITLE],
  steps: [{ line: 3, text: `where ${HOSTILE_TITLE}`, rowsIn: 1, rowsOut: 0 }],
  alert: {
    ...{ id: 'a1', title: HOSTILE_TITLE, severity: 'high', dedupKey: 'k', isTold: false },
    entities: [{ type: 'host', name: 'web1' }],
  },
};

function rules(): readonly RunnableRule[] {
  const test = { line: 1, column: 1, now: START, rows: [], tables: null, functions: {}, externaldata: {}, alerts: [] };
  return [
    makeRule({
      id: 'rule-a',
      name: HOSTILE_TITLE,
      severity: 'high',
      attack: ['T1059.001'],
      exceptions: [EXCEPTION],
      tests: [{ ...test, name: 'tells it' }],
    }),
    makeRule({ id: 'rule-b', severity: 'critical', attack: ['T1003', 'TA0008'], tags: ['identity'] }),
    makeRule({ id: 'rule-c', status: 'disabled' }),
    ...Array.from({ length: 30 }, (_, index) => makeRule({ id: `more-${index}` })),
  ];
}

/** A console over a state in which something of everything has happened. */
export async function openBusyConsole(): Promise<OpenConsole> {
  const opened = openConsole({
    rules: rules(),
    pages: {
      fileText: async () => `id: rule-a\nname: ${HOSTILE_TITLE}\nquery: |\n  ${'x'.repeat(100_000)}\n`,
      findings: () => ({ kind: 'known', findings: FINDINGS }),
      rendered: async () => [
        { method: 'POST', url: 'https://soar.example/hook', headers: { a: 'b' }, body: '{"a": 1}' },
      ],
      machines: async () => ({
        machines: [
          {
            machine: 'm2',
            pid: 7,
            verb: 'run',
            version: '1.0.0',
            runs: false,
            startedAt: START,
            silentMs: 1000,
            leases: LEASES,
          },
        ],
        takeovers: 1,
      }),
    },
    console: {
      tries: {
        ...NO_TRIES,
        local: async () => TRIED,
        tenant: true,
        check: async () => FINDINGS,
        row: async () => ROW_TOLD,
      },
    },
  });
  await fill(opened);
  return opened;
}

async function fill({ store, clock }: OpenConsole): Promise<void> {
  const template = templateOf(
    { text: 'DeviceEvents | take 1', isOriginal: () => true },
    { logicalTime: START, from: null, to: null },
  );
  const query = { hash: 'a'.repeat(32), template };
  const alert = sampleAlert('a1', {
    title: HOSTILE_TITLE,
    description: HOSTILE_TITLE,
    entities: [{ type: 'host', name: HOSTILE_TITLE }],
    observables: [{ type: 'ip', value: '10.0.0.1' }],
    details: { CommandLine: 'x'.repeat(1_000_000) },
    evidence: [{ DeviceName: HOSTILE_TITLE, ProcessCommandLine: 'x'.repeat(100_000), Count: 3 }],
  });
  const others = (['critical', 'medium', 'low', 'informational'] as const).map((severity) =>
    sampleAlert(severity, { severity }),
  );
  const alerts = [alert, ...others];
  const exceptions = [{ reason: 'CI', owner: 'build', rows: 7 }];
  const gap = {
    id: 'w',
    from: START - HOUR_MS,
    to: START - 30 * MINUTE_MS,
    logicalTime: START,
    attempts: 5,
    outcome: 'gap',
    reason: 'too slow',
  } as const;
  await store.commit(
    sampleCommit(store, {
      alerts,
      messages: alerts.flatMap((one) => ['soar', 'siem'].map((target) => sampleMessage(one, target))),
      rule: { ...SAMPLE_STATE, ledger: [gap] },
      run: sampleRun('run-1', { exceptions, query: query.hash }),
      query,
    }),
  );
  const error = { code: 'SOURCE_TIMEOUT', message: 'The service took too long.' } as const;
  const run = sampleRun('run-2', { ruleId: 'rule-b', outcome: 'failed', error, endedAt: START + 2000 });
  const failing = { ...SAMPLE_STATE, standing: 'failing', failingSince: START, failures: 3, lastError: error } as const;
  await store.commit(sampleCommit(store, { ruleId: 'rule-b', rule: failing, run }));
  const entries = await store.pending('soar', { now: START, limit: 3, except: new Set(), ignoreBackoff: false });
  await store.bury(
    entries.map(({ id }) => ({ id, reason: 'HTTP 422', status: 422, answer: HOSTILE_TITLE, at: START })),
  );
  await store.addSilence({
    id: 's1',
    match: ['rule="x"'],
    owner: 'me',
    reason: 'why',
    starts: null,
    ends: START + DAY_MS,
    addedAt: START,
  });
  await store.noteRunner({
    verb: 'run',
    pid: 42,
    machine: 'm1',
    version: '1.2.3',
    startedAt: START,
    endedAt: null,
    rules: [],
  });
  await store.noteAudit({
    who: 'eve',
    at: START,
    action: 'reload',
    subject: 'configuration',
    before: null,
    after: { a: 1 },
  });
  await clock.advance(MINUTE_MS);
}
