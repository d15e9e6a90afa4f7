/** What Perl classes hold, as the linear matcher can read it: it knows categories, but no properties. */
const MEMBERS: Readonly<Record<string, string>> = {
  d: '\\p{Nd}',
  s: '\\t\\n\\v\\f\\r \\x{85}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}',
  w: '\\p{L}\\p{M}\\p{Nd}\\p{Nl}\\p{Pc}\\x{200c}\\x{200d}\\x{24b6}-\\x{24e9}\\x{1f130}-\\x{1f149}\\x{1f150}-\\x{1f169}\\x{1f170}-\\x{1f189}',
};

/** Quoted text, escapes, named classes, and the brackets of classes. */
const PART = /\\Q[\s\S]*?(?:\\E|$)|\\[\s\S]|\[:\^?[a-z]+:\]|\[\^?\]?|\]/g;

function widened(letter: string, isClass: boolean): string {
  const members = MEMBERS[letter.toLowerCase()] ?? '';
  const negated = letter !== letter.toLowerCase();
  if (isClass) return negated ? `\\${letter}` : members;
  return `[${negated ? '^' : ''}${members}]`;
}

/**
 * A pattern for the linear matcher whose Perl classes are Unicode's. Negated ones inside a class, and `\b`, stay those of ASCII there:
 * it has no means to say them.
 */
export function widenPattern(pattern: string): string {
  let isClass = false;
  return pattern.replace(PART, (part) => {
    if (/^\\[dswDSW]$/.test(part)) return widened(part.charAt(1), isClass);
    if (part.startsWith('[') && part.charAt(1) !== ':') isClass = true;
    if (part === ']') isClass = false;
    return part;
  });
}
