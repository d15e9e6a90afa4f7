import type { Problem } from '../../lib/errors.ts';
import { type RuleIo, readRuleText } from '../rule-files.ts';
import { readWatchlist } from './read-watchlist.ts';
import type { Watchlist } from './watchlist.ts';

export interface LoadedWatchlists {
  /** By alias. */
  readonly watchlists: ReadonlyMap<string, Watchlist>;
  /** Files that are not there: the configuration is wrong. */
  readonly problems: readonly Problem[];
  /** What is wrong with single lists. They are left out and told, and rules that do without them run. */
  readonly refusals: readonly Problem[];
}

/** The lists of a configuration, by alias the file of each. */
export async function loadWatchlists(given: Readonly<Record<string, string>>, io: RuleIo): Promise<LoadedWatchlists> {
  const watchlists = new Map<string, Watchlist>();
  const problems: Problem[] = [];
  const refusals: Problem[] = [];
  const names = new Set<string>();
  for (const [alias, file] of Object.entries(given)) {
    const name = nameFor(alias, names);
    if ((await io.kind(file).catch(() => 'absent')) !== 'file') {
      problems.push({
        file,
        line: null,
        column: null,
        code: 'RULE_INVALID',
        message: `There is no list "${alias}" here.`,
      });
      continue;
    }
    const text = await readRuleText({ io, problems: refusals }, file);
    const read = text === null ? null : readWatchlist({ alias, name, file }, text);
    refusals.push(...(read?.problems ?? []));
    if (read?.watchlist) watchlists.set(alias, read.watchlist);
  }
  return { watchlists, problems, refusals };
}

/** A name for what an alias stands for, which no other has. */
function nameFor(alias: string, taken: Set<string>): string {
  const base = `_GetWatchlist_${alias.replaceAll(/\W/g, '_')}`;
  let name = base;
  for (let count = 2; taken.has(name); count += 1) name = `${base}_${count}`;
  taken.add(name);
  return name;
}
