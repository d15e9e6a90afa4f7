import type { DeliveryLoop } from '../outbox/delivery-loop.ts';
import type { RenewedLoop } from '../outbox/renewed-loop.ts';
import type { LeaseBook } from '../state/lease.ts';

/** The delivery loops of this process, each of one part. */
export interface LoopSet extends Pick<DeliveryLoop, 'poke'>, Pick<RenewedLoop, 'renew'> {
  add(loop: RenewedLoop): void;
  remove(loop: RenewedLoop): void;
}

/** Whatever is new is told to the loops of other processes, too, and what those tell is heard. */
export function createLoopSet(book: Pick<LeaseBook, 'wake' | 'listen'>): LoopSet & { readonly close: () => void } {
  const loops = new Set<RenewedLoop>();
  const pokeOwn = (): void => {
    for (const loop of loops) loop.poke();
  };
  const close = book.listen((reason) => {
    if (reason === 'outbox') pokeOwn();
  });
  return {
    add: (loop) => void loops.add(loop),
    remove: (loop) => void loops.delete(loop),
    poke: () => {
      pokeOwn();
      book.wake('outbox');
    },
    renew: async () => {
      await Promise.all([...loops].map((loop) => loop.renew()));
    },
    close,
  };
}
