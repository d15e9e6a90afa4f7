import type { Dispatcher } from 'undici';
import { errorChain } from '../network-codes.ts';

/** By errors of requests: host and port of the proxy that the request went through. */
const proxies = new WeakMap<object, string>();

/** Has what a request throws say which proxy it went through; `proxyOf` tells it for the address that was asked. */
export function namingProxy(proxyOf: (origin: URL) => URL | null): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (request, handler) => {
    const note = (error: Error): void => {
      const origin = String(request.origin ?? '');
      const proxy = URL.canParse(origin) ? proxyOf(new URL(origin)) : null;
      if (proxy) proxies.set(error, proxy.host);
    };
    return dispatch(request, noting(handler, note));
  };
}

function noting(handler: Dispatcher.DispatchHandler, note: (error: Error) => void): Dispatcher.DispatchHandler {
  return {
    onRequestStart: (controller, context) => handler.onRequestStart?.(controller, context),
    onRequestUpgrade: (controller, ...upgrade) => handler.onRequestUpgrade?.(controller, ...upgrade),
    onResponseStart: (controller, ...head) => handler.onResponseStart?.(controller, ...head),
    onResponseData: (controller, chunk) => handler.onResponseData?.(controller, chunk),
    onResponseEnd: (controller, trailers) => handler.onResponseEnd?.(controller, trailers),
    onResponseError: (controller, error) => {
      note(error);
      handler.onResponseError?.(controller, error);
    },
  };
}

/** Host and port of the proxy that a failed request went through, without its password; null: none. */
export function proxyOfError(thrown: unknown): string | null {
  for (const one of errorChain(thrown)) {
    const proxy = proxies.get(one);
    if (proxy !== undefined) return proxy;
  }
  return null;
}

/** A reason with the proxy that the request went through. */
export function withProxy(reason: string, thrown: unknown): string {
  const proxy = proxyOfError(thrown);
  return proxy === null ? reason : `${reason}, through the proxy ${proxy}`;
}
