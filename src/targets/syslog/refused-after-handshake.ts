import { blocked } from '../delivery-result.ts';
import type { DeliveryResult } from '../target.ts';

/** A refused client certificate is told by an alert, a reset or a mere close. */
export function refusedAfterHandshake(result: DeliveryResult): DeliveryResult {
  if (result.kind !== 'again') return result;
  return blocked(`${result.reason} right after the TLS handshake; the receiver may want another client certificate`);
}
