/**
 * Characters whose JavaScript lower case is not a single character or is an ASCII letter. Ordinal comparison without case keeps
 * them apart from those; the sigmas are one letter whatever the place in the word.
 */
const SPECIAL = /[\u0130\u03a3\u03c2\u1e9e\u2126\u212a\u212b]/;
const KEPT = /[\u0130\u1e9e\u2126\u212a\u212b]/;

function foldSlowly(text: string): string {
  let result = '';
  for (const character of text) {
    if (character === '\u03a3' || character === '\u03c2') result += '\u03c3';
    else result += KEPT.test(character) ? character : character.toLowerCase();
  }
  return result;
}

/** The text with differences of case removed, of the same length: two texts that differ in case only fold to the same. */
export function foldCase(text: string): string {
  return SPECIAL.test(text) ? foldSlowly(text) : text.toLowerCase();
}
