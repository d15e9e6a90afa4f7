import type { LintCheck } from './check.ts';

/** Told where comments are read (disables/apply.ts), once all checks have looked. */
export const disableUnclear: LintCheck = {
  id: 'disable-unclear',
  description:
    'A `huntwire-disable` comment that names no check, gives no reason, or means a finding that refuses the rule.',
  why: 'A finding that is switched off without a reason is one that nobody can ever take back; a comment with a slip switches nothing off.',
  mend: 'Write `# huntwire-disable CHECK: reason`, or `// huntwire-disable CHECK: reason` within the query.',
  severity: 'warning',
  analyzed: false,
  refuses: [],
  check: () => [],
};
