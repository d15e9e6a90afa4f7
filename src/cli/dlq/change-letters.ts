import { HuntwireError } from '../../lib/errors.ts';
import { countOf } from '../../lib/text.ts';
import type { Store } from '../../state/store.ts';
import { EXIT } from '../exit-codes.ts';
import { printJson, printLine } from '../terminal/print.ts';
import { startProgress } from '../terminal/progress.ts';
import type { World } from '../terminal/world.ts';
import { letterEntryOf, printLetters } from './letter-entry.ts';
import { type FilterOptions, filterOf, isFiltered } from './letter-filter.ts';

export interface ChangeOptions extends FilterOptions {
  readonly all?: boolean;
  readonly dryRun?: boolean;
}

export type LetterChange = 'replay' | 'drop';

/** Entries in one transaction: a running daemon waits for no more than these. */
const AT_ONCE = 1000;
const DONE: Readonly<Record<LetterChange, string>> = { replay: 'put back into the outbox', drop: 'deleted' };

/** Replays or drops what is meant, and says what that was. Exit code 1 where nothing was. */
export async function changeLetters(
  world: World,
  store: Pick<Store, 'deadLetterHeads' | 'replay' | 'drop'>,
  what: LetterChange,
  given: readonly string[],
  options: ChangeOptions,
): Promise<number> {
  if (given.length === 0 && !options.all && !isFiltered(options))
    throw new HuntwireError('USAGE', `Name the entries to ${what}, narrow them with a filter, or say --all.`);
  const heads = await store.deadLetterHeads(filterOf(options, given, world.clock.now()));
  const ids = heads.map(({ id }) => id);
  const count = options.dryRun ? 0 : await changeAll(world, store, what, ids);
  const entries = heads.map(letterEntryOf);
  if (options.format === 'json') {
    const counted = { [what === 'replay' ? 'replayed' : 'dropped']: count };
    printJson(world, { ...counted, ...(options.dryRun && { dryRun: true }), entries });
  } else if (options.dryRun && entries.length > 0) {
    printLetters(world, entries);
    printLine(world, `${countOf(entries.length, 'entry', 'entries')} would be ${DONE[what]}.`);
  } else printLine(world, changeText(what, count, given, options));
  return heads.length === 0 || (count === 0 && !options.dryRun) ? EXIT.findings : EXIT.ok;
}

/** In order, so that entries of one order key stay in theirs; what was done stays done where this is stopped. */
async function changeAll(
  world: World,
  store: Pick<Store, 'replay' | 'drop'>,
  what: LetterChange,
  ids: readonly number[],
): Promise<number> {
  const progress = startProgress(world, what === 'replay' ? 'replaying' : 'dropping', ids.length);
  let count = 0;
  try {
    for (let next = 0; next < ids.length && !world.signal.aborted; next += AT_ONCE) {
      const part = ids.slice(next, next + AT_ONCE);
      count += what === 'replay' ? await store.replay(part, world.clock.now()) : await store.drop(part);
      progress.update(next + part.length);
    }
  } finally {
    progress.stop();
  }
  return count;
}

function changeText(what: LetterChange, count: number, given: readonly string[], options: ChangeOptions): string {
  if (count > 0) return `${countOf(count, 'entry', 'entries')} ${DONE[what]}.`;
  if (given.length > 0) return `There is no dead letter ${given.join(', ')}: nothing was ${DONE[what]}.`;
  return `There are no ${isFiltered(options) ? 'such ' : ''}dead letters: nothing was ${DONE[what]}.`;
}
