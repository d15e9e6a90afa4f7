/** Parts that stand for one character, then groups without their marks: what is left shows how the pattern is built. */
const SINGLE = /\\[\s\S]|\[\^?\]?(?:\[:\^?\w+:\]|\\[\s\S]|[^\]\\])*\]/g;
const FLAGS = /\(\?[a-zA-Z-]+\)/g;
const OPENING = /\(\?(?:[a-zA-Z-]*:|P?<\w+>)/g;

/** What keeps a pattern from being a regular expression of RE2, in words; null: nothing that is sure. */
export function brokenRegex(pattern: string): string | null {
  if (pattern.includes('\\Q')) return null;
  if (/(?:^|[^\\])(?:\\\\)*\\$/.test(pattern)) return 'it ends with a backslash';
  const built = pattern.replace(SINGLE, 'x').replace(FLAGS, 'x').replace(OPENING, '(');
  if (built.includes('[')) return 'a "[" is not closed';
  if (/(?:^|[(|])[*+?]/.test(built)) return 'a repetition has nothing before it';
  return unbalanced(built);
}

function unbalanced(built: string): string | null {
  let open = 0;
  for (const [bracket] of built.matchAll(/[()]/g)) {
    open += bracket === '(' ? 1 : -1;
    if (open < 0) return 'a ")" closes nothing';
  }
  return open > 0 ? 'a "(" is not closed' : null;
}
