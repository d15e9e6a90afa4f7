/** KQL counts characters of a text as code points; JavaScript counts UTF-16 units. They differ only where there are surrogates. */
const SURROGATE = /[\ud800-\udfff]/;

export function lengthInPoints(text: string): number {
  if (!SURROGATE.test(text)) return text.length;
  let count = 0;
  for (const _point of text) count += 1;
  return count;
}

/** Characters from position `from`, at most `count` of them. */
export function slicePoints(text: string, from: number, count: number): string {
  if (!SURROGATE.test(text)) return text.slice(from, from + count);
  return [...text].slice(from, from + count).join('');
}

/** The position in characters of a position in units. */
export function pointsBefore(text: string, units: number): number {
  return SURROGATE.test(text) ? lengthInPoints(text.slice(0, units)) : units;
}

/** The position in units of a position in characters. */
export function unitsBefore(text: string, points: number): number {
  return SURROGATE.test(text) ? slicePoints(text, 0, points).length : Math.min(points, text.length);
}
