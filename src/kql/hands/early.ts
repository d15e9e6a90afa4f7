import { findImage } from '../parser/parser-image.ts';
import type { Hand } from './hand.ts';
import { startProcess } from './in-process.ts';

/** A hand that was started before it is known what it is for. */
export interface EarlyHand {
  /** The hand, once; null: there is none, or it was taken. */
  readonly take: () => Hand | null;
  readonly end: () => Promise<void>;
}

/** A process that starts meanwhile, where it is wanted and there is a parser image for it. */
export function startEarly(isWanted: boolean, find = findImage): EarlyHand {
  const image = isWanted ? find() : null;
  const hand = image === null ? null : startProcess(image);
  let isTaken = false;
  const take = (): Hand | null => {
    const taken = isTaken ? null : hand;
    isTaken = true;
    return taken;
  };
  return { take, end: async () => hand?.end() };
}
