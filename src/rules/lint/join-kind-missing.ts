import { noted } from './noted.ts';

export const joinKindMissing = noted({
  id: 'join-kind-missing',
  description: 'A `join` without `kind`.',
  why: 'The default is `innerunique`: of all left rows with one key a single one is joined, whichever the service meets first, and the others are never told.',
  mend: 'Write `join kind=inner`; where one row for each key is meant, say `kind=innerunique`.',
  severity: 'warning',
});
