import type { Source } from '../../sources/source.ts';
import type { HeldClock } from './held-clock.ts';

/**
 * The same source, over which time stands still while it is asked: a machine that needs seconds for an answer would else need minutes
 * of the demo for it, and what is planned for a minute would meet another.
 */
export function stillSource(source: Source, clock: HeldClock): Source {
  const still = async <Answer>(ask: () => Promise<Answer>): Promise<Answer> => {
    clock.hold();
    try {
      return await ask();
    } finally {
      clock.release();
    }
  };
  const { greet } = source;
  return {
    ...source,
    query: (request, sink) => still(() => source.query(request, sink)),
    ...(greet && { greet: (signal) => still(() => greet(signal)) }),
  };
}
