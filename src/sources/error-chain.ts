/** An error of an error body. */
export interface ChainedError {
  readonly code: string;
  readonly text: string;
  /** What the portal says to do. */
  readonly action: string;
  readonly isPermanent: boolean | null;
}

/** Of what an error says, so much is looked at: pages of it say nothing more. */
const LONGEST_TEXT = 4096;
const MOST_ERRORS = 16;
const DEEPEST = 8;
/** Where one error tells of another. */
const WITHIN = ['error', 'oneapierrors', 'details', 'innererror'] as const;

/** An error and those within it, the outermost first; text is an error without a code. */
export function chainOf(value: unknown): readonly ChainedError[] {
  const chain: ChainedError[] = [];
  gather(value, DEEPEST, chain);
  return chain;
}

function gather(value: unknown, depthLeft: number, chain: ChainedError[]): void {
  if (depthLeft === 0 || chain.length >= MOST_ERRORS) return;
  if (typeof value === 'string')
    chain.push({ code: '', text: value.slice(0, LONGEST_TEXT), action: '', isPermanent: null });
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const one of value.slice(0, MOST_ERRORS)) gather(one, depthLeft - 1, chain);
    return;
  }
  const error = errorOf(value);
  if (error) chain.push(error);
  for (const name of WITHIN) gather(memberNamed(value, name), depthLeft - 1, chain);
}

/** Null where it only holds others. */
function errorOf(error: object): ChainedError | null {
  const code = text(memberNamed(error, 'code')) || text(memberNamed(error, 'errorCode'));
  const said =
    text(memberNamed(error, '@message')) ||
    text(memberNamed(error, 'message')) ||
    text(memberNamed(error, 'errorMessage'));
  const action = text(memberNamed(error, 'recommendedAction'));
  if (code === '' && said === '' && action === '') return null;
  const permanent = memberNamed(error, '@permanent');
  return { code, text: said, action, isPermanent: typeof permanent === 'boolean' ? permanent : null };
}

/** A member by its name in any case. */
export function memberNamed(object: object, name: string): unknown {
  const wanted = name.toLowerCase();
  return Object.entries(object).find(([key]) => key.toLowerCase() === wanted)?.[1];
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, LONGEST_TEXT) : '';
}
