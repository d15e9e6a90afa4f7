/** Codes of Node and undici that mean the other side was slow. */
const TIMEOUTS = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);
const NAME_CODES = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA']);
const TLS_CODE = /^(ERR_(TLS|SSL)|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|EPROTO$|HOSTNAME_MISMATCH)/;
const MAX_DEPTH = 5;

/** Why no HTTP answer came, so that a caller can tell what a person must change. */
export type NetworkFailure = 'timeout' | 'name' | 'tls' | 'network';

/** Sorts an error of undici, DNS, TCP or TLS. */
export function networkFailure(error: unknown): NetworkFailure {
  const codes = codesOf(error);
  if (codes.some((code) => TIMEOUTS.has(code))) return 'timeout';
  if (codes.some((code) => NAME_CODES.has(code))) return 'name';
  return codes.some((code) => TLS_CODE.test(code)) ? 'tls' : 'network';
}

/** The innermost message, which names the cause; `fetch failed` alone helps nobody. */
export function networkReason(error: unknown): string {
  const code = codesOf(error).at(-1);
  const message =
    chainOf(error)
      .map(({ message }) => message)
      .findLast(isText) ?? String(error);
  return code && !message.includes(code) ? `${message} (${code})` : message;
}

/** Errors of Node are told by their members, not by their class: they may come from another realm. */
interface ErrorLike {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

function codesOf(error: unknown): readonly string[] {
  return chainOf(error)
    .map(({ code }) => code)
    .filter(isText);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function chainOf(error: unknown): readonly ErrorLike[] {
  const chain: ErrorLike[] = [];
  let current: unknown = error;
  while (typeof current === 'object' && current !== null && chain.length < MAX_DEPTH) {
    const like: ErrorLike = current;
    chain.push(like);
    // Node tries all addresses of a name and then throws one error that holds one for each.
    current = like.cause ?? (Array.isArray(like.errors) ? like.errors[0] : undefined);
  }
  return chain;
}
