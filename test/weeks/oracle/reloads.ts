import type { Week } from '../world/play.ts';
import { type Finding, iso } from './finding.ts';

const MINUTE_MS = 60_000;

/** A reload that is refused is told at once, unless an earlier one still is or the process ends. */
export function checkReloads({ records }: Pick<Week, 'records'>): readonly Finding[] {
  let isTold = false;
  return records.flatMap((record, index): readonly Finding[] => {
    if (record.kind === 'health')
      for (const { health, status } of record.commit.alerts)
        if (health?.code === 'reload-refused') isTold = status === 'firing';
    if (record.kind !== 'reload' || !record.refused || isTold) return [];
    const soon = records.slice(index + 1).filter(({ at }) => at <= record.at + MINUTE_MS);
    const isExcused = soon.some((one) => one.kind === 'end' || (one.kind === 'health' && isRefusal(one)));
    if (isExcused) return [];
    return [{ kind: 'unalerted', subject: 'configuration', message: `${iso(record.at)}: no alert tells the refusal` }];
  });
}

function isRefusal({ commit }: Extract<Week['records'][number], { readonly kind: 'health' }>): boolean {
  return commit.alerts.some(({ health, status }) => health?.code === 'reload-refused' && status === 'firing');
}
