import { HuntwireError } from '../../lib/errors.ts';
import type { Store } from '../../state/store.ts';
import type { ActionDeps } from '../action-deps.ts';
import { flag, words } from '../schema.ts';
import { type LetterEntry, letterEntryOf } from './letter-entry.ts';
import { FILTER_INPUT, filterOf, isFiltered, type LetterFilter } from './letter-filter.ts';

/** Which letters a change is about. */
export interface LettersMeant extends LetterFilter {
  readonly ids?: readonly string[];
  readonly all?: boolean;
  readonly dryRun?: boolean;
}

export type LetterChange = 'replay' | 'drop';

export interface ChangedLetters {
  readonly count: number;
  readonly entries: readonly LetterEntry[];
}

export const CHANGE_INPUT = {
  ids: words('Numbers of entries.', '[ids...]'),
  all: flag('Every dead letter.', '--all'),
  ...FILTER_INPUT,
  dryRun: flag('Only show which ones that would be.', '--dry-run'),
} as const;

/** Entries in one transaction: a running daemon waits for no more than these. */
const AT_ONCE = 1000;

/** The names by which a caller says things, and who is told how far it has come. */
export interface ChangeSetting {
  readonly all: string;
  readonly since: string;
  readonly progress: (done: number, total: number) => void;
}

const SETTING: ChangeSetting = { all: '"all": true', since: 'since', progress: () => undefined };

/** Replays or drops what is meant, in order, so that entries of one order key stay in theirs; what was done stays done where this is stopped. */
export async function changeLetters(
  what: LetterChange,
  meant: LettersMeant,
  { by, writing, clock, signal }: Pick<ActionDeps, 'by' | 'writing' | 'clock' | 'signal'>,
  setting = SETTING,
): Promise<ChangedLetters> {
  const { ids: given = [], all = false, dryRun = false } = meant;
  if (given.length === 0 && !all && !isFiltered(meant))
    throw new HuntwireError('USAGE', `Name the entries to ${what}, narrow them with a filter, or say ${setting.all}.`);
  return writing(async (store) => {
    const heads = await store.deadLetterHeads(filterOf(meant, given, clock.now(), setting.since));
    const ids = heads.map(({ id }) => id);
    const count = dryRun ? 0 : await changeAll(store, what, ids, { by, clock, signal, ...setting });
    return { count, entries: heads.map(letterEntryOf) };
  });
}

async function changeAll(
  store: Pick<Store, 'replay' | 'drop'>,
  what: LetterChange,
  ids: readonly number[],
  { by, clock, signal, progress }: Pick<ActionDeps, 'by' | 'clock' | 'signal'> & Pick<ChangeSetting, 'progress'>,
): Promise<number> {
  let count = 0;
  for (let next = 0; next < ids.length && !signal.aborted; next += AT_ONCE) {
    const part = ids.slice(next, next + AT_ONCE);
    const asked = { who: by, at: clock.now() };
    count += what === 'replay' ? await store.replay(part, clock.now(), asked) : await store.drop(part, asked);
    progress(next + part.length, ids.length);
  }
  return count;
}
