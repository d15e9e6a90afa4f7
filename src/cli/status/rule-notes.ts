import { countOf } from '../../lib/text.ts';
import { timeText } from '../terminal/time-text.ts';
import type { RuleRow, RunnerRow, StatusDocument } from './status-document.ts';

interface Note {
  readonly text: string;
  /** What it says of whichever rule; null: it is about this rule only. */
  readonly reason: string | null;
}

/** Whether the runner that is alive works with the rule as its file is now. */
export function isElsewhere(row: RuleRow, runner: RunnerRow | null): boolean {
  return runner !== null && runner.pid !== null && !row.loaded;
}

/** What has to be said of rules. What many rules of a tenant share, such as a refused login, is said of the first, with how many more there are. */
export function ruleNotes({ rules, runner, problems, refusals }: StatusDocument): readonly string[] {
  const notes = new Map<string, { readonly text: string; more: number }>();
  for (const row of rules) {
    for (const { text, reason } of notesOf(row, runner, problems.length + refusals.length > 0)) {
      const key = reason === null ? `${row.rule} ${row.tenant} ${text}` : `${row.tenant} ${reason}`;
      const known = notes.get(key);
      if (known) known.more += 1;
      else notes.set(key, { text: `${row.rule} (${row.tenant}): ${text}`, more: 0 });
    }
  }
  return [...notes.values()].map(({ text, more }) => (more === 0 ? text : `${text} (${likewise(more)})`));
}

function likewise(more: number): string {
  return `${countOf(more, 'more rule')} of the tenant likewise`;
}

function notesOf(row: RuleRow, runner: RunnerRow | null, hasBroken: boolean): readonly Note[] {
  const { error, waiting } = row;
  const notes: Note[] = [];
  if (isElsewhere(row, runner)) notes.push({ text: reloadText(row, hasBroken), reason: null });
  if (error) notes.push({ text: errorText(row, error), reason: `${row.state} ${error.code} ${error.message}` });
  if (waiting) {
    const { windows, from, reason } = waiting;
    const why = reason === null ? 'not tried yet' : reason;
    const text = `${countOf(windows, 'window')} not searched yet, from ${timeText(from)} on: ${why}`;
    notes.push({ text, reason: reason === null ? null : `waiting ${reason}` });
  }
  return notes;
}

function reloadText({ state, loadedHash }: RuleRow, hasBroken: boolean): string {
  if (state === 'removed' && hasBroken)
    return 'its file is gone or does not load (below), and the runner still runs it: mend it, or reload.';
  if (state === 'removed') return 'its file is gone, and the runner still runs it: reload.';
  return loadedHash === null ? 'not loaded: reload.' : 'changed since the runner loaded it: reload.';
}

function errorText(row: RuleRow, error: NonNullable<RuleRow['error']>): string {
  const times = row.failures > 1 ? `, ${row.failures} failures` : '';
  const since = row.failingSince ? ` since ${timeText(row.failingSince)}` : '';
  return `${standingText(row)}${row.state === 'disabled' ? '' : since}${times}: ${error.message} [${error.code}]`;
}

/** It was switched off, or taken away, at another time than it began to fail. */
function standingText({ state }: RuleRow): string {
  if (state === 'disabled') return 'disabled, its last run failed';
  return state === 'removed' ? 'failing' : state;
}
