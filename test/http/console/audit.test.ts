import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import type { ActionDeps } from '../../../src/actions/action-deps.ts';
import { performAction } from '../../../src/actions/perform-action.ts';
import { createManualClock } from '../../../src/lib/clock.ts';
import { silentLog } from '../../../src/lib/log.ts';
import { exportState } from '../../../src/state/file/export-state.ts';
import { openSqliteStore } from '../../../src/state/sqlite-store.ts';
import { commitAlerts, START } from '../../state/samples.ts';
import { openConsole, READER } from './open-console.ts';

const NOT_ASKED = () => Promise.reject(new Error('must not be asked'));

it('every writing of the console stands in the audit with who, what and when, and the export of the state has it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'console-audit-'));
  const clock = createManualClock(START);
  const store = await openSqliteStore({ path: join(folder, 'state.db'), clock });
  const depsOf = (by: string): ActionDeps => ({
    ...{ by, clock, random: () => 0.5, log: silentLog, signal: new AbortController().signal, offers: {} },
    config: {
      ...{ file: '/h.yaml', tenants: [], silences: [], links: { alert: null }, functions: [], watchlists: {} },
    },
    ...{ noteAsked: NOT_ASKED, openTarget: NOT_ASKED, openTenant: NOT_ASKED, rehearse: NOT_ASKED },
    ...{ reading: (work) => work(store), writing: (work) => work(store), wakeDeliveries: () => undefined },
    rulesOf: async () => [],
  });
  const perform = (action: Parameters<typeof performAction>[0], input: unknown, by: string) =>
    performAction(action, input, depsOf(by));
  const { send, letIn } = openConsole({ clock, perform, pages: { store } });
  await commitAlerts(store, ['a1', 'a2', 'a3'], ['soar']);
  await store.bury([1, 2, 3].map((id) => ({ id, reason: 'no', status: 422, answer: '', at: START })));
  const silence = { match: 'rule="x"', for: '4h', reason: 'r', owner: 'o' };
  const written = async () => {
    const sent = [
      await send('/alerts/a1/acknowledge', { disposition: 'benign' }),
      await send('/letters/replay', { id: '1' }),
      await send('/letters/drop', { id: '2' }),
      await send('/letters/drop', { target: 'soar' }),
      await send('/silences/add', silence),
      await send('/silences/expire', { id: (await store.silences())[0]?.id ?? '' }),
    ];
    return sent.map(({ status }) => status);
  };
  await letIn(READER.token.reveal());
  expect(await written()).toEqual(Array.from({ length: 6 }, () => 403));
  expect(await store.audit({ limit: 100 })).toEqual([]);
  await letIn();
  expect(await written()).toEqual(Array.from({ length: 6 }, () => 303));
  const entries = await store.audit({ limit: 100 });
  const actions = ['acknowledge_alert', 'replay_dead_letter', 'drop_dead_letter', 'drop_dead_letter'];
  expect(entries.map(({ action }) => action)).toEqual([...actions, 'add_silence', 'expire_silence']);
  expect(entries.every(({ who, at }) => who === 'analyst' && at === START)).toBe(true);
  exportState(join(folder, 'state.db'), join(folder, 'state.jsonl'));
  const lines = readFileSync(join(folder, 'state.jsonl'), 'utf8').trim().split('\n');
  const rows = lines.map((line) => JSON.parse(line) as unknown[]).filter((row) => row[0] === 'audit');
  expect(rows.map((row) => row.slice(2, 5))).toEqual(entries.map(({ at, who, action }) => [at, who, action]));
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});
