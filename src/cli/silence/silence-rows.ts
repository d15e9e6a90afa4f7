import type { Config, SilenceConfig } from '../../config/config.ts';
import { readSkew } from '../../run/clock/stored-skew.ts';
import type { HiddenTotal, SilenceRecord } from '../../state/silence-store.ts';
import type { StoreReader } from '../../state/store.ts';
import { printTable } from '../terminal/print.ts';
import { timeText } from '../terminal/time-text.ts';
import type { World } from '../terminal/world.ts';

/** A silence in machine output; times are ISO texts. */
export interface SilenceRow {
  readonly id: string;
  readonly match: readonly string[];
  readonly owner: string;
  readonly reason: string;
  readonly starts: string | null;
  readonly ends: string;
  /** Hits and health alerts that it hid so far, in all tenants. */
  readonly hidden: number;
  readonly state: 'planned' | 'active' | 'ended';
  readonly from: 'configuration' | 'state';
}

export interface MaintenanceRow {
  readonly name: string;
  readonly match: readonly string[];
  readonly owner: string;
  readonly reason: string;
  /** null: it is not on at the moment. */
  readonly until: string | null;
  /** In all of its spans of the last 30 days. */
  readonly hidden: number;
}

type Known = Pick<SilenceRecord, 'id' | 'match' | 'owner' | 'reason' | 'starts' | 'ends'> & Pick<SilenceRow, 'from'>;

/** Now by the service's clock, as it was known last: silences are compared with that. */
export async function serviceTime(world: World, config: Config, store: Pick<StoreReader, 'cache'>): Promise<number> {
  const [tenant] = config.tenants;
  const skewMs = tenant ? await readSkew(store.cache, tenant.name) : null;
  return Math.round(world.clock.now() - (skewMs ?? 0));
}

/** Those of the configuration, then those of the state. */
export async function silenceRows(
  config: Config,
  store: Pick<StoreReader, 'silences' | 'hiddenTotals'>,
  now: number,
): Promise<readonly SilenceRow[]> {
  const totals = await store.hiddenTotals();
  const configured = config.silences.flatMap((one) => configuredOf(one) ?? []);
  const added = (await store.silences()).map((record): Known => ({ ...record, from: 'state' }));
  return [...configured, ...added].map((one) => silenceRowOf(one, totals, now));
}

function configuredOf({ id, match, owner, reason, starts, ends }: SilenceConfig): Known | null {
  if (ends === null) return null;
  return { id, match: match.map(({ text }) => text), owner, reason, starts, ends, from: 'configuration' };
}

export function silenceRowOf(one: Known, totals: readonly HiddenTotal[], now: number): SilenceRow {
  const { id, match, owner, reason, starts, ends, from } = one;
  const own = totals.filter((total) => total.counts === 'silenced' && total.id === id);
  const state = ends <= now ? 'ended' : starts !== null && starts > now ? 'planned' : 'active';
  const hidden = own.reduce((sum, { hits }) => sum + hits, 0);
  const times = { starts: starts === null ? null : iso(starts), ends: iso(ends) };
  return { id, match, owner, reason, ...times, hidden, state, from };
}

export async function maintenanceRows(
  { silences }: Config,
  store: Pick<StoreReader, 'hiddenTotals'>,
  now: number,
): Promise<readonly MaintenanceRow[]> {
  const totals = await store.hiddenTotals();
  return silences
    .filter(({ counts }) => counts === 'maintenance')
    .map(({ id, match, owner, reason, spanAt }) => {
      const span = spanAt(now);
      const own = totals.filter((total) => total.counts === 'maintenance' && total.id === id);
      const hidden = own.reduce((sum, { hits }) => sum + hits, 0);
      return { name: id, match: match.map(({ text }) => text), owner, reason, until: span && iso(span.until), hidden };
    });
}

function iso(time: number): string {
  return new Date(time).toISOString();
}

export function printSilences(world: World, silences: readonly SilenceRow[]): void {
  const rows = silences.map((one) => [
    one.id,
    one.state,
    one.starts === null ? '-' : timeText(one.starts),
    timeText(one.ends),
    String(one.hidden),
    one.owner,
    one.match.join(', '),
    one.reason,
  ]);
  printTable(world, ['ID', 'STATE', 'STARTS', 'ENDS', 'HIDDEN', 'OWNER', 'MATCH', 'REASON'], rows);
}
