import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { HuntwireError } from '../../lib/errors.ts';
import { countOf } from '../../lib/text.ts';
import type { World } from '../terminal/world.ts';
import { printResult } from './print-result.ts';
import type { QueryAnswer } from './query-result.ts';

/** Puts what would be printed into a file, over one that is there. */
export async function writeResult(world: World, format: string, output: string, answer: QueryAnswer): Promise<void> {
  const path = resolve(world.cwd, output);
  const data = await dataOf(world, format, answer);
  try {
    await writeFile(path, data);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HuntwireError('USAGE', `--output: ${path} cannot be written: ${reason}.`, { cause });
  }
  world.stderr.write(`${countOf(answer.result.rows.length, 'row')} written to ${path}\n`);
}

async function dataOf(world: World, format: string, answer: QueryAnswer): Promise<string | Uint8Array> {
  if (format === 'parquet') return (await import('./parquet-bytes.ts')).parquetBytes(answer.result);
  const written: string[] = [];
  const stdout = { write: (text: string) => void written.push(text), isTTY: false, columns: world.stdout.columns };
  printResult({ ...world, stdout }, format, answer);
  return written.join('');
}
