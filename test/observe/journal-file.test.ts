import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createManualClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import { keepJournalFile } from '../../src/observe/journal-file.ts';
import { openMemoryStore } from '../../src/state/sqlite-store.ts';
import { commitAlerts, START, sampleAlert, sampleCommit, sampleRun } from '../state/samples.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-file-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function start() {
  const clock = createManualClock(START);
  const store = openMemoryStore({ clock });
  const warnings: string[] = [];
  const log = { ...silentLog, warn: (message: string) => void warnings.push(message) };
  /** One look, as at the end of a process. */
  const look = (path: string) => keepJournalFile(path, { store, clock, log }, AbortSignal.abort());
  return { clock, store, warnings, look };
}

const linesOf = (path: string) =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('the file of what happens', () => {
  it('has a line for each run, alert and delivery, and goes on where it stopped', async () => {
    const { store, look } = start();
    const path = join(folder, 'events.jsonl');
    await commitAlerts(store, ['a1'], ['soar']);
    await look(path);
    const [entry] = await store.pending('soar', { now: START, limit: 1, except: new Set(), ignoreBackoff: true });
    await store.delivered([entry?.id ?? 0], START + 5);
    await look(path);
    await look(path);
    const lines = linesOf(path);
    expect(lines.map(({ kind }) => kind)).toEqual(['run', 'alert', 'delivery']);
    expect(lines[0]).toMatchObject({
      rule: 'rule-a',
      at: new Date(START).toISOString(),
      outcome: 'ok',
      queryHash: null,
    });
    expect(lines[1]).toMatchObject({ alertId: 'a1', rule: 'rule-a', runId: 'run-1', status: 'firing' });
    expect(lines[2]).toMatchObject({ outcome: 'delivered', target: 'soar', messageId: 'a1' });
  });

  it('holds nothing of what alerts hold', async () => {
    const { store, look } = start();
    const path = join(folder, 'events.jsonl');
    const canary = 'canary-7d1f';
    const details = { secret: canary };
    const alert = sampleAlert('a1', {
      title: canary,
      description: canary,
      details,
      evidence: [{ c: canary }],
      dedupKey: canary,
    });
    await store.commit(sampleCommit(store, { alerts: [alert], run: sampleRun('r1') }));
    await look(path);
    expect(linesOf(path)).toHaveLength(2);
    expect(readFileSync(path, 'utf8')).not.toContain(canary);
  });

  it('that cannot be written is told once, and holds up nothing', async () => {
    const { store, clock, warnings } = start();
    await commitAlerts(store, ['a1'], ['soar']);
    const stop = new AbortController();
    const log = { ...silentLog, warn: (message: string) => void warnings.push(message) };
    const keeping = keepJournalFile(join(folder, 'none', 'e.jsonl'), { store, clock, log }, stop.signal);
    await clock.advance(120_000);
    stop.abort();
    await keeping;
    expect(warnings).toHaveLength(1);
  });
});
