/** Widths of characters in the widest fonts that systems show pages with, in ems: a label has room in each of them. */
const NARROW = 0.4;
const NORMAL = 0.65;
const WIDE = 0.98;
const FULL = 1;
const NARROW_ONES = new Set('iljtfrI.,:;\'|!()[]{} -/\\"`');
const WIDE_ONES = new Set('mwMW@%&');
const FIRST_FULL = 0x2e80;

const DEFAULT_SIZE = 12;

/** How wide a text may be, px, where nothing draws it yet. `font` as CSS says one. */
export function textWidth(text: string, font = ''): number {
  const size = Number(/(\d+(?:\.\d+)?)px/.exec(font)?.[1] ?? DEFAULT_SIZE);
  return [...text].reduce((sum, one) => sum + widthOfOne(one) * size, 0);
}

function widthOfOne(one: string): number {
  if (NARROW_ONES.has(one)) return NARROW;
  if (WIDE_ONES.has(one)) return WIDE;
  if ((one.codePointAt(0) ?? 0) >= FIRST_FULL) return FULL;
  return /[A-Z]/.test(one) ? NORMAL + 0.1 : NORMAL;
}
