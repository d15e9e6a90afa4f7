import type { Clock } from '../../lib/clock.ts';
import { readSkew } from '../../run/clock/stored-skew.ts';
import type { HiddenTotal, SilenceRecord } from '../../state/silence-store.ts';
import type { StoreReader } from '../../state/store.ts';
import { A_TEXT, AN_INTEGER, gives, listOf, oneOf, TEXT_OR_NULL } from '../schema.ts';

/** A silence or maintenance of the configuration. Times are epoch ms. */
export interface ConfiguredSilence {
  readonly id: string;
  readonly counts: 'silenced' | 'maintenance';
  readonly match: readonly { readonly text: string }[];
  readonly owner: string;
  readonly reason: string;
  readonly starts: number | null;
  /** null: it is maintenance. */
  readonly ends: number | null;
  readonly spanAt: (time: number) => { readonly until: number } | null;
}

export interface SilencesOf {
  readonly silences: readonly ConfiguredSilence[];
}

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

/** What the actions about silences give. */
export const SILENCES_DOCUMENT = gives({
  silences: listOf(
    gives({
      id: A_TEXT,
      match: listOf(A_TEXT),
      owner: A_TEXT,
      reason: A_TEXT,
      starts: TEXT_OR_NULL,
      ends: A_TEXT,
      hidden: AN_INTEGER,
      state: oneOf(['planned', 'active', 'ended']),
      from: oneOf(['configuration', 'state']),
    }),
  ),
});

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
export async function serviceTime(
  clock: Pick<Clock, 'now'>,
  { tenants: [tenant] }: { readonly tenants: readonly { readonly name: string }[] },
  store: Pick<StoreReader, 'cache'>,
): Promise<number> {
  const skewMs = tenant ? await readSkew(store.cache, tenant.name) : null;
  return Math.round(clock.now() - (skewMs ?? 0));
}

/** Those of the configuration, then those of the state. */
export async function silenceRows(
  config: SilencesOf,
  store: Pick<StoreReader, 'silences' | 'hiddenTotals'>,
  now: number,
): Promise<readonly SilenceRow[]> {
  const totals = await store.hiddenTotals();
  const configured = config.silences.flatMap((one) => configuredOf(one) ?? []);
  const added = (await store.silences()).map((record): Known => ({ ...record, from: 'state' }));
  return [...configured, ...added].map((one) => silenceRowOf(one, totals, now));
}

function configuredOf({ id, match, owner, reason, starts, ends }: ConfiguredSilence): Known | null {
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
  { silences }: SilencesOf,
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
