/** What was left out of a result, so that it fits. */
export interface LeftOut {
  /** `alerts`, `rows[3].ProcessCommandLine`; empty: the result itself. */
  readonly path: string;
  /** Items or characters. */
  readonly kept: number;
  readonly of: number;
}

export interface Fitted {
  readonly value: unknown;
  readonly cuts: readonly LeftOut[];
}

export interface FitLimits {
  /** Of the JSON of the whole. */
  readonly characters: number;
  readonly textCharacters: number;
  readonly depth: number;
}

/** What no reader sees, or sees elsewhere than it stands: controls, marks that turn the order around, joiners, tags. Tabs and ends of lines stay. */
const HIDDEN = /(?!\r\n|\n|\t|\ufe0e|\ufe0f)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Variation_Selector}]/gu;
const MOST_CUTS = 50;

/**
 * A JSON value for a reader who has little room and must not be deceived: long texts are cut, the longest lists are shortened until it fits,
 * and characters that nobody sees are written as `<U+202E>`.
 */
export function fitResult(given: unknown, limits: FitLimits): Fitted {
  const cuts: LeftOut[] = [];
  let value = shown(given, '', limits.depth, { ...limits, note: (cut) => void cuts.push(cut) });
  while (sizeOf(value) > limits.characters) {
    const longest = longestList(value, '');
    if (!longest) return { value: null, cuts: [...cuts.slice(0, MOST_CUTS), { path: '', kept: 0, of: sizeOf(value) }] };
    const kept = Math.floor(longest.items.length / 2);
    value = withList(value, longest.steps, longest.items.slice(0, kept));
    noteShorter(cuts, { path: longest.path, kept, of: longest.items.length });
  }
  return { value, cuts: cuts.slice(0, MOST_CUTS) };
}

/** A list that is shortened again says how long it was at first. */
function noteShorter(cuts: LeftOut[], cut: LeftOut): void {
  const at = cuts.findIndex(({ path }) => path === cut.path);
  const before = cuts[at];
  if (before) cuts[at] = { ...before, kept: cut.kept };
  else cuts.push(cut);
}

interface Showing extends FitLimits {
  readonly note: (cut: LeftOut) => void;
}

function shown(value: unknown, path: string, depth: number, showing: Showing): unknown {
  if (typeof value === 'string') return shownText(value, path, showing);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) {
    showing.note({ path, kept: 0, of: Object.keys(value).length });
    return null;
  }
  if (Array.isArray(value)) return value.map((item, at) => shown(item, `${path}[${at}]`, depth - 1, showing));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const safe = visibleText(name);
      return [safe, shown(member, path === '' ? safe : `${path}.${safe}`, depth - 1, showing)];
    }),
  );
}

function shownText(text: string, path: string, { textCharacters, note }: Showing): string {
  if (text.length <= textCharacters) return visibleText(text);
  note({ path, kept: textCharacters, of: text.length });
  return visibleText(text.slice(0, textCharacters).toWellFormed());
}

/** With what nobody sees written out: `<U+202E>`. */
export function visibleText(text: string): string {
  return text.replace(HIDDEN, (one) => `<U+${(one.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`);
}

function sizeOf(value: unknown): number {
  return (JSON.stringify(value) ?? '').length;
}

interface FoundList {
  readonly path: string;
  readonly steps: readonly string[];
  readonly items: readonly unknown[];
  readonly size: number;
}

/** The list whose JSON is the longest among those of the value and its members, two levels deep; a single item is not cut. */
function longestList(value: unknown, path: string, steps: readonly string[] = []): FoundList | null {
  if (Array.isArray(value))
    return value.length > 1
      ? { path, steps, items: value, size: sizeOf(value) }
      : longestList(value[0], `${path}[0]`, [...steps, '0']);
  if (typeof value !== 'object' || value === null) return null;
  const found = Object.entries(value).map(([name, member]) =>
    longestList(member, path === '' ? name : `${path}.${name}`, [...steps, name]),
  );
  return found.reduce((one, other) => ((other?.size ?? 0) > (one?.size ?? 0) ? other : one), null);
}

function withList(value: unknown, [step, ...rest]: readonly string[], items: readonly unknown[]): unknown {
  if (step === undefined) return items;
  if (Array.isArray(value)) return value.map((item, at) => (String(at) === step ? withList(item, rest, items) : item));
  const members = Object.entries(value as Readonly<Record<string, unknown>>);
  return Object.fromEntries(
    members.map(([name, member]) => [name, name === step ? withList(member, rest, items) : member]),
  );
}
