import { noted } from './noted.ts';

export const compareNever = noted({
  id: 'compare-never',
  description:
    'A compare (`==`, `=~`, `in` and their denials) with a text that the column never holds: a path in `FileName`, a hash of another length, a network or name in the column of an address, an account name as `AccountSid`, `HKLM` in `RegistryKey`, a severity that no alert has.',
  why: 'Such a condition is never met, and its denial takes nothing out: the rule is blind, or its exception is none.',
  mend: 'Write the text as the column holds it, or compare the column that holds it.',
  severity: 'warning',
});
