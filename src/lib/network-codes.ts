/** Codes of resolvers (getaddrinfo and c-ares). */
export const NAME_CODES: ReadonlySet<string> = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'EAI_NONAME',
  'EAI_NODATA',
  'ENODATA',
  'ESERVFAIL',
]);

/** Certificate codes of OpenSSL as Node names them; handshake failures come as ERR_SSL_*, ERR_TLS_* or EPROTO. */
export const TLS_CODE =
  /^(ERR_SSL_|ERR_TLS_|ERR_OSSL_|CERT_|CRL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|INVALID_CA$|INVALID_PURPOSE$|HOSTNAME_MISMATCH$|EPROTO$)/;

/** Errors of Node and undici are told by their members, not by their class: they may come from another realm. */
export interface ErrorLike {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

const LONGEST_CHAIN = 20;

/** What was thrown, the errors it stands for (Node tries all addresses of a name) and their causes, outermost first. */
export function errorChain(thrown: unknown): readonly ErrorLike[] {
  const chain: ErrorLike[] = [];
  const add = (one: unknown): void => {
    if (typeof one !== 'object' || one === null || chain.length >= LONGEST_CHAIN || chain.includes(one)) return;
    const like: ErrorLike = one;
    chain.push(like);
    for (const inner of Array.isArray(like.errors) ? like.errors : []) add(inner);
    add(like.cause);
  };
  add(thrown);
  return chain;
}

/** The codes in an error's chain, outermost first. */
export function errorCodes(thrown: unknown): readonly string[] {
  return errorChain(thrown)
    .map(({ code }) => code)
    .filter(isText);
}

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
