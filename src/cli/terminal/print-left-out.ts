import type { Problem } from '../../lib/errors.ts';
import { oneLine } from './print.ts';
import { shortPaths } from './short-paths.ts';
import type { World } from './world.ts';

/** Where files of a picture lie that is not of the files of now, and how they are called. */
export interface OtherFiles {
  readonly folder: string;
  readonly name: string;
}

/** On stderr, whatever is printed: what is missing in a picture is said beside it. */
export function printLeftOut({ cwd, stderr }: World, problems: readonly Problem[], other?: OtherFiles): void {
  for (const { file, line, column, message } of problems) {
    const place = shortPaths(other?.folder ?? cwd, `${file ?? ''}:${line ?? 1}:${column ?? 1}`);
    stderr.write(`${oneLine(`left out${other ? ` of ${other.name}` : ''}: ${place}: ${message}`)}\n`);
  }
}
