import type { Command } from 'commander';
import { readTime } from '../../actions/read-time.ts';
import { HuntwireError } from '../../lib/errors.ts';
import type { DeadLetterFilter } from '../../state/outbox-store.ts';
import type { CommonOptions } from '../options.ts';

/** Which dead letters a verb is about; all that is given must hold. */
export interface FilterOptions extends CommonOptions {
  readonly target?: string;
  readonly reason?: string;
  readonly since?: string;
  readonly alert?: string;
}

export function withFilter(command: Command): Command {
  return command
    .option('--target <name>', 'only of this target')
    .option('--reason <text>', 'only where the reason holds this text')
    .option('--since <time>', 'only tried last since then: 2026-01-31T08:00:00Z, or 14d back from now')
    .option('--alert <id>', 'only of alerts whose id begins so');
}

/** Whether anything narrows what is asked for. */
export function isFiltered({ target, reason, since, alert }: FilterOptions): boolean {
  return [target, reason, since, alert].some((one) => one !== undefined);
}

export function filterOf(options: FilterOptions, given: readonly string[], now: number): DeadLetterFilter {
  const { target, reason, since, alert } = options;
  return {
    target: target ?? null,
    ids: given.length > 0 ? letterNumbers(given) : null,
    ...(reason !== undefined && { reason }),
    ...(since !== undefined && { since: readTime(since, '--since', now) }),
    ...(alert !== undefined && { alertPrefix: alert }),
  };
}

export function letterNumbers(ids: readonly string[]): readonly number[] {
  return ids.map((id) => {
    if (!/^\d{1,15}$/.test(id)) throw new HuntwireError('USAGE', `"${id}" is no number of a dead letter.`);
    return Number(id);
  });
}
