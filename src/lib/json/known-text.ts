const texts = new WeakMap<object, string>();

/** Longer texts are not kept: writing them again costs less than holding them twice where many wait. */
const LONGEST_KEPT = 64 * 1024;

/** What was parsed last: whoever asks for it again right away gets it again. */
let latest: { readonly text: string; readonly value: object } | null = null;

/** Parses what `JSON.stringify` wrote, and remembers a text of up to 64 Ki for as long as the value is there: it need not be written a second time. The value must not be changed. */
export function parseWritten<Value extends object>(text: string): Value {
  if (latest?.text === text) return latest.value as Value;
  const value = JSON.parse(text) as Value;
  if (text.length <= LONGEST_KEPT) {
    texts.set(value, text);
    latest = { text, value };
  }
  return value;
}

/** The text that a value was parsed from; null where it came from none that is kept. The value must not have been changed. */
export function knownText(value: object): string | null {
  return texts.get(value) ?? null;
}

/** As `JSON.stringify`. */
export function writtenText(value: object): string {
  return texts.get(value) ?? JSON.stringify(value);
}

/** As `JSON.stringify`; members that were parsed from a text are not written a second time. */
export function writtenMembers(value: Readonly<Record<string, unknown>>): string {
  const members: string[] = [];
  for (const [name, member] of Object.entries(value)) {
    const text = typeof member === 'object' && member !== null ? writtenText(member) : JSON.stringify(member);
    if (text !== undefined) members.push(`${JSON.stringify(name)}:${text}`);
  }
  return `{${members.join(',')}}`;
}
