import { healthAlertId } from '../../alerts/alert-id.ts';
import { makeHealthAlert } from '../../alerts/map/health-alert.ts';
import { endsRunner, toHuntwireError } from '../../lib/errors.ts';
import type { HealthRecord } from '../../state/outbox-store.ts';
import { messagesOf } from '../firing/messages.ts';
import type { RunDeps, Tenant } from '../tenant.ts';
import { createProof, type Proof } from './prove-source.ts';

/** How often a sign of life is given, and to whom. */
export interface Heartbeat {
  readonly everyMs: number;
  readonly target: string;
}

type HeartbeatDeps = Pick<RunDeps, 'store' | 'clock' | 'log' | 'committed'>;

/** After so many that are missing a receiver that is told when to expect the next one takes it that there is none. */
const EXPIRES_AFTER = 3;

/**
 * Gives a sign of life until `signal` aborts, each time that the source of every tenant has answered a query since the last one: an alert
 * of its own that goes through the outbox to its target, a revision later each time. Where a source does not answer, or the last sign still waits,
 * none is given, and the log says why. Never rejects but with what ends the runner.
 */
export async function keepHeartbeat(
  heartbeat: Heartbeat,
  tenants: readonly Tenant[],
  deps: HeartbeatDeps,
  signal: AbortSignal,
): Promise<void> {
  const proofs = tenants.map((tenant) => createProof(tenant, heartbeat.everyMs, deps));
  let lack: string | null = null;
  while (!signal.aborted) {
    const startedAt = deps.clock.monotonic();
    const found = await beat(heartbeat, proofs, deps, signal).catch(afterFault);
    if (found !== null && found !== lack && !signal.aborted)
      deps.log.warn('No heartbeat is sent.', { target: heartbeat.target, reason: found });
    if (found === null && lack !== null) deps.log.info('Heartbeats are sent again.', { target: heartbeat.target });
    lack = found;
    const waitMs = Math.max(0, startedAt + heartbeat.everyMs - deps.clock.monotonic());
    await deps.clock.sleep(waitMs, signal).catch(() => undefined);
  }
}

function afterFault(thrown: unknown): string {
  const error = toHuntwireError(thrown);
  if (endsRunner(error)) throw error;
  return `${error.code}: ${error.message}`;
}

/** Null where a sign was given; else why not. */
async function beat(
  { everyMs, target }: Heartbeat,
  proofs: readonly Proof[],
  deps: HeartbeatDeps,
  signal: AbortSignal,
): Promise<string | null> {
  const lacks = await Promise.all(proofs.map((proof) => proof.lack(signal)));
  const missing = lacks.filter((lack) => lack !== null);
  if (missing.length > 0) return missing.join('; ');
  const tenant = proofs[0]?.tenant ?? 'default';
  const open = (await deps.store.openHealth()).find(({ code, subject }) => code === 'heartbeat' && subject === target);
  if (open && (await deps.store.isWaiting(open.alertId, target))) return `the last one still waits for ${target}`;
  const time = Math.round(deps.clock.now());
  const record = open ? { ...open, revision: open.revision + 1 } : firstRecord(tenant, target, time);
  const alert = makeHealthAlert({
    ...record,
    status: 'firing',
    time,
    message: 'Every tenant has answered a query since the last heartbeat, and this one came through the outbox.',
    details: { tenants: proofs.map((proof) => proof.tenant).join(', '), expires: iso(time + EXPIRES_AFTER * everyMs) },
  });
  const { code, subject } = record;
  await deps.store.commitHealth({
    alerts: [alert],
    messages: messagesOf(alert, [{ target }]),
    health: [{ tenant: record.tenant, code, subject, record }],
  });
  deps.committed();
  return null;
}

function firstRecord(tenant: string, subject: string, since: number): HealthRecord {
  const code = 'heartbeat';
  return { tenant, code, subject, since, alertId: healthAlertId(tenant, code, subject, since), revision: 0 };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
