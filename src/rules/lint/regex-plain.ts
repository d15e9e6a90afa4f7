import { noted } from './noted.ts';

export const regexPlain = noted({
  id: 'regex-plain',
  description: '`matches regex` with a pattern that is plain text.',
  why: 'A regular expression is tried on every row; text operators are faster, and `has` goes by the index.',
  mend: 'Write `contains`, `startswith`, `endswith` (`_cs` where letter case counts), or `has`.',
  severity: 'info',
});
