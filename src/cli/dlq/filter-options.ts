import type { Command } from 'commander';
import type { LetterFilter } from '../../actions/letters/letter-filter.ts';
import type { CommonOptions } from '../options.ts';

export type FilterOptions = CommonOptions & LetterFilter;

export function withFilter(command: Command): Command {
  return command
    .option('--target <name>', 'only of this target')
    .option('--reason <text>', 'only where the reason holds this text')
    .option('--since <time>', 'only tried last since then: 2026-01-31T08:00:00Z, or 14d back from now')
    .option('--alert <id>', 'only of alerts whose id begins so');
}
