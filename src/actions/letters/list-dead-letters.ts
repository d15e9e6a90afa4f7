import { defineAction } from '../action.ts';
import { gives, listOf, takes } from '../schema.ts';
import { LETTER, letterEntryOf } from './letter-entry.ts';
import { FILTER_INPUT, filterOf, type LetterFilter } from './letter-filter.ts';

export const listDeadLetters = defineAction<LetterFilter>({
  uuid: '100a4b53-faa2-4106-879c-22a57f5c5f9f',
  slug: 'list_dead_letters',
  name: 'List dead letters',
  description: 'Alerts that a target refused, or that nobody took for 72 hours.',
  scope: 'read',
  command: ['huntwire', 'dlq', 'list', '--format', 'json'],
  input: takes(FILTER_INPUT),
  results: gives({ entries: listOf(LETTER) }),
  run: async (input, { reading, clock }) => {
    const heads = await reading((store) => store.deadLetterHeads(filterOf(input, [], clock.now())));
    return { entries: heads.map(letterEntryOf) };
  },
});
