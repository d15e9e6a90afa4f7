import { type ParityCheck, pageOf } from './check.ts';
import { CODE_CHECKS } from './code-checks.ts';
import { FILE_CHECKS } from './file-checks.ts';
import { LANGUAGE_CHECKS } from './language-checks.ts';
import { MANIFEST_CHECKS } from './manifest.ts';
import { PACKAGE_CHECKS } from './package-checks.ts';
import { PAGE_CHECKS } from './page-checks.ts';
import { PLUGIN_CHECKS } from './plugin-checks.ts';
import { VERB_CHECKS } from './verb-checks.ts';
import { WORD_CHECKS } from './word-checks.ts';

const LISTS: readonly ParityCheck[] = [
  ...PLUGIN_CHECKS,
  ...VERB_CHECKS,
  ...MANIFEST_CHECKS,
  ...LANGUAGE_CHECKS,
  ...CODE_CHECKS,
  ...FILE_CHECKS,
  ...WORD_CHECKS,
  ...PAGE_CHECKS,
  ...PACKAGE_CHECKS,
];

/** Everything that must agree. The last one holds docs/adding.md to the names of the others. */
export const PARITY_CHECKS: readonly ParityCheck[] = [
  ...LISTS,
  {
    name: 'adding.md names checks that are there',
    complaints: (subject) => {
      const { text } = pageOf(subject, 'docs/adding.md');
      const named = [...text.matchAll(/\[([^\]]+)\](?!\()/g)].map((match) => match[1] ?? '');
      return named.length === 0
        ? ['none is named']
        : named.filter((name) => !LISTS.some((check) => check.name === name));
    },
  },
];
