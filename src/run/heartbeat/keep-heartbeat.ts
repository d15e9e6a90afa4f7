import { healthAlertId } from '../../alerts/alert-id.ts';
import { makeHealthAlert } from '../../alerts/map/health-alert.ts';
import { endsRunner, toHuntwireError } from '../../lib/errors.ts';
import type { HealthRecord } from '../../state/outbox-store.ts';
import { messagesOf } from '../firing/messages.ts';
import type { RunDeps, Tenant } from '../tenant.ts';
import { createProof, lacksOf, type Proof } from './prove-source.ts';

/** How often a sign of life is given, and to whom. */
export interface Heartbeat {
  readonly everyMs: number;
  readonly target: string;
}

type HeartbeatDeps = Pick<RunDeps, 'store' | 'clock' | 'log' | 'committed'>;

/** After so many that are missing a receiver that is told when to expect the next one takes it that there is none. */
const EXPIRES_AFTER = 3;

/**
 * Gives a sign of life until `signal` aborts, each time that the source of a tenant has answered a query since the last one: an alert
 * of its own that goes through the outbox to its target, a revision later each time, and names the tenants that have not. Where none has, or
 * the last sign still waits, none is given, and the log says why. Never rejects but with what ends the runner.
 */
export async function keepHeartbeat(
  heartbeat: Heartbeat,
  tenants: readonly Tenant[],
  deps: HeartbeatDeps,
  signal: AbortSignal,
  proofs: readonly Proof[] = tenants.map((tenant) => createProof(tenant, heartbeat.everyMs, deps)),
): Promise<void> {
  const tell = createTeller(heartbeat.target, deps.log);
  while (!signal.aborted) {
    const startedAt = deps.clock.monotonic();
    const outcome = await beat(heartbeat, proofs, deps, signal).catch(afterFault);
    if (!signal.aborted) tell(outcome);
    const waitMs = Math.max(0, startedAt + heartbeat.everyMs - deps.clock.monotonic());
    await deps.clock.sleep(waitMs, signal).catch(() => undefined);
  }
}

/** What came of one go. */
interface BeatOutcome {
  /** Why no sign was given; null: one was. */
  readonly lack: string | null;
  /** Tenants that have not answered, each with why. */
  readonly missing: readonly string[];
}

/** Logs what has changed since the last go. */
function createTeller(target: string, log: RunDeps['log']): (outcome: BeatOutcome) => void {
  let before: BeatOutcome = { lack: null, missing: [] };
  return ({ lack, missing }) => {
    if (lack !== null && lack !== before.lack) log.warn('No heartbeat is sent.', { target, reason: lack });
    if (lack === null && before.lack !== null) log.info('Heartbeats are sent again.', { target });
    const isOther = missing.join() !== before.missing.join();
    if (lack === null && isOther && missing.length > 0)
      log.warn('A heartbeat is sent that lacks tenants.', { target, missing: missing.join('; ') });
    if (lack === null && isOther && missing.length === 0)
      log.info('A heartbeat is sent for every tenant again.', { target });
    before = { lack, missing };
  };
}

function afterFault(thrown: unknown): BeatOutcome {
  const error = toHuntwireError(thrown);
  if (endsRunner(error)) throw error;
  return { lack: `${error.code}: ${error.message}`, missing: [] };
}

async function beat(
  { everyMs, target }: Heartbeat,
  proofs: readonly Proof[],
  deps: HeartbeatDeps,
  signal: AbortSignal,
): Promise<BeatOutcome> {
  const lacks = await lacksOf(proofs, everyMs / 2, deps.clock, signal);
  const answered = proofs.filter((_, at) => lacks[at] === null).map((proof) => proof.tenant);
  const missing = lacks.filter((lack) => lack !== null);
  if (answered.length === 0 && missing.length > 0) return { lack: missing.join('; '), missing };
  const tenant = proofs[0]?.tenant ?? 'default';
  const open = (await deps.store.openHealth()).find(({ code, subject }) => code === 'heartbeat' && subject === target);
  if (open && (await deps.store.isWaiting(open.alertId, target)))
    return { lack: `the last one still waits for ${target}`, missing };
  const time = Math.round(deps.clock.now());
  const record = open ? { ...open, revision: open.revision + 1 } : firstRecord(tenant, target, time);
  const alert = makeHealthAlert({
    ...record,
    status: 'firing',
    time,
    message: messageOf(missing),
    details: {
      tenants: answered.join(', '),
      ...(missing.length > 0 && { missing: missing.join('; ') }),
      expires: iso(time + EXPIRES_AFTER * everyMs),
    },
  });
  const { code, subject } = record;
  await deps.store.commitHealth({
    alerts: [alert],
    messages: messagesOf(alert, [{ target }]),
    health: [{ tenant: record.tenant, code, subject, record }],
  });
  deps.committed();
  return { lack: null, missing };
}

function messageOf(missing: readonly string[]): string {
  const came = 'this one came through the outbox.';
  if (missing.length === 0) return `Every tenant has answered a query since the last heartbeat, and ${came}`;
  return `Tenants have answered queries since the last heartbeat, and ${came} These have not: ${missing.join('; ')}`;
}

function firstRecord(tenant: string, subject: string, since: number): HealthRecord {
  const code = 'heartbeat';
  return { tenant, code, subject, since, alertId: healthAlertId(tenant, code, subject, since), revision: 0 };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
