import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../lib/duration.ts';
import { countOf } from '../../lib/text.ts';
import { noteCall } from '../calls/note-call.ts';
import type { Sending } from '../calls/send-query.ts';
import { knownTime } from '../clock/known-time.ts';
import { risenTurn } from '../desk/ready-turns.ts';
import { type OwnCondition, tellHealth } from '../tell-health.ts';
import type { RunDeps, Tenant } from '../tenant.ts';
import { type ArrivalBook, type ArrivalNote, probedNote } from './arrival-book.ts';
import { askCount, lateCountQuery, probeQuery } from './arrival-queries.ts';
import type { ArrivalTable } from './arrival-tables.ts';

export interface ArrivalLook {
  readonly tenant: Tenant;
  readonly book: ArrivalBook;
  readonly deps: RunDeps;
  readonly signal: AbortSignal;
}

const PROBE_EVERY_MS = 7 * DAY_MS - HOUR_MS;
/** What was not counted for longer is not made up for. */
const LONGEST_MS = 7 * DAY_MS;
/** Who waits for the quota rises a lane after each such wait: nobody waits for what is found. */
const RISE_MS = 2 * HOUR_MS;
const MOST_NAMES = 5;

/** Counts what arrived late until `to`, and probes where that is due. Tells what it finds, and what is over. Rejects with the source's errors. */
export async function lookAtArrivals(
  look: ArrivalLook,
  table: ArrivalTable,
  { before, to }: { readonly before: ArrivalNote; readonly to: number },
): Promise<ArrivalNote> {
  const { tenant, deps } = look;
  const conditions: OwnCondition[] = [];
  let note: ArrivalNote = before;
  if (table.sets.length > 0) conditions.push(await countLate(look, table, { before, to }));
  note = { ...note, countedTo: to };
  if (table.byArrival && isProbeDue(before, to)) {
    const probed = await probe(look, table, note);
    note = probed.note;
    conditions.push(probed.condition);
  }
  await tellHealth(tenant, conditions, deps);
  return note;
}

async function countLate(
  look: ArrivalLook,
  { table, timeColumn, sets }: ArrivalTable,
  { before, to }: { readonly before: ArrivalNote; readonly to: number },
): Promise<OwnCondition> {
  const { latenessMs } = look.deps.settings;
  const { retentionMs } = look.tenant.source;
  const range = { from: Math.max(before.countedTo, to - LONGEST_MS), to };
  const query = lateCountQuery({ table, timeColumn }, range, { latenessMs, retentionMs });
  const count = await askCount(sendingOf(look), query, look.signal);
  const more = sets.length > MOST_NAMES ? ` and ${sets.length - MOST_NAMES} more` : '';
  const rules = `${sets.slice(0, MOST_NAMES).join(', ')}${more}`;
  const days = latenessMs / DAY_MS;
  const message = `${countOf(count, 'row')} of ${table} arrived between ${iso(range.from)} and ${iso(to)} more than ${days} days after the event. Rules that count or join see none of it: ${rules}. Where that goes on, lengthen windows.lateness, or search the days of the events again with huntwire backfill.`;
  const over = `Nothing of ${table} arrived between ${iso(range.from)} and ${iso(to)} more than ${days} days after the event.`;
  return condition(table, count > 0, count > 0 ? message : over);
}

function isProbeDue({ probedAt }: ArrivalNote, now: number): boolean {
  return probedAt === null || now - probedAt >= PROBE_EVERY_MS || probedAt > now;
}

/** Rows without ingestion time that begin to come were not asked for by the windows since the last probe. */
async function probe(
  look: ArrivalLook,
  table: ArrivalTable,
  note: ArrivalNote,
): Promise<{ readonly note: ArrivalNote; readonly condition: OwnCondition }> {
  const now = knownTime(look.tenant.serviceClock);
  const found = (await askCount(sendingOf(look), probeQuery(table, now), look.signal)) > 0;
  const isNews = found && note.stampedSince !== null && note.probedAt !== null;
  const since = isNews ? iso(note.probedAt ?? now) : '';
  const message = isNews
    ? `Rows of ${table.table} without ingestion time have begun to come since ${since}: windows have not asked for them, and do from now on. Search the time since then again with huntwire backfill.`
    : `Windows over ${table.table} ask for rows without ingestion time where there are any.`;
  return {
    note: probedNote(note, now, found),
    condition: condition(`${table.table} without ingestion time`, isNews, message),
  };
}

function condition(subject: string, firing: boolean, message: string): OwnCondition {
  return { code: 'late-arrivals', subject, firing, message, again: false, rule: null };
}

/** Open conditions about tables that nobody looks at any more are over. */
export async function resolveUnwatched({ tenant, deps }: ArrivalLook, tables: readonly ArrivalTable[]): Promise<void> {
  const watched = new Set(
    tables.flatMap(({ table, sets }) => [`${table} without ingestion time`, ...(sets.length > 0 ? [table] : [])]),
  );
  const open = (await deps.store.openHealth()).filter(
    ({ code, subject, ...record }) =>
      code === 'late-arrivals' && record.tenant === tenant.name && !watched.has(subject),
  );
  const over = open.map(({ subject }) => condition(subject, false, 'No rule that runs would miss such rows any more.'));
  await tellHealth(tenant, over, deps);
}

/** In the lowest lane, and higher the longer it waits. */
function sendingOf({ tenant, deps: { clock }, signal }: ArrivalLook): Sending {
  const dueAt = clock.monotonic();
  const turn = { item: null, kind: 'backlog', lane: 'backlog', dueAt, riseMs: RISE_MS } as const;
  return {
    source: tenant.source,
    admit: async () => {
      for (;;) {
        const { lane } = risenTurn(turn, clock.monotonic());
        const admission = await tenant.meter.admit(lane);
        if (admission.kind === 'go') return admission.call;
        await clock.sleep(Math.min(Math.max(admission.waitMs, 1), MINUTE_MS), signal);
      }
    },
    called: (ended) => noteCall(tenant, ended),
    monotonic: clock.monotonic,
  };
}

function iso(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');
}
