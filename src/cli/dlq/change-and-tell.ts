import { changeLetters, type LetterChange } from '../../actions/letters/change-letters.ts';
import { isFiltered } from '../../actions/letters/letter-filter.ts';
import { countOf } from '../../lib/text.ts';
import { stateDepsOf } from '../action/state-deps-of.ts';
import { EXIT } from '../exit-codes.ts';
import { printJson, printLine } from '../terminal/print.ts';
import { type Progress, startProgress } from '../terminal/progress.ts';
import type { World } from '../terminal/world.ts';
import type { FilterOptions } from './filter-options.ts';
import { printLetters } from './print-letters.ts';

export interface ChangeOptions extends FilterOptions {
  readonly all?: boolean;
  readonly dryRun?: boolean;
}

const DONE: Readonly<Record<LetterChange, string>> = { replay: 'put back into the outbox', drop: 'deleted' };

/** Replays or drops what is meant, and says what that was. Exit code 1 where nothing was. */
export async function changeAndTell(
  world: World,
  what: LetterChange,
  ids: readonly string[],
  options: ChangeOptions,
): Promise<number> {
  let bar: Progress | null = null;
  const progress = (done: number, total: number): void => {
    bar ??= startProgress(world, what === 'replay' ? 'replaying' : 'dropping', total);
    bar.update(done);
  };
  const setting = { all: '--all', since: '--since', progress };
  const meant = { ...options, ids };
  const { count, entries } = await changeLetters(what, meant, stateDepsOf(world, options.config), setting).finally(() =>
    bar?.stop(),
  );
  if (options.format === 'json') {
    const counted = { [what === 'replay' ? 'replayed' : 'dropped']: count };
    printJson(world, { ...counted, ...(options.dryRun && { dryRun: true }), entries });
  } else if (options.dryRun && entries.length > 0) {
    printLetters(world, entries);
    printLine(world, `${countOf(entries.length, 'entry', 'entries')} would be ${DONE[what]}.`);
  } else printLine(world, changeText(what, count, ids, options));
  return entries.length === 0 || (count === 0 && !options.dryRun) ? EXIT.findings : EXIT.ok;
}

function changeText(what: LetterChange, count: number, given: readonly string[], options: ChangeOptions): string {
  if (count > 0) return `${countOf(count, 'entry', 'entries')} ${DONE[what]}.`;
  if (given.length > 0) return `There is no dead letter ${given.join(', ')}: nothing was ${DONE[what]}.`;
  return `There are no ${isFiltered(options) ? 'such ' : ''}dead letters: nothing was ${DONE[what]}.`;
}
