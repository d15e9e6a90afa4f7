import { defineAction } from '../action.ts';
import { AN_INTEGER, gives, listOf, TRUTH, takes } from '../schema.ts';
import { CHANGE_INPUT, changeLetters, type LettersMeant } from './change-letters.ts';
import { LETTER } from './letter-entry.ts';

export const dropDeadLetter = defineAction<LettersMeant>({
  uuid: '8ee7c970-6d97-4bb6-aa61-0367d111539b',
  slug: 'drop_dead_letter',
  name: 'Drop dead letters',
  description: 'Deletes dead letters for good.',
  scope: 'write',
  command: ['huntwire', 'dlq', 'drop', '--format', 'json'],
  input: takes(CHANGE_INPUT),
  results: gives({ dropped: AN_INTEGER, dryRun: TRUTH, entries: listOf(LETTER) }, ['dryRun']),
  run: async (input, deps) => {
    const { count: dropped, entries } = await changeLetters('drop', input, deps);

    return { dropped, ...(input.dryRun && { dryRun: true }), entries };
  },
});
