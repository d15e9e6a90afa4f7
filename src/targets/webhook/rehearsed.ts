import type { Dispatcher } from 'undici';
import { createMask, type Mask } from '../../lib/mask.ts';
import { keysInUrl } from '../../lib/secrets-in-url.ts';
import type { RehearsedRequest } from '../target.ts';

/** A body of ours is shown as it is sent: a word of the path that it holds, too, is no secret there. */
export function maskOfBody(secrets: readonly string[], urls: readonly string[]): Mask {
  return createMask([...secrets, ...urls.flatMap(keysInUrl)]);
}

/** A request as it would be sent, without its secrets. `sent` masks what is around the body. */
export function rehearsedOf(
  request: Dispatcher.DispatchOptions,
  { sent: mask, written }: { readonly sent: Mask; readonly written: Mask },
): RehearsedRequest {
  const { method, path, headers } = request;
  const named = Object.entries(headers as Readonly<Record<string, string>>);
  return {
    method,
    url: `${request.origin}${mask(path)}`,
    headers: Object.fromEntries(named.map(([name, value]) => [name, mask(value)])),
    body: bodyOf(request, written),
  };
}

function bodyOf({ body, headers }: Dispatcher.DispatchOptions, written: Mask): string {
  if (!Buffer.isBuffer(body)) return written(typeof body === 'string' ? body : '');
  const isCompressed = 'content-encoding' in (headers as Readonly<Record<string, string>>);
  return isCompressed ? `(${body.length} bytes, compressed)` : written(body.toString());
}
