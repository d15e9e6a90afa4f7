/** What JSON does not say: a tagged object stands for it. Plain objects that have the key of the tag cannot be kept. */
const TAG = '$kept';

/** Plain data as one line of text, with whole numbers beyond 2^53 and numbers that JSON lacks; null where it holds what cannot be kept. */
export function keptText(value: unknown): string | null {
  let isKeepable = true;
  const text = JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === 'bigint') return { [TAG]: 'bigint', text: part.toString() };
    if (typeof part === 'number' && !isPlain(part))
      return { [TAG]: 'number', text: Object.is(part, -0) ? '-0' : `${part}` };
    if (typeof part === 'object' && part !== null && Object.hasOwn(part, TAG)) isKeepable = false;
    return part;
  });
  return isKeepable ? text : null;
}

function isPlain(number: number): boolean {
  return Number.isFinite(number) && !Object.is(number, -0);
}

/** The data again, frozen. */
export function fromKeptText(text: string): unknown {
  const value: unknown = text.includes(`{"${TAG}":`)
    ? JSON.parse(text, (_, part: unknown) => untagged(part))
    : JSON.parse(text);
  return frozen(value);
}

function untagged(part: unknown): unknown {
  if (typeof part !== 'object' || part === null || !Object.hasOwn(part, TAG)) return part;
  const { [TAG]: kind, text } = part as { readonly [TAG]: string; readonly text: string };
  return kind === 'bigint' ? BigInt(text) : Number(text);
}

function frozen(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}
