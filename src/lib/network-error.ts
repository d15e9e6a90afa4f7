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
  const chain = chainOf(error);
  const last = chain.at(-1);
  const code = codesOf(error).at(-1);
  const message = last instanceof Error && last.message ? last.message : String(error);
  return code && !message.includes(code) ? `${message} (${code})` : message;
}

function codesOf(error: unknown): readonly string[] {
  return chainOf(error).flatMap((one) => {
    const code = typeof one === 'object' && one !== null && 'code' in one ? one.code : undefined;
    return typeof code === 'string' ? [code] : [];
  });
}

function chainOf(error: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  let current: unknown = error;
  while (current !== undefined && current !== null && chain.length < MAX_DEPTH) {
    chain.push(current);
    current = current instanceof Error ? (current.cause ?? firstOf(current)) : undefined;
  }
  return chain;
}

/** Node tries all addresses of a name and then throws an AggregateError. */
function firstOf(error: Error): unknown {
  return 'errors' in error && Array.isArray(error.errors) ? error.errors[0] : undefined;
}
