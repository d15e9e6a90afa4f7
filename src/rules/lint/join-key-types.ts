import { noted } from './noted.ts';

export const joinKeyTypes = noted({
  id: 'join-key-types',
  description: 'A join whose key is a text on one side and a number on the other.',
  why: 'The service refuses such a join, or nothing is ever equal.',
  mend: 'Convert one side before the join, with `tostring()` or `tolong()`.',
  severity: 'warning',
});
