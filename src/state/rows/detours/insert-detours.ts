import { createBulk } from '../../steps/bulk.ts';
import type { Items } from '../../steps/steps.ts';

/** An entry for a target that its alert was not sent to at first. */
export type DetourEntry = {
  readonly alert: number;
  readonly message_id: string;
  readonly order_key: string;
  readonly target: string;
};

type DetourShared = {
  readonly created_at: number;
  readonly attempts: number;
  readonly next_attempt_at: number;
  readonly instead_of: string | null;
  readonly escalated_after: number | null;
};

/** What a target has already stays as it is. */
export const insertDetours = createBulk<DetourEntry, DetourShared, unknown>(
  { alert: 'number', message_id: 'text', order_key: 'text', target: 'text' },
  (rows: Items, { created_at, attempts, next_attempt_at, instead_of, escalated_after }) => {
    const entries = rows.into('outbox', { created_at, attempts, next_attempt_at, instead_of, escalated_after });
    return entries.onConflict((conflict) => conflict.columns(['alert', 'target']).doNothing());
  },
);
