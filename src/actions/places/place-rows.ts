import { HOUR_MS } from '../../lib/duration.ts';
import { circuitOf } from '../../outbox/circuit.ts';
import { type Fallback, isDown } from '../../outbox/stand-in.ts';
import { readSkew } from '../../run/clock/stored-skew.ts';
import { paceAt, restraintLeft, UNRESTRAINED } from '../../sources/quota/restraint.ts';
import { pauseLeft } from '../../sources/quota/stored-pause.ts';
import type { ApiName, StoredRestraint } from '../../sources/source.ts';
import type { TargetCounts, TargetNotes, TargetState } from '../../state/outbox-store.ts';
import type { StoreReader } from '../../state/store.ts';
import type { HealthRow, TargetRow, TargetSeen, TenantRow } from './place-row.ts';

/** The configuration, as far as it says which tenants and targets there are. */
export interface ConfiguredPlaces {
  readonly tenants: readonly { readonly name: string; readonly source: { readonly api: string } }[];
  readonly targets: ReadonlyMap<string, unknown>;
  readonly fallbacks: ReadonlyMap<string, Fallback>;
}

type PlaceReads = Omit<StoreReader, 'close'>;

/** Our clock minus each service's as it was known last, ms; what is not known counts as none. */
export type Skews = ReadonlyMap<string, number>;

export async function skewsOf(config: ConfiguredPlaces, store: PlaceReads): Promise<Skews> {
  const skews = config.tenants.map(async ({ name }) => [name, (await readSkew(store.cache, name)) ?? 0] as const);
  return new Map(await Promise.all(skews));
}

/** Calls and run time are of the last hour. */
export async function tenantRows(
  config: ConfiguredPlaces,
  store: PlaceReads,
  skews: Skews,
  now: number,
): Promise<readonly TenantRow[]> {
  const blocks = (await store.openHealth()).filter(({ code }) => code === 'tenant-blocked');
  const rows = config.tenants.map(async ({ name, source }) => {
    const block = blocks.find(({ tenant }) => tenant === name);
    const [told] = block ? await store.alertsById(block.alertId) : [];
    const skewMs = skews.get(name) ?? 0;
    const theirs = now - skewMs;
    const api = source.api as ApiName;
    const calls = await store.quota.calls(name, api, theirs - HOUR_MS);
    const pause = await store.quota.pauseOf(name, api);
    const pausedMs = pause ? pauseLeft(pause, theirs) : 0;
    return {
      tenant: name,
      api,
      blocked: block ? (told?.description ?? 'It cannot be asked as it is configured.') : null,
      pausedUntil: pausedMs > 0 ? new Date(theirs + pausedMs).toISOString() : null,
      calls: calls.length,
      runSeconds: Math.round(calls.reduce((sum, call) => sum + call.runMs, 0) / 1000),
      ...slowing(await store.quota.restraintOf(name, api), pausedMs > 0, theirs),
      skewSeconds: Math.round(skewMs / 1000),
    };
  });
  return Promise.all(rows);
}

function slowing(
  stored: StoredRestraint | null,
  isPaused: boolean,
  now: number,
): Pick<TenantRow, 'slowedBy' | 'pace' | 'lowHeldUntil'> {
  const restraint = stored ? restraintLeft(stored, now, now) : UNRESTRAINED;
  const pace = Math.round(paceAt(restraint, now) * 100) / 100;
  const isHeld = restraint.heldUntil > now;
  return {
    slowedBy: isPaused || isHeld || pace < 1 ? restraint.cause : null,
    pace,
    lowHeldUntil: isHeld ? new Date(restraint.heldUntil).toISOString() : null,
  };
}

/** All that is kept of finished deliveries is looked through where it was not yet. */
export async function targetRows(config: ConfiguredPlaces, store: PlaceReads): Promise<readonly TargetRow[]> {
  const seen = await targetsSeen(config, store, true);
  return seen.map((row) => ({ ...row, state: row.state === 'unread' ? 'unused' : row.state }));
}

export async function targetsSeen(
  config: ConfiguredPlaces,
  store: PlaceReads,
  looksBack: boolean,
): Promise<readonly TargetSeen[]> {
  const counts = new Map((await store.targetCounts()).map((count) => [count.target, count]));
  const names = new Set([...config.targets.keys(), ...counts.keys()]);
  const allNotes = await store.targetNotes([...names], looksBack);
  const rows = [...names].map(async (name) => {
    const state = await store.targetState(name);
    const row = targetRow(state, counts.get(name), allNotes.get(name) ?? NO_NOTES, config.targets.has(name));
    const now = store.outboxNow();
    return { ...row, circuit: circuitOf(state, now), fallback: fallbackRow(config.fallbacks.get(name), state, now) };
  });
  return Promise.all(rows);
}

const NO_NOTES: TargetNotes = { attempts: 0, reason: null, hasDelivered: false, lastFailure: null, inDigest: 0 };

function targetRow(
  { target, blockedSince, reason }: TargetState,
  counts: TargetCounts | undefined,
  notes: TargetNotes,
  isConfigured: boolean,
): Omit<TargetSeen, 'circuit' | 'fallback'> {
  const { pending = 0, oldestAt = null, dead = 0 } = counts ?? {};
  const isBlocked = blockedSince !== null;
  return {
    target,
    state: isConfigured ? (isBlocked ? 'blocked' : stateOf(notes)) : 'removed',
    pending,
    oldestAt: oldestAt === null ? null : new Date(oldestAt).toISOString(),
    dead,
    inDigest: notes.inDigest,
    blockedSince: blockedSince === null ? null : new Date(blockedSince).toISOString(),
    attempts: notes.attempts,
    reason: isBlocked ? reason : (notes.reason ?? notes.lastFailure),
  };
}

/** `now` is outbox time. */
function fallbackRow(fallback: Fallback | undefined, state: TargetState, now: number): TargetRow['fallback'] {
  return fallback ? { target: fallback.target, active: isDown(state, fallback, now) } : null;
}

/** Only what has taken its newest alert is ok: of what was never handed anything nothing is known. */
function stateOf({ attempts, hasDelivered, lastFailure }: TargetNotes): TargetSeen['state'] {
  if (attempts > 0) return 'retrying';
  if (lastFailure !== null) return 'failing';
  if (hasDelivered === null) return 'unread';
  return hasDelivered ? 'ok' : 'unused';
}

export async function healthRows(store: PlaceReads): Promise<readonly HealthRow[]> {
  // A heartbeat is no trouble.
  const open = (await store.openHealth()).filter(({ code }) => code !== 'heartbeat');
  return open.map(({ tenant, code, subject, since }) => ({
    tenant,
    code,
    subject,
    since: new Date(since).toISOString(),
  }));
}
