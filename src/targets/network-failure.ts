import { isNativeError } from 'node:util/types';
import { errorChain, errorCodes, NAME_CODES, TLS_CODE } from '../lib/network-codes.ts';
import { again, blocked } from './delivery-result.ts';
import type { DeliveryResult } from './target.ts';

export type NetworkKind = 'tls' | 'dns' | 'private-address' | 'proxy' | 'network';

/** What went wrong below the protocol, in words that name no address, header or secret. */
export interface NetworkFailure {
  readonly kind: NetworkKind;
  readonly code: string | null;
  readonly reason: string;
}

/** Thrown by the lookup of private-address.ts. */
export const PRIVATE_ADDRESS = 'ERR_PRIVATE_ADDRESS';

const PROXY_ANSWER = /Proxy response \((\d{3})\)/;

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was closed while writing',
  ETIMEDOUT: 'the connection timed out',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  UND_ERR_CONNECT_TIMEOUT: 'the connection could not be made in time',
  UND_ERR_HEADERS_TIMEOUT: 'no answer came in time',
  UND_ERR_BODY_TIMEOUT: 'the answer stopped in the middle',
  UND_ERR_SOCKET: 'the other side closed the connection',
  UND_ERR_PRX_TLS: 'the TLS connection to the proxy failed',
};

/** Sorts anything that a socket, a resolver or undici threw. Only error codes are used, never messages, which may hold addresses or secrets. */
export function networkFailure(thrown: unknown): NetworkFailure {
  const messages = errorChain(thrown).map(({ message }) => String(message));
  const proxyStatus = messages.map((message) => PROXY_ANSWER.exec(message)?.[1]).find(Boolean);
  if (proxyStatus) return { kind: 'proxy', code: null, reason: `the proxy answered ${proxyStatus}` };
  const codes = errorCodes(thrown);
  const tls = codes.find((code) => TLS_CODE.test(code) || code === 'UND_ERR_PRX_TLS');
  if (tls) return { kind: 'tls', code: tls, reason: `the TLS handshake failed (${tls})` };
  const dns = codes.find((code) => NAME_CODES.has(code));
  if (dns) return { kind: 'dns', code: dns, reason: `the host name could not be resolved (${dns})` };
  if (codes.includes(PRIVATE_ADDRESS)) {
    return {
      kind: 'private-address',
      code: PRIVATE_ADDRESS,
      reason: 'the host has a private address, which is refused',
    };
  }
  const code = codes.at(-1) ?? null;
  return { kind: 'network', code, reason: networkReason(code) };
}

/** TLS and DNS failures block the target, other network errors mean again. */
export function resultOfFailure(failure: NetworkFailure): DeliveryResult {
  return failure.kind === 'network' ? again(failure.reason) : blocked(failure.reason);
}

function networkReason(code: string | null): string {
  if (code === null) return 'the connection failed';
  const words = WORDS[code] ?? 'the connection failed';
  return `${words} (${code})`;
}

/** The code of a system, TLS or undici error. */
export function codeOf(thrown: unknown): string | null {
  return isNativeError(thrown) && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : null;
}
