import { HuntwireError } from '../../lib/errors.ts';

/** The longest text a function makes, in UTF-16 units. */
const LONGEST = 16_000_000;

/** Throws KQL_BUDGET where a text would become too long to hold. To be asked before it is built. */
export function checkLength(length: number): void {
  if (length <= LONGEST) return;
  throw new HuntwireError(
    'KQL_BUDGET',
    `A text of ${length} characters is longer than the ${LONGEST} that one value may have.`,
  );
}

/** The texts with the delimiter between them; throws KQL_BUDGET before it builds one that is too long. */
export function joined(parts: readonly string[], delimiter = ''): string {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  checkLength(length + delimiter.length * Math.max(0, parts.length - 1));
  return parts.join(delimiter);
}
