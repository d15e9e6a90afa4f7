import type { CheckedFile } from '../engine/data/check/check-data.ts';
import type { Verb } from './cli.ts';
import { dataPaths, withReading } from './data-options.ts';
import { EXIT } from './exit-codes.ts';
import { withFormat } from './options.ts';
import { printJson, printLine, printTable, tint } from './terminal/print.ts';
import { startProgress } from './terminal/progress.ts';
import type { World } from './terminal/world.ts';

interface CheckOptions {
  readonly format: string;
  readonly strict: boolean;
  readonly dates?: 'dmy' | 'mdy';
}

export const data: Verb = (program, world, done) => {
  const check = program.command('data').command('check').description('show how each file of local data is read');
  withReading(withFormat(check))
    .argument('<paths...>', 'folders or files')
    .action(async (paths: readonly string[], options: CheckOptions) => done(await checkPaths(world, paths, options)));
};

/** With `--strict` what is lost is a finding; it is told all the same, with the rest. */
async function checkPaths(world: World, paths: readonly string[], options: CheckOptions): Promise<number> {
  const { openDataFolder } = await import('../engine/data/folder.ts');
  const { checkData } = await import('../engine/data/check/check-data.ts');
  const folder = await openDataFolder(dataPaths(world, paths), { dates: options.dates ?? null });
  const progress = startProgress(world, 'files', folder.files.length);
  let files: readonly CheckedFile[];
  try {
    files = await checkData(folder, { signal: world.signal, onFile: (count) => progress.update(count) });
  } finally {
    progress.stop();
  }
  if (options.format === 'json') printJson(world, { files });
  else printFiles(world, files);
  return options.strict && files.some(isLossy) ? EXIT.findings : EXIT.ok;
}

function isLossy({ nulls, skipped }: CheckedFile): boolean {
  return skipped.length > 0 || Object.keys(nulls).length > 0;
}

const HEAD = ['file', 'table', 'rows', 'first', 'last', 'columns', 'nulls made', 'times'];

function printFiles(world: World, files: readonly CheckedFile[]): void {
  printTable(world, HEAD, files.map(cellsOf));
  const told = files.flatMap(({ skipped }) => skipped);
  if (told.length > 0) printLine(world);
  for (const line of told) printLine(world, tint(world, 'yellow', line));
}

function cellsOf({ file, table, rows, first, last, columns, nulls, dates }: CheckedFile): readonly string[] {
  const unknown = columns.filter(({ known }) => !known).length;
  return [
    file,
    table ?? 'not read',
    String(rows),
    first ?? '',
    last ?? '',
    unknown > 0 ? `${columns.length}, ${unknown} not in the schema` : String(columns.length),
    Object.entries(nulls)
      .map(([name, count]) => `${name} ${count}`)
      .join(', '),
    [...new Set(Object.values(dates))].join(', '),
  ];
}
