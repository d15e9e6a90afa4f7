/** Says that a pattern is not in the part of RE2 that is translated; it may still be valid RE2. */
export class BeyondSubset extends Error {}

export function beyondSubset(what: string): BeyondSubset {
  return new BeyondSubset(what);
}

/** A place in a pattern. */
export interface Scanner {
  readonly text: string;
  readonly at: number;
  /** The next character, or an empty text at the end. */
  peek(): string;
  next(): string;
  /** Moves over the given text if it comes next. */
  skip(text: string): boolean;
  /** Moves over what a sticky expression matches here. */
  match(pattern: RegExp): RegExpExecArray | null;
  /** Whether a sticky expression matches here. */
  sees(pattern: RegExp): boolean;
  /** Returns to an earlier place. */
  back(to: number): void;
}

export function createScanner(text: string): Scanner {
  let at = 0;
  const peek = (): string => {
    const code = text.codePointAt(at);
    return code === undefined ? '' : String.fromCodePoint(code);
  };
  return {
    text,
    get at() {
      return at;
    },
    peek,
    next() {
      const character = peek();
      at += character.length;
      return character;
    },
    skip(part) {
      const there = text.startsWith(part, at);
      if (there) at += part.length;
      return there;
    },
    match(pattern) {
      pattern.lastIndex = at;
      const found = pattern.exec(text);
      if (found) at += found[0].length;
      return found;
    },
    sees(pattern) {
      pattern.lastIndex = at;
      return pattern.test(text);
    },
    back(to) {
      at = to;
    },
  };
}
