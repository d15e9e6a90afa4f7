import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Alert } from '../../src/alerts/alert.ts';
import type { DeliveryResult, Target } from '../../src/targets/target.ts';
import { noSignal, sampleAlert } from '../targets/sample-alert.ts';
import type { Fault } from '../targets/vendors/stand-in.ts';
import type { TicketStandIn } from '../targets/vendors/tickets.ts';
import { tries } from '../tries.ts';
import { largeAlert } from './format.ts';
import { oddAlerts } from './odd-alerts.ts';

/** A vendor of tickets with a target on it. */
export interface TicketsUnderTest {
  readonly vendor: TicketStandIn;
  readonly target: Target;
}

export interface TicketsContract {
  readonly type: string;
  start(faults: Fault[]): Promise<TicketsUnderTest>;
  /** Whether a note whose answer was lost is told from one that was never made. */
  readonly notesOnce: boolean;
}

const MOST_ATTEMPTS = 40;
const MAX_RECEIPT = 512;

/** What holds of every vendor where an alert is a ticket: one of them, whatever happens on the way. */
export function describeTickets({ type, start, notesOnce }: TicketsContract): void {
  describe(`a ticket of ${type}`, () => {
    const open: TicketsUnderTest[] = [];
    const begin = async (faults: Fault[] = []): Promise<TicketsUnderTest> => {
      const started = await start(faults);
      open.push(started);
      return started;
    };
    const stop = async (): Promise<void> => {
      for (const { vendor, target } of open.splice(0)) {
        await target.close();
        await vendor.stop();
      }
    };
    afterEach(stop);

    it('is made once, changed and closed again', async () => {
      const { vendor, target } = await begin();
      const told = teller(target);
      for (const message of [firing(), firing(1), firing(2), resolved(3)]) await told(message);
      const [ticket, ...others] = vendor.tickets();
      expect(others).toEqual([]);
      expect(ticket).toMatchObject({ alertId: sampleAlert().id, isOpen: false });
    });

    it('is not made again for a repeat, with its receipt or without', async () => {
      const { vendor, target } = await begin();
      const told = teller(target);
      const { receipt } = await told(firing());
      expect(receipt.length).toBeLessThanOrEqual(MAX_RECEIPT);
      expect(await teller(target)(firing())).toEqual({ receipt });
      expect(await told(firing())).toEqual({ receipt });
      expect(vendor.tickets()).toMatchObject([{ isOpen: true, notes: [] }]);
    });

    it('of every alert is one of its own', async () => {
      const { vendor, target } = await begin();
      for (const id of ['a'.repeat(32), 'b'.repeat(32)]) await teller(target)({ ...firing(), id });
      expect(vendor.tickets().map(({ alertId }) => alertId)).toEqual(['a'.repeat(32), 'b'.repeat(32)]);
    });

    it('that was closed by hand stays closed, and its resolve is delivered', async () => {
      const { vendor, target } = await begin();
      const told = teller(target);
      const { receipt } = await told(firing());
      for (const { key } of vendor.tickets()) vendor.close(key);
      const [before] = vendor.tickets();
      expect(await told(resolved(1))).toEqual({ receipt });
      expect(vendor.tickets()).toEqual([before]);
    });

    it('that was deleted lets its resolve be delivered, and an update make another', async () => {
      const { vendor, target } = await begin();
      const told = teller(target);
      await told(firing());
      for (const { key } of vendor.tickets()) vendor.remove(key);
      expect((await target.deliver(deliveryOf(resolved(1), told.receipt()), noSignal())).kind).toBe('delivered');
      expect(vendor.tickets()).toEqual([]);
      await told(firing(1));
      expect(vendor.tickets()).toMatchObject([{ isOpen: true, alertId: sampleAlert().id }]);
    });

    it('that was never made makes nothing of a resolve', async () => {
      const { vendor, target } = await begin();
      expect((await target.deliver(deliveryOf(resolved(1), null), noSignal())).kind).toBe('delivered');
      expect(vendor.tickets()).toEqual([]);
    });

    it('takes an alert of any size and of odd texts', async () => {
      const { vendor, target } = await begin();
      const told = teller(target);
      const odd = { ...largeAlert(), title: '\u0000\n😀'.repeat(150), description: '\ud800 {noformat} | <b>' };
      for (const message of [largeAlert(), { ...largeAlert(), revision: 1 }]) await told(message);
      await teller(target)({ ...odd, id: 'c'.repeat(32) });
      await teller(target)({ ...odd, id: 'd'.repeat(32), title: '', description: '' });
      expect(vendor.tickets()).toHaveLength(3);
    });

    it('takes what a vendor may take for its own, in every message', async () => {
      const { target } = await begin();
      await fc.assert(
        fc.asyncProperty(oddAlerts(), async (alert) => {
          const told = teller(target);
          const over = { ...alert, revision: 2, status: 'resolved' as const };
          for (const message of [alert, { ...alert, revision: 1 }, over]) await told(message);
        }),
        { numRuns: tries(4, 12) },
      );
    });

    it('is not asked about again too soon after a create without an answer', async () => {
      const { vendor, target } = await begin();
      const { requests } = await untilCreated(vendor, target);
      const lost: Fault[] = Array.from({ length: requests }, (_, at) => (at === requests - 1 ? 'lost' : 'none'));
      const second = await begin(lost);
      const result = await second.target.deliver(deliveryOf(firing(), null), noSignal());
      expect(result).toMatchObject({ kind: 'again', retryAfterMs: 30_000 });
      expect(second.vendor.tickets()).toHaveLength(1);
    });

    it('is one whatever answers are lost, however often', async () => {
      const faults = fc.array(fc.constantFrom<Fault>('lost', 'none', { status: 503 }), { maxLength: 12 });
      await fc.assert(
        fc.asyncProperty(faults, async (lost) => {
          const { vendor, target } = await begin([...lost]);
          const told = teller(target);
          for (const message of [firing(), firing(1), resolved(2)]) await told(message);
          expect(vendor.tickets()).toMatchObject([{ isOpen: false }]);
          if (notesOnce) expect(vendor.tickets()[0]?.notes).toHaveLength(2);
          await stop();
        }),
        { numRuns: tries(5, 15) },
      );
    });
  });
}

