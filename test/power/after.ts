import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import type { Alert } from '../../src/alerts/alert.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import { createDeliveryLoop } from '../../src/outbox/delivery-loop.ts';
import { takeRunnerLock } from '../../src/state/runner-lock.ts';
import { openSqliteStore } from '../../src/state/sqlite-store.ts';
import { create as createFileTarget } from '../../src/targets/file.ts';
import { fakeTarget } from '../outbox/scene.ts';
import { openBench } from '../run/bench.ts';
import { plantedSource } from '../run/planted-source.ts';
import { COLUMNS } from '../run/story.ts';
import { targetDeps } from '../targets/sample-alert.ts';
import type { Mark, PlacedMark } from './marks.ts';
import type { RecordPlan } from './record.ts';

export const STATE = 'data/state.db';
export const LINES = 'alerts.jsonl';

interface Entry {
  readonly id: number;
  readonly name: string;
  readonly attempts: number;
  readonly settled: number | null;
  readonly dead: number | null;
}

/** What a state holds, as SQL tells it. */
interface Found {
  readonly integrity: string;
  readonly alerts: ReadonlySet<string>;
  readonly runs: ReadonlySet<string>;
  readonly entries: readonly Entry[];
}

/** Opens what a power failure left, as the next start would, and looks at it beside that. Throws where it does not open. */
async function openAndLook(folder: string, now: number): Promise<Found> {
  const path = join(folder, STATE);
  const lock = takeRunnerLock(path);
  const store = openSqliteStore({
    path,
    clock: { now: () => now, monotonic: () => 0, sleep: async () => undefined },
    lock,
  });
  const beside = new Database(path);
  const all = <Row>(text: string): Row[] => beside.prepare(text).all([]) as Row[];
  const alerts = all<{ name: string }>("SELECT alert_id || '-' || revision AS name FROM alert");
  const entries = all<Entry>(
    "SELECT id, message_id || ' ' || target AS name, attempts, settled_at AS settled, dead_at AS dead FROM outbox",
  );
  const runs = all<{ run_id: string }>('SELECT run_id FROM run');
  const integrity = all<{ integrity_check: string }>('PRAGMA integrity_check');
  beside.close();
  await store.close();
  lock.release();
  return {
    integrity: integrity.map((row) => row.integrity_check).join(),
    alerts: new Set(alerts.map((row) => row.name)),
    runs: new Set(runs.map((row) => row.run_id)),
    entries,
  };
}

/** What is wrong with the state that a power failure behind the call `at` left; `marks` are those of the whole record. */
export async function complaintsAbout(
  folder: string,
  at: number,
  marks: readonly PlacedMark[],
  now: number,
): Promise<string[]> {
  const found = await openAndLook(folder, now);
  const acknowledged = marks.filter((one) => one.at <= at).map((one) => one.mark);
  const lines = linesOf(folder);
  return [
    ...(found.integrity === 'ok' ? [] : [`integrity: ${found.integrity}`]),
    ...acknowledged.flatMap((mark) => missingOf(mark, found)),
    ...halvesOf(
      marks.map((one) => one.mark),
      found,
    ),
    ...resultsLost(
      acknowledged,
      marks.map((one) => one.mark),
      found,
    ),
    ...acknowledged.flatMap((mark) =>
      mark.did === 'line' && !lines.some((line) => messageOf(line) === mark.message)
        ? [`line ${mark.message} is lost`]
        : [],
    ),
  ];
}

/** A commit that was acknowledged is there, whole. */
function missingOf(mark: Mark, found: Found): string[] {
  if (mark.did !== 'commit' && mark.did !== 'commitHealth') return [];
  return partsOf(mark, found)
    .filter((part) => !part.isThere)
    .map((part) => `${mark.did}: ${part.name} is lost`);
}

/** Also one that was not is there as a whole or not at all. */
function halvesOf(marks: readonly Mark[], found: Found): string[] {
  return marks.flatMap((mark) => {
    if (mark.did !== 'commit' && mark.did !== 'commitHealth') return [];
    const parts = partsOf(mark, found);
    const there = parts.filter((part) => part.isThere);
    return there.length === 0 || there.length === parts.length ? [] : [`half of a commit: ${JSON.stringify(parts)}`];
  });
}

function partsOf(mark: Extract<Mark, { readonly did: 'commit' | 'commitHealth' }>, found: Found) {
  const names = new Set(found.entries.map((entry) => entry.name));
  return [
    ...(mark.run === undefined ? [] : [{ name: mark.run, isThere: found.runs.has(mark.run) }]),
    ...mark.alerts.map((name) => ({ name, isThere: found.alerts.has(name) })),
    ...mark.messages.map((name) => ({ name, isThere: names.has(name) })),
  ];
}

