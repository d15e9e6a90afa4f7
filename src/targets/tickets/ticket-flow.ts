import { SECOND_MS } from '../../lib/duration.ts';
import { again, DELIVERED } from '../delivery-result.ts';
import type { Delivery, DeliveryResult } from '../target.ts';

/** What came of one thing that was asked of a vendor. */
export type TicketStep =
  /** Null: there is no such ticket, or no more. */
  | { readonly kind: 'done'; readonly ticket: string | null }
  | { readonly kind: 'failed'; readonly result: DeliveryResult };

/** What can be done at one vendor about the ticket of one alert. A ticket is known by the text that is its receipt. */
export interface TicketDesk {
  /** The ticket that was made for the alert, whoever remembers it. */
  find(): Promise<TicketStep>;
  create(): Promise<TicketStep>;
  /** Says what is new; of a message that is there already nothing is said again where the vendor lets one see that. */
  update(ticket: string): Promise<TicketStep>;
  /** Closes it; one that is closed already stays as it is. */
  resolve(ticket: string): Promise<TicketStep>;
}

/** A create without an answer may have happened, and searches may not show it at once. */
const BEFORE_NEXT_SEARCH_MS = 30 * SECOND_MS;
/** Characters. */
const MAX_RECEIPT = 512;
const NO_TICKET: TicketStep = { kind: 'done', ticket: null };

/**
 * One ticket an alert: it is looked for before it is made, as a create that got no answer may have happened. A resolve whose ticket is
 * gone or was never made is delivered; an update of one that is gone makes another, because the condition goes on.
 */
export async function deliverTicket(desk: TicketDesk, { alert, receipt }: Delivery): Promise<DeliveryResult> {
  const isResolve = alert.status === 'resolved';
  const known = receipt === null ? NO_TICKET : await follow(desk, receipt, alert);
  if (known.kind === 'failed') return known.result;
  if (known.ticket !== null) return delivered(known.ticket);
  if (receipt !== null && isResolve) return DELIVERED;
  const found = await desk.find();
  if (found.kind === 'failed') return found.result;
  const followed = found.ticket === null ? NO_TICKET : await follow(desk, found.ticket, alert);
  if (followed.kind === 'failed') return followed.result;
  if (followed.ticket !== null) return delivered(followed.ticket);
  return isResolve ? DELIVERED : made(await desk.create());
}

export function stepFailed(result: DeliveryResult): TicketStep {
  return { kind: 'failed', result };
}

/** What a message says of a ticket that is there. The first one has been said by the ticket itself. */
function follow(desk: TicketDesk, ticket: string, { status, revision }: Delivery['alert']): Promise<TicketStep> {
  if (status === 'resolved') return desk.resolve(ticket);
  return revision === 0 ? Promise.resolve({ kind: 'done', ticket }) : desk.update(ticket);
}

function made(step: TicketStep): DeliveryResult {
  if (step.kind === 'done' && step.ticket !== null) return delivered(step.ticket);
  const result = step.kind === 'failed' ? step.result : again('the answer does not say which ticket was made');
  if (result.kind !== 'again' || result.status === 429) return result;
  return { ...result, retryAfterMs: Math.max(result.retryAfterMs ?? 0, BEFORE_NEXT_SEARCH_MS) };
}

/** What is too long to be a receipt is no name of a ticket that we have seen: the next message looks for it. */
function delivered(ticket: string): DeliveryResult {
  return ticket.length > MAX_RECEIPT ? DELIVERED : { kind: 'delivered', receipt: ticket };
}
