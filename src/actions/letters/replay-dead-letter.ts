import { defineAction } from '../action.ts';
import { AN_INTEGER, gives, listOf, TRUTH, takes } from '../schema.ts';
import { CHANGE_INPUT, changeLetters, type LettersMeant } from './change-letters.ts';
import { LETTER } from './letter-entry.ts';

export const replayDeadLetter = defineAction<LettersMeant>({
  uuid: '95096330-a41d-4f68-bb24-64f7423f88b3',
  slug: 'replay_dead_letter',
  name: 'Replay dead letters',
  description: 'Puts dead letters back into the outbox.',
  scope: 'write',
  command: ['huntwire', 'dlq', 'replay', '--format', 'json'],
  input: takes(CHANGE_INPUT),
  results: gives({ replayed: AN_INTEGER, dryRun: TRUTH, entries: listOf(LETTER) }, ['dryRun']),
  run: async (input, deps) => {
    const { count: replayed, entries } = await changeLetters('replay', input, deps);
    deps.wakeDeliveries();
    return { replayed, ...(input.dryRun && { dryRun: true }), entries };
  },
});
