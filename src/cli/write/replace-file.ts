import { realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { HuntwireError } from '../../lib/errors.ts';

/** Writes a file anew in one step, so that no one reads half of it; a link stays one, and the mode what it was. `asked` is the option that wants it. */
export function replaceFile(file: string, text: string, asked: string): void {
  const target = realpathSync(file);
  const beside = `${target}.huntwire-${process.pid}`;
  try {
    writeFileSync(beside, text, { mode: statSync(target).mode, flag: 'wx' });
    renameSync(beside, target);
  } catch (error) {
    rmSync(beside, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    throw new HuntwireError('USAGE', `${asked}: ${file} cannot be written (${code ?? 'unknown'}).`, { cause: error });
  }
}
