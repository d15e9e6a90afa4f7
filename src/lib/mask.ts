import { formsOf } from './mask/secret-forms.ts';

/** A text without secrets. `isCut`: it may end in the middle of one. */
export type Mask = (text: string, isCut?: boolean) => string;

const HIDDEN = '***';
/** A shorter secret is hidden only where it stands by itself, and a shorter beginning at the end of a cut text is not told from chance. */
const SHORTEST = 4;
/** What a cut may leave of a form: `%C3%2`, `\u00`, `&#4`; nothing, too. */
const HALF_A_FORM = /^(?:(?:%[0-9a-f]*)+|\\+(?:u[0-9a-f]*)?|&[#;\w]*)?$/i;
const LONGEST_FORM = 40;
/** A longer secret, such as a token or a key that somebody else chose, is hidden piece by piece: expressions have a largest size. */
const LONGEST_PIECE = 2048;

const ALONE_BEFORE = '(?:(?<![\\p{L}\\p{N}])|(?<=%[0-9A-Fa-f]{2}|\\\\[bfnrt]|\\\\u[0-9A-Fa-f]{4}))';
const ALONE_BEHIND = '(?![\\p{L}\\p{N}])';

interface Hidden {
  readonly all: RegExp;
  /** One for each part, to be tried at a place. */
  readonly parts: readonly RegExp[];
}

/**
 * Hides every one of the secrets wherever a text holds it, also as JSON, a URL or a web page writes it: other sides are known to
 * repeat what they were sent.
 */
export function createMask(secrets: readonly string[]): Mask {
  const longestFirst = [...new Set(secrets.flatMap(piecesOf))]
    .filter(Boolean)
    .sort((one, other) => other.length - one.length);
  const hidden = longestFirst.map(hiddenOf);
  return (text, isCut = false) => {
    const masked = hidden.reduce((left, { all }) => left.replace(all, HIDDEN), text);
    return isCut ? hidden.reduce(withoutBeginning, masked) : masked;
  };
}

/** About equal: what a text holds by chance is no piece. */
function piecesOf(secret: string): readonly string[] {
  const count = Math.max(1, Math.ceil(secret.length / LONGEST_PIECE));
  const size = Math.ceil(secret.length / count);
  return Array.from({ length: count }, (_, at) => secret.slice(at * size, (at + 1) * size));
}

function hiddenOf(secret: string): Hidden {
  const forms = formsOf(secret);
  const source = forms.join('');
  if (secret.length < SHORTEST) return { all: new RegExp(ALONE_BEFORE + source + ALONE_BEHIND, 'gu'), parts: [] };
  return { all: new RegExp(source, 'gu'), parts: forms.map((form) => new RegExp(form, 'uy')) };
}

/** The text up to where a beginning of the secret stands at its end. */
function withoutBeginning(text: string, { parts }: Hidden): string {
  for (let start = 0; start < text.length - SHORTEST + 1; start += 1) {
    if (runsToEnd(text, start, parts)) return text.slice(0, start) + HIDDEN;
  }
  return text;
}

function runsToEnd(text: string, start: number, parts: readonly RegExp[]): boolean {
  let at = start;
  for (const [count, part] of parts.entries()) {
    if (count >= SHORTEST && text.length - at < LONGEST_FORM && HALF_A_FORM.test(text.slice(at))) return true;
    part.lastIndex = at;
    if (!part.test(text)) return false;
    at = part.lastIndex;
  }
  return false;
}
