import { EXIT } from '../exit-codes.ts';

/** As the verb that does the same would end; an action of which nothing is said here has done what it was asked. */
export function exitOfResult(slug: string, result: unknown): number {
  if (slug !== 'send_test_alert') return EXIT.ok;
  return (result as { readonly kind: string }).kind === 'delivered' ? EXIT.ok : EXIT.failed;
}
