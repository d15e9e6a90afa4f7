import { isNativeError } from 'node:util/types';
import { errorChain, errorCodes } from '../lib/network-codes.ts';
import { isTls, networkFault } from '../lib/network-fault.ts';
import { proxyOfError, withProxy } from '../lib/proxy/named-proxy.ts';
import { again, blocked } from './delivery-result.ts';
import type { DeliveryResult } from './target.ts';

export type NetworkKind = 'tls' | 'dns' | 'private-address' | 'proxy' | 'network';

/** What went wrong below the protocol, in words that name no address but a proxy's, no header and no secret. */
export interface NetworkFailure {
  readonly kind: NetworkKind;
  readonly code: string | null;
  readonly reason: string;
}

/** Thrown by the lookup of private-address.ts. */
export const PRIVATE_ADDRESS = 'ERR_PRIVATE_ADDRESS';

/** Of a tunnel, and of a plain request without the right password. */
const PROXY_ANSWER = /^Proxy (?:response|Authentication Required) \((\d{3})\)/;

/** Sorts anything that a socket, a resolver or undici threw. Only error codes are used, never messages, which may hold addresses or secrets. */
export function networkFailure(thrown: unknown): NetworkFailure {
  const messages = errorChain(thrown).map(({ message }) => String(message));
  const proxyStatus = messages.map((message) => PROXY_ANSWER.exec(message)?.[1]).find(Boolean);
  if (proxyStatus) return { kind: 'proxy', code: null, reason: `the proxy${nameOf(thrown)} answered ${proxyStatus}` };
  const codes = errorCodes(thrown);
  const fault = networkFault(thrown);
  if (fault && isTls(fault.kind)) return { kind: 'tls', code: fault.code, reason: fault.reason };
  if (fault?.kind === 'unresolved') return { kind: 'dns', code: fault.code, reason: fault.reason };
  if (codes.includes(PRIVATE_ADDRESS)) {
    return {
      kind: 'private-address',
      code: PRIVATE_ADDRESS,
      reason: 'the host has a private address, which is refused',
    };
  }
  const code = codes.at(-1) ?? null;
  return { kind: 'network', code, reason: fault?.reason ?? withProxy(unknownReason(code), thrown) };
}

function nameOf(thrown: unknown): string {
  const proxy = proxyOfError(thrown);
  return proxy === null ? '' : ` ${proxy}`;
}

/** TLS and DNS failures block the target, other network errors mean again. */
export function resultOfFailure(failure: NetworkFailure): DeliveryResult {
  return failure.kind === 'network' ? again(failure.reason) : blocked(failure.reason);
}

function unknownReason(code: string | null): string {
  return code === null ? 'the connection failed' : `the connection failed (${code})`;
}

/** The code of a system, TLS or undici error. */
export function codeOf(thrown: unknown): string | null {
  return isNativeError(thrown) && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : null;
}
