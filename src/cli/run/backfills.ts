import type { BackfillAsked } from '../../actions/running/offers.ts';
import { orAborted, withDeadline } from '../../lib/abort.ts';
import { DAY_MS, MINUTE_MS, requireDuration } from '../../lib/duration.ts';
import { HuntwireError } from '../../lib/errors.ts';
import type { RunnableRule } from '../../rules/rule.ts';
import { requireRunHere } from '../../run/desk/run-here.ts';
import type { Tenant } from '../../run/tenant.ts';
import type { BackfillWish } from '../../state/store.ts';
import {
  type BackfillDocument,
  type BackfillSum,
  backfillDocument,
  backfillWords,
  startSum,
} from '../backfill/backfill-document.ts';
import { estimateOf } from '../backfill/estimate.ts';
import { readWish } from '../backfill/read-wish.ts';
import { chosen } from '../choose-rules.ts';
import { chooseTenant } from '../choose-tenant.ts';
import {
  type BackfillGround,
  type BackfillMeans,
  beginBackfill,
  type OngoingBackfill,
  ongoingDocument,
} from './ongoing-backfill.ts';

/** Backfills that go on in a process that runs: one a rule at a time. */
export interface Backfills {
  /** Begins one, or follows the one that goes on, and waits for its end as long as the caller wants to. */
  ask(asked: BackfillAsked, signal: AbortSignal, by: string): Promise<BackfillDocument>;
  /** Stops them; each can be gone on with later. */
  close(): Promise<void>;
}

interface Keeping {
  readonly app: BackfillGround;
  readonly host: BackfillMeans;
  /** By tenant and rule. */
  readonly known: Map<string, OngoingBackfill>;
}

interface Asking extends Keeping {
  /** Who asks, for the audit. */
  readonly by: string;
}

const WAIT = '10s';
const LONGEST_WAIT_MS = 5 * MINUTE_MS;
/** So long what came of one is kept for whoever asks for the same range. */
const KEPT_MS = DAY_MS;

export function createBackfills(app: BackfillGround, host: BackfillMeans): Backfills {
  const keeping: Keeping = { app, host, known: new Map() };
  return {
    ask: (asked, signal, by) => ask({ ...keeping, by }, asked, signal),
    close: async () => {
      const all = [...keeping.known.values()];
      for (const { stop } of all) stop.abort(stopped('The process ends.'));
      await Promise.all(all.map(({ done }) => done));
    },
  };
}

async function ask(keeping: Asking, asked: BackfillAsked, signal: AbortSignal): Promise<BackfillDocument> {
  const { app, host, known } = keeping;
  const waitMs = Math.min(LONGEST_WAIT_MS, requireDuration(asked.wait ?? WAIT, 'wait'));
  const tenant = chooseTenant(app.tenants, asked.tenant);
  requireRunHere(tenant);
  const [rule] = chosen(tenant.rules, [asked.rule]);
  if (!rule) throw new HuntwireError('USAGE', `There is no rule "${asked.rule}".`);
  const key = JSON.stringify([tenant.name, rule.id]);
  if (asked.cancel === true) return cancel(keeping, known.get(key), rule.id);
  const wish = wishOf(asked, host);
  const followedNow = (): OngoingBackfill | null => followed(known.get(key), wish, host.clock.monotonic());
  const before = asked.dryRun === true ? null : followedNow();
  const sum = before?.sum ?? (await planned(keeping, tenant, rule, wish));
  if (asked.dryRun === true) return backfillDocument({ ...sum, dryRun: true });
  // While it was planned, somebody else may have begun one.
  const one = before ?? followedNow() ?? beginBackfill(app, host, sum);
  const isNew = known.get(key) !== one;
  known.set(key, one);
  if (isNew) await noteBackfill(keeping, rule.id, backfillWords(tenant.name, wish));
  await ended(one, waitMs, signal, host);
  if (one.end && known.get(key) === one) known.delete(key);
  return ongoingDocument(one);
}

function wishOf({ from, to = 'now', noLimit = false, retell }: BackfillAsked, { clock }: BackfillMeans): BackfillWish {
  return readWish({ clock }, { from, to, limit: !noLimit, ...(retell !== undefined && { retell }) });
}

/** The one that who wants this follows, as it goes on or for what came of it; null: a new one begins. Throws ACTION_BUSY where another goes on. */
function followed(open: OngoingBackfill | undefined, wish: BackfillWish, now: number): OngoingBackfill | null {
  if (!open) return null;
  const { wish: own, rule } = open.sum;
  const isSame =
    own.from === wish.from && own.to === wish.to && own.noLimit === wish.noLimit && own.retell === wish.retell;
  if (isSame && (open.end === null || now - open.end.at < KEPT_MS)) return open;
  if (open.end) return null;
  const range = `from ${new Date(own.from).toISOString()} to ${new Date(own.to).toISOString()}`;
  const message = `A backfill of rule ${rule} ${range} goes on: ask for that range to follow it, or cancel it.`;
  throw new HuntwireError('ACTION_BUSY', message, { retryable: true, retryAfterMs: MINUTE_MS });
}

async function cancel(keeping: Asking, open: OngoingBackfill | undefined, ruleId: string): Promise<BackfillDocument> {
  if (!open || open.end) throw new HuntwireError('NOT_FOUND', `No backfill of rule ${ruleId} goes on.`);
  open.stop.abort(stopped('It was cancelled.'));
  await noteBackfill(keeping, ruleId, { cancelled: true });
  await open.done;
  return ongoingDocument(open);
}

async function noteBackfill({ app, host, by }: Asking, subject: string, after: unknown): Promise<void> {
  const asked = { who: by, at: host.clock.now() };
  await app.store.noteAudit({ ...asked, action: 'backfill_rule', subject, before: null, after });
}

function stopped(message: string): HuntwireError {
  return new HuntwireError('ABORTED', message);
}

async function planned(
  { app, host }: Keeping,
  tenant: Tenant,
  rule: RunnableRule,
  wish: BackfillWish,
): Promise<BackfillSum> {
  const { store, runs } = app;
  const { source, serviceClock } = tenant;
  const state = await store.ruleState(tenant.name, rule.id);
  const now = serviceClock.now() ?? host.clock.now();
  const estimate = estimateOf(rule, wish, { source, state, now, settings: runs.settings });
  return startSum(tenant.name, rule.id, wish, estimate);
}

/** Waits for the end, but not longer than that: the backfill goes on all the same. */
async function ended(
  { done }: OngoingBackfill,
  ms: number,
  signal: AbortSignal,
  { clock }: BackfillMeans,
): Promise<void> {
  await withDeadline(clock, ms, signal, (inner) => orAborted(done, inner));
}
