import { countOf } from '../../lib/text.ts';
import type { ReloadChange } from '../../state/runner-record.ts';
import type { Tint } from '../terminal/print.ts';
import { timeText } from '../terminal/time-text.ts';
import type { ReloadRow } from './status-document.ts';

/** One paragraph of what a reload came to. */
export interface ReloadText {
  readonly text: string;
  readonly colour: Tint | null;
}

/** More would hide what stands below. */
const MOST_SHOWN = 10;

/** What a person is told of the latest reload: what it changed, or why it changed nothing. */
export function reloadTexts(reload: ReloadRow | null): readonly ReloadText[] {
  if (!reload) return [];
  const { outcome, changes, problems } = reload;
  const when = `Everything was read again at ${timeText(reload.at)} (${reload.trigger})`;
  if (outcome === 'unchanged') return [{ text: `${when}; nothing had changed.`, colour: null }];
  if (outcome === 'applied') return [{ text: `${when}: ${shownList(changes.map(changeText))}.`, colour: null }];
  const faults = problems.slice(0, MOST_SHOWN).map(({ file, line, column, message }) => {
    const place = [file, line, column].filter((part) => part !== null).join(':');
    return { text: place === '' ? message : `${place}: ${message}`, colour: null };
  });
  const count = countOf(problems.length, 'problem');
  return [{ text: `${when} and has ${count}: all goes on as it was before.`, colour: 'red' }, ...faults];
}

function changeText({ kind, name, tenant, how }: ReloadChange): string {
  if (how === 'waits') return `${name} waits for a restart`;
  return `${kind} ${name}${tenant === null ? '' : ` (${tenant})`} ${how}`;
}

function shownList(texts: readonly string[]): string {
  const rest = texts.length - MOST_SHOWN;
  return texts.slice(0, MOST_SHOWN).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
