import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createMetrics, type MetricReadings } from '../../src/observe/metrics.ts';
import { describeWith, programProblem } from '../e2e/receivers.ts';
import { sampleRun } from '../state/samples.ts';

const READ: MetricReadings = {
  rules: [{ tenant: 't', rule: 'quick', standing: 'lagging', lagSeconds: 90, lastRunAt: 1_700_000_000 }],
  targets: [{ target: 'soar', isBlocked: true, pending: 3, oldestSeconds: 60, dead: 1 }],
};

async function linesOf(
  read: MetricReadings = READ,
  note: (metrics: ReturnType<typeof createMetrics>) => void = () => {},
) {
  const metrics = createMetrics('1.2.3', async () => read);
  note(metrics);
  return (await metrics.text()).split('\n');
}

describe('figures', () => {
  it('count runs as they are committed', async () => {
    const run = {
      ...sampleRun('run'),
      tenant: 't',
      ruleId: 'quick',
      api: 'graph' as const,
      outcome: 'ok' as const,
      startedAt: 1000,
      endedAt: 3000,
      rows: 7,
      alerts: 2,
      calls: 3,
      suppressed: { duplicate: 4, quiet: 0, silenced: 0, excepted: 1, maintenance: 0, overflow: 0 },
    };
    const lines = await linesOf(READ, ({ note }) => {
      note({ kind: 'run', run });
      note({ kind: 'run', run });
    });
    expect(lines).toEqual(
      expect.arrayContaining([
        'huntwire_rule_runs_total{tenant="t",rule="quick",outcome="ok"} 2',
        'huntwire_rule_rows_total{tenant="t",rule="quick"} 14',
        'huntwire_alerts_total{tenant="t",rule="quick"} 4',
        'huntwire_alerts_suppressed_total{tenant="t",reason="duplicate"} 8',
        'huntwire_api_requests_total{tenant="t",api="graph"} 6',
        'huntwire_rule_run_duration_seconds_sum{tenant="t"} 4',
      ]),
    );
  });

  it('tell who shares the work, and what of it is done here', async () => {
    const leases = [{ kind: 'tenant', name: 't', fence: 4 }];
    const lines = await linesOf({ ...READ, shared: { machines: 3, takeovers: 2, leases } });
    expect(lines).toEqual(
      expect.arrayContaining([
        'huntwire_machines 3',
        'huntwire_takeovers_last_hour 2',
        'huntwire_lease_fence{kind="tenant",name="t"} 4',
      ]),
    );
    expect(await linesOf()).toContain('huntwire_machines 1');
  });

  it('count deliveries by what became of them', async () => {
    const entry = { kind: 'delivery', target: 'soar', messageId: 'm', tookMs: 250, reason: null } as const;
    const lines = await linesOf(READ, ({ note }) => {
      note({ ...entry, outcome: 'delivered' });
      note({ ...entry, outcome: 'retry' });
    });
    expect(lines).toContain('huntwire_deliveries_total{target="soar",outcome="delivered"} 1');
    expect(lines).toContain('huntwire_deliveries_total{target="soar",outcome="retry"} 1');
    expect(lines).toContain('huntwire_delivery_duration_seconds_sum{target="soar"} 0.5');
  });

  it('are read anew each time, and leave nothing of what is gone', async () => {
    let read = READ;
    const metrics = createMetrics('1.2.3', async () => read);
    const before = await metrics.text();
    expect(before).toContain('huntwire_rule_lag_seconds{tenant="t",rule="quick"} 90');
    expect(before).toContain('huntwire_rule_standing{tenant="t",rule="quick",standing="lagging"} 1');
    expect(before).toContain('huntwire_outbox_oldest_age_seconds{target="soar"} 60');
    expect(before).toContain('huntwire_target_blocked{target="soar"} 1');
    read = { rules: [], targets: [] };
    const after = await metrics.text();
    expect(after).not.toContain('quick');
    expect(after).not.toContain('soar');
    expect(after).toContain(`huntwire_build_info{version="1.2.3",node="${process.versions.node}"} 1`);
  });

  it('keep labels apart whatever stands in them', async () => {
    const odd = { tenant: 'a"b\\c\nd', rule: 'r', standing: 'ok', lagSeconds: 1, lastRunAt: null };
    expect(await linesOf({ rules: [odd], targets: [] })).toContain(
      'huntwire_rule_lag_seconds{tenant="a\\"b\\\\c\\nd",rule="r"} 1',
    );
  });

  it('have one prefix, and those of our own a row in docs/operations.md', async () => {
    const names = [...(await linesOf()).join('\n').matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name);
    expect(names.filter((name) => !name.startsWith('huntwire_'))).toEqual([]);
    const docs = readFileSync(join(import.meta.dirname, '../../docs/operations.md'), 'utf8');
    const rows = [...docs.matchAll(/^\| `(huntwire_\w+)` \|/gm)].map(([, name = '']) => name);
    expect(names.filter((name) => !/^huntwire_(process|nodejs)_/.test(name)).sort()).toEqual(rows.sort());
  });
});

describeWith(programProblem('promtool'), 'promtool', () => {
  it('finds nothing against the names of figures', async () => {
    const input = (await linesOf()).join('\n');
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input, encoding: 'utf8' });
    expect([status, stdout, stderr]).toEqual([0, '', '']);
  });
});
