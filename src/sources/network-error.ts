import { TOO_SLOW } from '../lib/least-rate.ts';
import { errorChain, errorCodes, isText, NAME_CODES, TLS_CODE } from '../lib/network-codes.ts';
import { networkFault } from '../lib/network-fault.ts';
import { withProxy } from '../lib/proxy/named-proxy.ts';

/** Codes of undici that mean the other side was slow. */
const TIMEOUTS: ReadonlySet<string> = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

/** Why no HTTP answer came, so that a caller can tell what a person must change. */
export type NetworkFailureKind = 'timeout' | 'slow' | 'name' | 'tls' | 'network';

/** Sorts an error of undici, DNS, TCP or TLS. */
export function networkFailureKind(error: unknown): NetworkFailureKind {
  const codes = errorCodes(error);
  if (codes.includes(TOO_SLOW)) return 'slow';
  if (codes.some((code) => TIMEOUTS.has(code))) return 'timeout';
  if (codes.some((code) => NAME_CODES.has(code))) return 'name';
  return codes.some((code) => TLS_CODE.test(code)) ? 'tls' : 'network';
}

/** Codes of a connection that was there and broke. */
const BROKEN: ReadonlySet<string> = new Set(['ECONNRESET', 'ECONNABORTED', 'EPIPE', 'UND_ERR_SOCKET']);

/** Whether a connection broke, and not whether one could be made at all. */
export function isBroken(error: unknown): boolean {
  return networkFailureKind(error) === 'network' && errorCodes(error).some((code) => BROKEN.has(code));
}

/** In words where the fault is known, else the innermost message, which names the cause; `fetch failed` alone helps nobody. */
export function networkReason(error: unknown): string {
  const fault = errorCodes(error).includes(TOO_SLOW) ? null : networkFault(error);
  if (fault) return fault.reason;
  const code = errorCodes(error).findLast((one) => one !== TOO_SLOW);
  const messages = errorChain(error).map(({ message }) => message);
  const message = messages.findLast(isText) ?? String(error);
  return withProxy(code && !message.includes(code) ? `${message} (${code})` : message, error);
}
