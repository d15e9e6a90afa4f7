import type { OutboxStore, Receipt } from '../outbox-store.ts';
import type { Connection } from './connection.ts';
import { db } from './tables.ts';
import { exactText } from './text.ts';

/** What targets answered to a delivery and get back with later messages of the same alert: the key of the ticket that was made. */
export function createReceiptRows(connection: Connection): Pick<OutboxStore, 'keepReceipts'> {
  return {
    keepReceipts: async (receipts) =>
      connection.write(() => {
        for (const receipt of receipts) connection.run(buildReceipt(receipt));
      }),
  };
}

function buildReceipt({ alertId, target, text, at }: Receipt) {
  const newest = { receipt: exactText(text), at };
  return db
    .insertInto('receipt')
    .values({ alert_id: alertId, target, ...newest })
    .onConflict((conflict) => conflict.columns(['alert_id', 'target']).doUpdateSet(newest))
    .compile();
}
