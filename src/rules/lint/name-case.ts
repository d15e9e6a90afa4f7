import { noted } from './noted.ts';

export const nameCase = noted({
  id: 'name-case',
  description: '`==`, `!=`, `in` or `!in` on names of files, folders and registry keys.',
  why: 'Windows does not tell letter case apart, so `CMD.EXE` runs as well, and such a filter does not see it.',
  mend: 'Write `=~`, `!~`, `in~`, `!in~`.',
  severity: 'warning',
});
