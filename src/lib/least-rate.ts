import type { Readable } from 'node:stream';
import type { Clock } from './clock.ts';
import { SECOND_MS } from './duration.ts';

/** A body must bring so many bytes in each period, its last one excepted: a byte now and then keeps no deadline of sockets from passing. */
export const LEAST_RATE = { bytes: 1024, periodMs: 30 * SECOND_MS };

/** The code of an error for a body that came too slowly. */
export const TOO_SLOW = 'ERR_TOO_SLOW';

/** The chunks of a body; one that falls below LEAST_RATE is destroyed, and the loop over it fails with TOO_SLOW. */
export async function* atLeastRate(body: Readable, clock: Clock): AsyncGenerator<Buffer> {
  const stop = new AbortController();
  let came = 0;
  const watch = async (): Promise<void> => {
    for (let before = -LEAST_RATE.bytes; came - before >= LEAST_RATE.bytes; ) {
      before = came;
      await clock.sleep(LEAST_RATE.periodMs, stop.signal);
    }
    body.destroy(tooSlow());
  };
  // The sleep rejects when the body is over: that is what stopping it means.
  watch().catch(() => undefined);
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      came += chunk.length;
      yield chunk;
    }
  } finally {
    stop.abort();
  }
}

function tooSlow(): Error {
  const { bytes, periodMs } = LEAST_RATE;
  const message = `fewer than ${bytes} bytes came in ${periodMs / SECOND_MS} s`;
  return Object.assign(new Error(message), { code: TOO_SLOW });
}
