import { RE2JS } from 're2js';

/**
 * A stand-in for RegExp in JSONata, on a matcher whose time is linear in the text: JSONata's own time limit does not stop a regex. It
 * has what JSONata uses of one; a pattern that RE2 does not know (look-around, back-references) throws.
 */
export class LinearRegex {
  readonly source: string;
  lastIndex = 0;
  readonly #compiled: RE2JS;

  constructor({ source, flags }: Pick<RegExp, 'source' | 'flags'>) {
    this.source = source;
    this.#compiled = RE2JS.compile(source, flagsOf(flags));
  }

  /** The next match from `lastIndex` on, as RegExp gives it with the flag `g`. */
  exec(text: string): (string[] & { readonly index: number }) | null {
    const matcher = this.#compiled.matcher(text);
    if (this.lastIndex > text.length || !matcher.find(this.lastIndex)) {
      this.lastIndex = 0;
      return null;
    }
    const groups = Array.from({ length: this.#compiled.groupCount() + 1 }, (_, at) => matcher.group(at) ?? '');
    this.lastIndex = matcher.end();
    return Object.assign(groups, { index: matcher.start() });
  }
}

function flagsOf(flags: string): number {
  return (flags.includes('i') ? RE2JS.CASE_INSENSITIVE : 0) | (flags.includes('m') ? RE2JS.MULTILINE : 0);
}
