import { EXIT } from '../exit-codes.ts';

interface Outcome {
  readonly passed?: boolean | number;
  readonly failed?: number;
  readonly kind?: string;
}

/** As the verb that does the same would end; an action of which nothing is said here has done what it was asked. */
export function exitOfResult(slug: string, result: unknown): number {
  const { passed, failed = 0, kind } = (result ?? {}) as Outcome;
  if (slug === 'validate_rules') return passed === true ? EXIT.ok : EXIT.findings;
  if (slug === 'test_rules') return failed === 0 ? EXIT.ok : EXIT.findings;
  if (slug === 'send_test_alert') return kind === 'delivered' ? EXIT.ok : EXIT.failed;
  return EXIT.ok;
}
