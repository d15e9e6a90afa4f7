import type { DeliveryFate, DeliveryTime, PageStore } from '../../page-store.ts';
import type { Database } from '../../steps/database.ts';
import { compiledOnce } from '../../steps/statement.ts';
import { all, type RowSteps } from '../../steps/steps.ts';
import { db } from '../../steps/tables.ts';
import { type FateRow, toFate } from '../journal/read-history.ts';
import { highestId } from '../order-rows.ts';
import { fromExactText } from '../text.ts';

/** What became of deliveries, for who looks at an alert or at all of them. */
export function createDeliveryFates(database: Database): Pick<PageStore, 'deliveriesOf' | 'deliveryTimes'> {
  return {
    deliveriesOf: (alertId, limit) => database.ask(() => readFates(alertId, limit)),
    deliveryTimes: (limit) => database.read(() => readTimes(limit)),
  };
}

interface WholeFateRow extends FateRow {
  readonly id: number;
  readonly message_id: string;
  readonly created_at: number;
  readonly status: number | null;
  readonly receipt: string | null;
  readonly instead_of: string | null;
  readonly escalated_after: number | null;
}

const fatesOf = compiledOnce(({ alertId, limit }: { readonly alertId: string; readonly limit: number }) =>
  db
    .selectFrom('outbox')
    .innerJoin('alert', 'alert.id', 'outbox.alert')
    .leftJoin('receipt', (on) =>
      on.onRef('receipt.alert_id', '=', 'alert.alert_id').onRef('receipt.target', '=', 'outbox.target'),
    )
    .select(['outbox.id', 'message_id', 'outbox.target', 'alert.alert_id', 'revision', 'attempts', 'status'])
    .select(['outbox.created_at', 'first_attempt_at', 'settled_at', 'dead_at', 'reason', 'answer', 'receipt'])
    .select(['instead_of', 'escalated_after'])
    .where('alert.alert_id', '=', alertId)
    .orderBy('outbox.id', 'desc')
    .limit(limit),
);

function* readFates(alertId: string, limit: number): RowSteps<readonly DeliveryFate[]> {
  return (yield* all(fatesOf({ alertId, limit }))).map(toWholeFate);
}

function toWholeFate(row: WholeFateRow): DeliveryFate {
  const { id, message_id: messageId, created_at: createdAt, status, answer } = row;
  const receipt = row.receipt === null ? null : fromExactText(row.receipt);
  const detour = { insteadOf: row.instead_of, escalatedAfterMs: row.escalated_after };
  return { ...toFate(row), id, messageId, createdAt, status, answer, receipt, ...detour };
}

/** Where a target is down, its entries are many and not at their end: no more than these are looked at. */
const NEWEST_ENTRIES = 5000;

const timesBehind = compiledOnce(({ behind, limit }: { readonly behind: number; readonly limit: number }) =>
  db
    .selectFrom('outbox')
    .select(['target', 'created_at', 'settled_at'])
    .where('id', '>', behind)
    .where('settled_at', 'is not', null)
    .where('answer', 'is', null)
    .orderBy('id', 'desc')
    .limit(limit),
);

function* readTimes(limit: number): RowSteps<readonly DeliveryTime[]> {
  const behind = (yield* highestId('outbox')) - NEWEST_ENTRIES;
  return (yield* all(timesBehind({ behind, limit }))).map(
    ({ target, created_at: createdAt, settled_at: settledAt }) => ({
      target,
      settledAt: settledAt ?? createdAt,
      tookMs: Math.max(0, (settledAt ?? createdAt) - createdAt),
    }),
  );
}
