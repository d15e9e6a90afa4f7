import { noted } from './noted.ts';

export const containsWord = noted({
  id: 'contains-word',
  description:
    '`contains` with a text that begins and ends between words, such as `contains "/admin/"`, where `has` finds the same.',
  why: '`has` goes by the index of words; `contains` reads every row to its end, which costs run time of the quota.',
  mend: 'Write `has`. Where a text begins or ends within a word, `contains` is right and nothing is told.',
  severity: 'info',
});
