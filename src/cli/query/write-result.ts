import { countOf } from '../../lib/text.ts';
import type { World } from '../terminal/world.ts';
import { writeIntoFile } from '../write/write-into-file.ts';
import { printResult } from './print-result.ts';
import type { QueryAnswer } from './query-result.ts';

/** Puts what would be printed into a file, over one that is there. */
export async function writeResult(world: World, format: string, output: string, answer: QueryAnswer): Promise<void> {
  const path = await writeIntoFile(world, output, await dataOf(world, format, answer));
  world.stderr.write(`${countOf(answer.result.rows.length, 'row')} written to ${path}\n`);
}

async function dataOf(world: World, format: string, answer: QueryAnswer): Promise<string | Uint8Array> {
  if (format === 'parquet') return (await import('./parquet-bytes.ts')).parquetBytes(answer.result);
  const written: string[] = [];
  const stdout = { write: (text: string) => void written.push(text), isTTY: false, columns: world.stdout.columns };
  // A file is no log: whatever service builds here obeys nothing in it.
  printResult({ ...world, stdout, env: {} }, format, answer);
  return written.join('');
}
