/**
 * How often a property is tried with inputs of chance, or a story of many played: `few` in `npm test`, `many` by `npm run test:long`, which CI
 * runs behind it. Only for more of the same: what is tested nowhere else has one number.
 */
export function tries(few: number, many: number): number {
  return process.env.HUNTWIRE_TEST_LONG === '1' ? many : few;
}
