import { noted } from './noted.ts';

export const searchUnbounded = noted({
  id: 'search-unbounded',
  description: '`union *`, `search` or `find` over every table.',
  why: 'It reads all that the tenant has, and grows with each table that Microsoft adds.',
  mend: 'Name the tables.',
  severity: 'warning',
});
