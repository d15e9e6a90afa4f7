import { HuntwireError } from '../../lib/errors.ts';
import { defineAction } from '../action.ts';
import type { ActionDeps } from '../action-deps.ts';
import { ALERT_DOCUMENT, gives, TEXT_OR_NULL, takes, word } from '../schema.ts';
import { LETTER_PARTS, type LetterEntry, letterEntryOf } from './letter-entry.ts';
import { letterNumbers } from './letter-filter.ts';

export const showDeadLetter = defineAction<{ readonly id: string }>({
  uuid: '15ab2586-208d-407a-87a4-0e04dfcefbb0',
  slug: 'show_dead_letter',
  name: 'Show a dead letter',
  description: 'One dead letter with its alert and the answer that refused it.',
  scope: 'read',
  command: ['huntwire', 'dlq', 'show', '--format', 'json'],
  input: takes({ id: word('Number of the entry.', '<id>') }, ['id']),
  results: gives({ ...LETTER_PARTS, answer: TEXT_OR_NULL, alert: ALERT_DOCUMENT }),
  run: async ({ id }, deps) => {
    const letter = await deadLetter(id, deps);
    if (letter) return letter;
    throw new HuntwireError('NOT_FOUND', `There is no dead letter ${id}.`);
  },
});

/** One with all that is known of it; null where there is none. */
export async function deadLetter(
  id: string,
  { reading }: Pick<ActionDeps, 'reading'>,
): Promise<(LetterEntry & { readonly answer: string; readonly alert: unknown }) | null> {
  const [letter] = await reading((store) => store.deadLetters({ target: null, ids: letterNumbers([id]) }));
  return letter ? { ...letterEntryOf(letter), answer: letter.answer, alert: letter.alert } : null;
}