function firing(revision = 0): Alert {
  return sampleAlert({ revision });
}

function resolved(revision: number): Alert {
  return sampleAlert({ revision, status: 'resolved' });
}

function deliveryOf(alert: Alert, receipt: string | null) {
  return { messageId: `${alert.id}-${alert.revision}`, alert, receipt };
}

/** Hands messages to the target as the outbox does: until each is delivered, with the receipt of those before. */
function teller(target: Target) {
  let receipt: string | null = null;
  const tell = async (alert: Alert): Promise<{ receipt: string }> => {
    const result = await untilTaken(() => target.deliver(deliveryOf(alert, receipt), noSignal()));
    expect(result).toMatchObject({ kind: 'delivered', receipt: expect.any(String) });
    receipt = result.kind === 'delivered' ? (result.receipt ?? null) : null;
    return { receipt: receipt ?? '' };
  };
  return Object.assign(tell, { receipt: () => receipt });
}

async function untilTaken(attempt: () => Promise<DeliveryResult>): Promise<DeliveryResult> {
  for (let attempts = 1; ; attempts += 1) {
    const result = await attempt();
    if (result.kind !== 'again' || attempts === MOST_ATTEMPTS) return result;
  }
}

/** How many requests a first message takes. */
async function untilCreated(vendor: TicketStandIn, target: Target): Promise<{ requests: number }> {
  await target.deliver(deliveryOf(firing(), null), noSignal());
  return { requests: vendor.received.length };
}