/**
 * Results of deliveries that were acknowledged are there; a plain "delivered", which is written without a sync, once something was
 * synced behind it. All of one batch are there, or none.
 */
function resultsLost(acknowledged: readonly Mark[], all: readonly Mark[], found: Found): string[] {
  const entries = new Map(found.entries.map((entry) => [entry.id, entry]));
  const replayed = new Set(all.flatMap((mark) => (mark.did === 'replay' ? mark.ids : [])));
  const isSettled = (id: number): boolean => (entries.get(id)?.settled ?? null) !== null;
  const lastSync = acknowledged.findLastIndex((mark) => !['delivered', 'line', 'open'].includes(mark.did));
  return all.flatMap((mark, index) => {
    const isKept = index < acknowledged.length;
    const ids = 'ids' in mark ? mark.ids.filter((id) => !replayed.has(id)) : [];
    if (mark.did === 'delivered') {
      const settled = ids.filter(isSettled);
      if (isKept && index < lastSync && settled.length < ids.length) return [`delivered ${ids} is lost`];
      return settled.length === 0 || settled.length === ids.length ? [] : [`half of delivered ${ids}`];
    }
    if (!isKept) return [];
    if (mark.did === 'bury') return ids.filter((id) => !isSettled(id)).map((id) => `burial of ${id} is lost`);
    if (mark.did !== 'retryLater') return [];
    return ids.filter((id) => (entries.get(id)?.attempts ?? 0) === 0).map((id) => `attempt of ${id} is lost`);
  });
}

/** Whole lines; one that a power failure tore is none. */
function linesOf(folder: string): readonly Alert[] {
  const path = join(folder, LINES);
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => parsed(line) ?? []);
}

function parsed(line: string): Alert | null {
  try {
    return JSON.parse(line) as Alert;
  } catch {
    return null;
  }
}

function messageOf({ id, revision }: Alert): string {
  return revision === 0 ? id : `${id}-${revision}`;
}

/** Lives on with what a power failure left, from `now` and then from `end` on, until all is told; what is wrong with the file then. */
export async function goOn(folder: string, plan: RecordPlan, now: number, end: number): Promise<string[]> {
  const path = join(folder, STATE);
  const lock = takeRunnerLock(path);
  const bench = openBench({
    start: now,
    source: (clock) => plantedSource({ columns: COLUMNS, rows: () => plan.rows, now: clock.now }),
    openStore: (clock) => openSqliteStore({ path, clock, lock }),
    targets: ['file', 'moody'],
  });
  for (const wait of [0, end - now]) {
    await bench.clock.advance(wait);
    for (const rule of plan.rules) {
      await bench.turn(rule);
      while (await bench.turn(rule, 'backlog'));
    }
  }
  const { store } = bench;
  const file = createFileTarget({ type: 'file', path: join(folder, LINES) }, targetDeps({ name: 'file' }));
  const loop = createDeliveryLoop({
    store,
    clock: systemClock,
    log: silentLog,
    targets: [file, fakeTarget('moody')],
    random: () => 0.5,
    healthTargets: ['file'],
    tenant: 'default',
  });
  await loop.drain({ deadline: systemClock.monotonic(), ignoreBackoff: true, signal: new AbortController().signal });
  const pending = (await store.targetCounts()).filter((count) => count.pending > 0);
  await file.close();
  await store.close();
  lock.release();
  return [...pending.map(({ target }) => `something of ${target} is stuck`), ...toldWrongly(folder, plan)];
}

/** Each row under one id, and each id with one text. */
function toldWrongly(folder: string, plan: RecordPlan): string[] {
  const ids = new Map<unknown, Set<string>>();
  const texts = new Map<string, Set<string>>();
  for (const alert of linesOf(folder)) {
    const message = messageOf(alert);
    texts.set(message, (texts.get(message) ?? new Set()).add(JSON.stringify({ ...alert, runId: '' })));
    for (const { ReportId } of alert.evidence) ids.set(ReportId, (ids.get(ReportId) ?? new Set()).add(alert.id));
  }
  const rows = plan.rows.map(({ row }) => row.ReportId);
  return [
    ...rows
      .filter((row) => ids.get(row)?.size !== 1)
      .map((row) => `row ${row} is told under ${ids.get(row)?.size ?? 0} ids`),
    ...[...texts].filter(([, one]) => one.size > 1).map(([message]) => `message ${message} has two texts`),
  ];
}
