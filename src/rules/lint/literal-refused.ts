import { noted } from './noted.ts';

export const literalRefused = noted({
  id: 'literal-refused',
  description:
    'A literal that no service accepts: `datetime(Dummy)`, a text that is no regular expression, or one with look-around or references to groups.',
  why: 'The query fails in every run.',
  mend: 'Write a date; say a look-ahead with two conditions.',
  severity: 'error',
});
