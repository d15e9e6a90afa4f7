import type { Format, Payload, SentPayload } from '../formats/format.ts';
import type { Delivery } from './target.ts';

/** What a format makes of a delivery, whole. An alert that goes out as it is stored is neither parsed nor written again. */
export function payloadOf(format: Format, delivery: Pick<Delivery, 'alert' | 'text'>): Payload {
  const options = { maxBytes: null };
  const ready = delivery.text === undefined ? null : format.ofText?.(delivery.text, options);
  return ready ?? format(delivery.alert, options);
}

/** The same for whoever needs no text of it. */
export function sentPayloadOf(format: Format, delivery: Pick<Delivery, 'alert' | 'text'>): SentPayload {
  if (delivery.text !== undefined || !format.inBytes) return payloadOf(format, delivery);
  return format.inBytes(delivery.alert);
}
