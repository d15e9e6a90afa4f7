import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Entry } from '../../../src/targets/syslog/carrier.ts';
import { confirmDelivered, createFlight, land, launch, take } from '../../../src/targets/syslog/flight.ts';
import { noSignal } from '../sample-alert.ts';

const RULES = { probationMs: 1000, proofMs: 500, proofBytes: 1000 };

function entry(results: string[]): Entry {
  return { frame: Buffer.alloc(0), signal: noSignal(), resolve: (result) => results.push(result.kind) };
}

describe('a message in flight', () => {
  it('is delivered after probation, and so long after it was taken', () => {
    const results: string[] = [];
    const flight = createFlight(RULES);
    const batch = launch(flight, [entry(results), entry(results)], 100);
    take(flight, batch, 600);
    confirmDelivered(flight, 999, 0, false);
    confirmDelivered(flight, 1099, 0, false);
    expect(results).toEqual([]);
    confirmDelivered(flight, 1100, 0, false);
    expect(results).toEqual(['delivered', 'delivered']);
  });

  it('waits for the probation of its connection, whenever that was opened', () => {
    const results: string[] = [];
    const flight = createFlight(RULES);
    take(flight, launch(flight, [entry(results)], 100), 5000);
    confirmDelivered(flight, 5999, 5000, false);
    expect(results).toEqual([]);
    confirmDelivered(flight, 6000, 5000, false);
    expect(results).toEqual(['delivered']);
  });

  it('is not delivered before the kernel has taken it, however long that lasts', () => {
    const results: string[] = [];
    const flight = createFlight(RULES);
    launch(flight, [entry(results)], 100);
    confirmDelivered(flight, 1_000_000, 0, false);
    expect(results).toEqual([]);
  });

  it('is delivered early once enough bytes were taken behind it', () => {
    const first: string[] = [];
    const second: string[] = [];
    const flight = createFlight(RULES);
    const batches = [launch(flight, [entry(first)], 100), launch(flight, [entry(second)], 1000)];
    for (const batch of batches) take(flight, batch, 2000);
    confirmDelivered(flight, 2001, 0, false);
    expect([first, second]).toEqual([['delivered'], []]);
  });

  it('is proven by bytes only while the connection is stalled', () => {
    const results: string[] = [];
    const flight = createFlight(RULES);
    take(flight, launch(flight, [entry(results)], 100), 0);
    confirmDelivered(flight, 60_000, 0, true);
    expect(results).toEqual([]);
    take(flight, launch(flight, [], 1000), 60_000);
    confirmDelivered(flight, 60_000, 0, true);
    expect(results).toEqual(['delivered']);
  });

  it('gets the result of the connection when that ends', () => {
    const results: string[] = [];
    const flight = createFlight(RULES);
    take(flight, launch(flight, [entry(results)], 100), 0);
    launch(flight, [entry(results)], 100);
    land(flight, { kind: 'again', reason: 'reset', status: null, retryAfterMs: null });
    confirmDelivered(flight, 10_000, 0, false);
    expect(results).toEqual(['again', 'again']);
  });

  it('is resolved in order and once, whatever happens', () => {
    const step = fc.record({
      bytes: fc.integer({ min: 1, max: 800 }),
      takes: fc.nat(3),
      wait: fc.nat(700),
      stalled: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const order: number[] = [];
        const flight = createFlight(RULES);
        const untaken: ReturnType<typeof launch>[] = [];
        let now = 0;
        for (const [at, { bytes, takes, wait, stalled }] of steps.entries()) {
          const one: Entry = { frame: Buffer.alloc(0), signal: noSignal(), resolve: () => order.push(at) };
          untaken.push(launch(flight, [one], bytes));
          for (const batch of untaken.splice(0, takes)) take(flight, batch, now);
          now += wait;
          confirmDelivered(flight, now, 0, stalled);
        }
        land(flight, { kind: 'again', reason: 'x', status: null, retryAfterMs: null });
        expect(order).toEqual(steps.map((_, at) => at));
      }),
    );
  });
});
