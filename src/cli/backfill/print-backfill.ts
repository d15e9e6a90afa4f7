import { countOf } from '../../lib/text.ts';
import { printJson, printLine } from '../terminal/print.ts';
import type { World } from '../terminal/world.ts';
import type { BackfillDocument } from './backfill-document.ts';

export function printBackfill(world: World, format: string, document: BackfillDocument): void {
  if (format === 'json') printJson(world, document);
  else if (!document.dryRun) printText(world, document);
}

function printText(world: World, document: BackfillDocument): void {
  const { rule, windows, rows, hits, alerts, error, deliveries } = document;
  const found = `${countOf(rows, 'row')}, ${countOf(hits, 'hit')}, ${countOf(alerts, 'alert')}`;
  printLine(world, `${countOf(windows.asked, 'window')} searched: ${found}.`);
  if (windows.leftOut > 0)
    printLine(
      world,
      `${countOf(windows.leftOut, 'window')} failed five times and stay as they were: huntwire gaps ${rule}`,
    );
  for (const { target, delivered, pending, dead } of deliveries)
    printLine(world, `${target}: ${delivered} delivered, ${pending} pending, ${dead} dead`);
  if (!error) return;
  printLine(world, `${error.message} What was searched is kept. Go on with:`);
  printLine(world, `  ${commandOf(document)}`);
}

function commandOf({ rule, from, to, noLimit, retell }: BackfillDocument): string {
  const more = [...(noLimit ? ['--no-limit'] : []), ...(retell.length > 0 ? ['--retell excepted'] : [])].join(' ');
  return `huntwire backfill ${rule} --from ${from} --to ${to} ${more}`.trimEnd();
}
