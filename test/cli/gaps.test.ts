import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCli } from '../../src/cli/cli.ts';
import { gaps } from '../../src/cli/gaps.ts';
import { createManualClock } from '../../src/lib/clock.ts';
import { openSqliteStore } from '../../src/state/sqlite-store.ts';
import type { LedgerEntry, LedgerOutcome } from '../../src/state/store.ts';
import { SAMPLE_STATE, sampleCommit, sampleRun } from '../state/samples.ts';
import { createFakeWorld } from './fake-world.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const HOUR = 3_600_000;
const clock = createManualClock(NOW);

function entry(hoursAgo: number, outcome: LedgerOutcome, reason: string | null): LedgerEntry {
  const from = NOW - hoursAgo * HOUR;
  return { id: `${hoursAgo}`, from, to: from + HOUR, logicalTime: from + HOUR, attempts: 0, outcome, reason };
}

let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gaps-test-'));
  writeFileSync(join(folder, 'huntwire.yaml'), 'source: {api: local, path: .}\nstate: {path: state.db}\n');
  const store = openSqliteStore({ path: join(folder, 'state.db'), clock });
  const ledger = [entry(90, 'gap', 'failed 5 times'), entry(5, 'truncated', 'too many'), entry(3, 'pending', null)];
  const late = { frontier: NOW, sliceMs: null, ledger: [entry(60, 'gap', 'too old'), entry(2, 'pending', 'no route')] };
  await store.commit(sampleCommit(store, { rule: { ...SAMPLE_STATE, ledger, late } }));
  const other = { ...SAMPLE_STATE, ledger: [entry(4, 'disabled', 'the rule was disabled')] };
  await store.commit(
    sampleCommit(store, { tenant: 'fabrikam', ruleId: 'rule-b', rule: other, run: sampleRun('run-2') }),
  );
  await store.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

async function call(...argv: readonly string[]) {
  const world = { ...createFakeWorld(folder), clock };
  const code = await runCli(['gaps', ...argv], world, [gaps]);
  return { code, out: world.out(), err: world.err() };
}

const outcomes = async (...argv: readonly string[]) => {
  const { code, out, err } = await call(...argv, '--format', 'json');
  if (code === 2) return err || out;
  return (JSON.parse(out).gaps as readonly { rule: string; outcome: string }[]).map(
    ({ rule, outcome }) => `${rule} ${outcome}`,
  );
};

describe('huntwire gaps', () => {
  it('tells what was not searched, by rule, oldest first, and what waits only when asked', async () => {
    expect(await outcomes()).toEqual(['rule-a gap', 'rule-a late', 'rule-a truncated', 'rule-b disabled']);
    expect(await outcomes('--outcome', 'pending')).toEqual(['rule-a pending', 'rule-a pending']);
  });

  it('has the document of the design', async () => {
    const { out } = await call('rule-b', '--format', 'json');
    expect(JSON.parse(out)).toEqual({
      gaps: [
        {
          ...{ tenant: 'fabrikam', rule: 'rule-b', from: '2026-03-01T08:00:00.000Z', to: '2026-03-01T09:00:00.000Z' },
          ...{ outcome: 'disabled', reason: 'the rule was disabled' },
        },
      ],
    });
  });

  it('filters by rule, tenant, kind and time', async () => {
    expect(await outcomes('rule-b')).toEqual(['rule-b disabled']);
    expect(await outcomes('--tenant', 'contoso', '--outcome', 'gap', '--outcome', 'late')).toEqual([
      'rule-a gap',
      'rule-a late',
    ]);
    expect(await outcomes('--since', '1d')).toEqual(['rule-a truncated', 'rule-b disabled']);
    expect(await outcomes('nobody')).toEqual([]);
  });

  it('refuses kinds and times that are none', async () => {
    expect(await outcomes('--outcome', 'gaps')).toContain('There is no kind \\"gaps\\"; the kinds are: gap, truncated');
    expect(await outcomes('--since', 'soon')).toContain('is no time');
  });

  it('says with --exit-code whether there are any', async () => {
    expect((await call('--exit-code')).code).toBe(5);
    expect((await call('--exit-code', 'nobody')).code).toBe(0);
    expect((await call()).code).toBe(0);
  });

  it('shows a table, and how one is searched again', async () => {
    const { out } = await call();
    expect(out).toContain('2026-02-25 18:00Z');
    expect(out).toContain('huntwire backfill rule-a --from 2026-02-25T18:00:00.000Z --to 2026-02-25T19:00:00.000Z');
    expect((await call('nobody')).out).toBe('No gaps: all that rules promise was searched.\n');
  });
});
