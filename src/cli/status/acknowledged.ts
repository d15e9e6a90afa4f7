import type { StoreReader } from '../../state/store.ts';
import { printLine, printTable } from '../terminal/print.ts';
import type { World } from '../terminal/world.ts';
import type { AcknowledgementRow } from './status-document.ts';

export async function acknowledgementRows(
  store: Pick<StoreReader, 'acknowledgementCounts'>,
): Promise<readonly AcknowledgementRow[]> {
  const counts = await store.acknowledgementCounts();
  return counts.map(({ ruleId: rule, tenant, acknowledged, dispositions }) => ({
    ...{ tenant, rule, acknowledged, dispositions },
  }));
}

/** What alerts of rules turned out to be: a rule with many false ones wants to be changed. */
export function printAcknowledged(world: World, rows: readonly AcknowledgementRow[]): void {
  if (rows.length === 0) return;
  printLine(world);
  const cells = rows.map(({ tenant, rule, acknowledged, dispositions }) => [
    ...[tenant, rule, String(acknowledged)],
    ...[dispositions.true, dispositions.false, dispositions.benign].map(String),
  ]);
  printTable(world, ['TENANT', 'ACKNOWLEDGED OF', 'ALERTS', 'TRUE', 'FALSE', 'BENIGN'], cells);
}
