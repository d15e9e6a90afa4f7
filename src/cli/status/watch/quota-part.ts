import type { TenantRow } from '../../../actions/places/place-row.ts';
import { formatDuration, SECOND_MS } from '../../../lib/duration.ts';
import { countOf } from '../../../lib/text.ts';
import { timeText } from '../../terminal/time-text.ts';
import type { BoardInput, BoardPart } from './board-input.ts';
import { type BoardCell, boardLine, type Paint, restOf } from './board-line.ts';

const BAR = 20;

/** A bar for each tenant: its calls beside those that it may make. */
export function quotaPart({ status, callsPerHour }: BoardInput, columns: number, paint: Paint): BoardPart {
  const lines = status.tenants.map((tenant) => {
    const limit = callsPerHour.get(tenant.tenant) ?? null;
    const name = Math.min(24, Math.max(8, Math.floor(columns / 4)));
    const bar = limit === null ? '' : barOf(tenant.calls / limit);
    const cells: readonly BoardCell[] = [
      { text: tenant.tenant, width: name },
      { text: bar, width: BAR, colour: limit !== null && tenant.calls >= limit * 0.9 ? 'red' : 'green' },
      { text: quotaText(tenant, limit), width: restOf(columns, [name, BAR]) },
    ];
    return boardLine(cells, paint);
  });
  return { title: 'QUOTA (calls of the last hour)', lines };
}

function barOf(share: number): string {
  const full = Math.min(BAR, Math.max(share > 0 ? 1 : 0, Math.round(share * BAR)));
  return '█'.repeat(full) + '░'.repeat(BAR - full);
}

function quotaText({ calls, pausedUntil, runSeconds, pace }: TenantRow, limit: number | null): string {
  const of = limit === null ? countOf(calls, 'call') : `${calls} of ${limit}`;
  const paused = pausedUntil === null ? '' : `, paused until ${timeText(pausedUntil)}`;
  const slow = pace < 1 ? `, at ${Math.round(pace * 100)} %` : '';
  return `${of}, ${formatDuration(runSeconds * SECOND_MS)} of run time${slow}${paused}`;
}
