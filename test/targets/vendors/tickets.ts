import type { VendorStandIn } from './stand-in.ts';

/** A ticket as a stand-in has it. */
export interface StandInTicket {
  readonly key: string;
  readonly alertId: string;
  readonly isOpen: boolean;
  /** What was said after it was made. */
  readonly notes: readonly string[];
  /** As it was asked for. */
  readonly document: Readonly<Record<string, unknown>>;
}

/** A stand-in of a vendor of tickets, and what people do in its pages. */
export interface TicketStandIn extends Omit<VendorStandIn, 'close'> {
  tickets(): readonly StandInTicket[];
  close(key: string): void;
  remove(key: string): void;
  stop(): Promise<void>;
}
