import type { App } from '../app.ts';
import type { Config } from '../config/config.ts';
import { addedTables, useAddedTables } from '../kql/schemas/added-tables.ts';
import type { Clock } from '../lib/clock.ts';
import { type Problem, toHuntwireError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import { countOf } from '../lib/text.ts';
import { tellBroken } from '../run/opening/tell-broken.ts';
import { tellHealth } from '../run/tell-health.ts';
import type { ReloadChange, ReloadRecord, ReloadTrigger } from '../state/runner-record.ts';
import { REFUSED_SUBJECT, tellRefusals } from './tell-refusals.ts';

export interface ReloadDeps {
  readonly app: Pick<App, 'follow' | 'tenants' | 'runs' | 'charge' | 'runner' | 'leased'>;
  /** Reads the configuration as it is now; throws where it is wrong. */
  readonly read: () => Config;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

/**
 * Reads everything again and tells what came of it, in the log, in the state for `status`, and where it was refused by a health alert until
 * one is not. The audit has it under the name of `who` asked. Never rejects. One at a time: who asks while one goes on gets what the next one comes to.
 */
export type Reload = (trigger: ReloadTrigger, who?: string) => Promise<ReloadRecord>;

const MOST_PROBLEMS = 100;
/** The log has one line for each of so many changes, and a count of the rest. */
const MOST_LINES = 50;

export function createReload(deps: ReloadDeps): Reload {
  let going = Promise.resolve<unknown>(null);
  let waiting: Promise<ReloadRecord> | null = null;
  return (trigger, who = trigger) => {
    if (waiting) return waiting;
    const next = going.then(async () => {
      waiting = null;
      const record = await reloadOnce(trigger, deps);
      await tellBestEffort(deps, () => noteReload(record, who, deps));
      return record;
    });
    waiting = next;
    going = next;
    return next;
  };
}

/** An alert of an earlier process that a reload was refused is over: it read everything when it started. */
export async function resolveRefusal({ app }: ResolveDeps): Promise<void> {
  if (app.leased) {
    await app.leased.book.refusals.note(null);
    return tellRefusals({ app });
  }
  const runs = app.charge();
  if (!runs) return;
  for (const tenant of app.tenants) await tellHealth(tenant, [condition(false, 'Everything was read again.')], runs);
}

interface ResolveDeps {
  readonly app: Pick<App, 'tenants' | 'charge' | 'leased'>;
}

async function reloadOnce(trigger: ReloadTrigger, deps: ReloadDeps): Promise<ReloadRecord> {
  const { app, read, clock, log } = deps;
  log.info('reading everything again', { trigger });
  const tables = addedTables();
  try {
    const changes = await app.follow(read(), trigger);
    logChanges(changes, log);
    await tellBestEffort(deps, () => resolveRefusal(deps));
    const runs = app.charge();
    if (runs) await tellBestEffort(deps, () => tellBroken(app.tenants, [], runs));
    const outcome = changes.length > 0 ? 'applied' : 'unchanged';
    return { at: clock.now(), trigger, outcome, changes, problems: [] };
  } catch (thrown) {
    useAddedTables(tables);
    return refuse(toHuntwireError(thrown), trigger, deps);
  }
}

/** What the audit names of what changed. */
const MOST_NAMED = 50;

async function noteReload({ outcome, changes, problems, at }: ReloadRecord, who: string, { app }: ReloadDeps) {
  const named = changes.slice(0, MOST_NAMED).map(({ kind, name, how }) => `${kind} ${name}: ${how}`);
  const after = { outcome, changes: changes.length, named, problems: problems.length };
  await app.runs.store.noteAudit({ who, at, action: 'reload', subject: REFUSED_SUBJECT, before: null, after });
}

async function refuse(
  { code, message, problems }: ReturnType<typeof toHuntwireError>,
  trigger: ReloadTrigger,
  deps: ReloadDeps,
): Promise<ReloadRecord> {
  const { app, clock, log } = deps;
  const all: readonly Problem[] =
    problems.length > 0 ? problems : [{ file: null, line: null, column: null, code, message }];
  log.error('what was read again is wrong: all stays as it was', { trigger, code, reason: message });
  const told = all.slice(0, MOST_PROBLEMS);
  const record: ReloadRecord = { at: clock.now(), trigger, outcome: 'refused', changes: [], problems: told };
  // The process ends, and nothing that was read is wrong.
  if (code === 'ABORTED') return record;
  await tellBestEffort(deps, async () => {
    await app.runner.noteReload(record);
    if (app.leased) {
      await app.leased.book.refusals.note(refusalText(all));
      return tellRefusals({ app });
    }
    const [tenant] = app.tenants;
    const runs = app.charge();
    if (tenant && runs) await tellHealth(tenant, [condition(true, refusalText(all))], runs);
  });
  return record;
}

function refusalText(problems: readonly Problem[]): string {
  const [first] = problems;
  const place = [first?.file, first?.line, first?.column].filter((part) => part !== null && part !== undefined);
  const where = place.length > 0 ? `${place.join(':')}: ` : '';
  return `What was read again has ${countOf(problems.length, 'problem')}, and all goes on as it was before: ${where}${first?.message ?? ''} "huntwire status" shows all of them; once they are mended, let it be read again.`;
}

function condition(firing: boolean, message: string): Parameters<typeof tellHealth>[1][number] {
  return { code: 'reload-refused', subject: REFUSED_SUBJECT, firing, message, again: false, rule: null };
}

/** The state may be busy: what could not be told is in the log. */
async function tellBestEffort({ log }: ReloadDeps, tell: () => Promise<void>): Promise<void> {
  try {
    await tell();
  } catch (thrown) {
    const { code, message } = toHuntwireError(thrown);
    log.warn('what came of a reload could not be told', { code, reason: message });
  }
}

function logChanges(changes: readonly ReloadChange[], log: Log): void {
  for (const { kind, name, tenant, how } of changes.slice(0, MOST_LINES)) {
    const fields = { kind, name, ...(tenant !== null && { tenant }) };
    if (how === 'waits') log.warn('a setting was changed that holds from the next start on', fields);
    else log.info(`reload: ${how}`, fields);
  }
  log.info(changes.length > 0 ? 'everything was read again' : 'everything was read again, and nothing has changed', {
    changes: changes.length,
  });
}
