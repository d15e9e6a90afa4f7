import type { RunsAsked } from '../../actions/running/offers.ts';
import type { Host } from '../../app/host.ts';
import type { App } from '../../app.ts';
import { joinSignals } from '../../lib/abort.ts';
import { requireDuration } from '../../lib/duration.ts';
import { HuntwireError, toHuntwireError } from '../../lib/errors.ts';
import type { RunnableRule } from '../../rules/rule.ts';
import type { AskedTenant } from '../../run/desk/errands.ts';
import { requireRunHere } from '../../run/desk/run-here.ts';
import { emptyRun } from '../../run/empty/empty-run.ts';
import type { Tenant } from '../../run/tenant.ts';
import type { RunRecord } from '../../state/run-record.ts';
import { chosen } from '../choose-rules.ts';
import { runDocument } from '../run-document.ts';
import type { RunsDocument } from './relays/run-among.ts';

type RunGround = Pick<App, 'tenants' | 'runs'>;

/**
 * One turn as of now for each of the rules, among the turns of the schedules; what they have to catch up with the schedules do. A turn for
 * which the quota has no room before the end of `wait` is not taken; one that has begun is waited for.
 */
export async function runRulesNow(
  { tenants, runs }: RunGround,
  { rule: ids = [], wait = '30s' }: RunsAsked,
  { clock }: Pick<Host, 'clock'>,
  signal: AbortSignal,
): Promise<RunsDocument> {
  const startedAt = new Date(clock.now()).toISOString();
  const waitMs = requireDuration(wait, 'wait');
  const all = tenants.flatMap((tenant) => tenant.rules);
  const wanted = new Set(chosen(all, ids).map(({ id }) => id));
  const late = new AbortController();
  const over = new AbortController();
  clock.sleep(waitMs, over.signal).then(
    () => late.abort(),
    () => undefined,
  );
  const joined = joinSignals([signal, late.signal]);
  const asking = { runs, signal: joined.signal };
  try {
    const found = await Promise.all(
      tenants.flatMap((tenant) =>
        tenant.rules
          .filter(({ id, status }) => wanted.has(id) && status !== 'disabled')
          .map((rule) => askOne(tenant, rule, asking)),
      ),
    );
    const records = found.filter((run) => run !== null);
    return { startedAt, endedAt: new Date(clock.now()).toISOString(), runs: records.map(runDocument), deliveries: [] };
  } finally {
    over.abort();
    joined.release();
  }
}

/** Null: there was nothing to ask. */
async function askOne(
  tenant: AskedTenant,
  { id: ruleId }: RunnableRule,
  { runs, signal }: Pick<RunGround, 'runs'> & { readonly signal: AbortSignal },
): Promise<RunRecord | null> {
  try {
    const report = await requireRunHere(tenant).ask({ ruleId, kind: 'due' }, signal);
    return report?.run ?? null;
  } catch (thrown) {
    const error = toHuntwireError(thrown);
    const { code, message } = signal.aborted && error.code === 'ABORTED' ? noRoom(tenant) : error;
    if (code.startsWith('STATE_') && code !== 'STATE_LOCKED') throw thrown;
    const outcome = code === 'SOURCE_QUOTA' ? 'throttled' : 'failed';
    return emptyRun(tenant, { runId: runs.newRunId(), ruleId, outcome, error: { code, message } }, runs.clock.now());
  }
}

function noRoom({ name }: Tenant): HuntwireError {
  const message = `The turn did not come in time among those of tenant ${name}. Wait longer with "wait", or ask again.`;
  return new HuntwireError('SOURCE_QUOTA', message, { retryable: true });
}
