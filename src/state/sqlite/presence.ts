import { statSync } from 'node:fs';
import { HuntwireError } from '../../lib/errors.ts';
import type { Connection } from './connection.ts';

/** What a stat says when a name leads nowhere any more. Other failures say nothing about the file. */
const GONE: ReadonlySet<unknown> = new Set(['ENOENT', 'ENOTDIR', 'ESTALE']);

/**
 * The connection of a runner, which looks before every commit and every larger read whether its files are still those that it opened.
 * Whatever it wrote to a file without a name would be lost with the process, while a second runner could begin beside it. Then it
 * throws STATE_GONE.
 */
export function watchFiles(connection: Connection, paths: readonly string[]): Connection {
  const opened = paths.map((path) => ({ path, file: fileAt(path) }));
  const check = (): void => {
    for (const { path, file } of opened) if (isAnother(file, fileAt(path))) throw goneError(connection.path, path);
  };
  const checked =
    <Result>(work: () => Result) =>
    (): Result => {
      const result = work();
      check();
      return result;
    };
  return {
    ...connection,
    read: (work) => {
      check();
      return connection.read(work);
    },
    write: (work) => connection.write(checked(work)),
    writeLazily: (work) => connection.writeLazily(checked(work)),
  };
}

/** What was not there at first need not be there now. */
function isAnother(opened: string | null, now: string | null): boolean {
  return opened !== null && opened !== 'gone' && now !== null && now !== opened;
}

/** Device and inode; `gone` where the name leads nowhere, null where nothing can be said. */
function fileAt(path: string): string | null {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev} ${ino}`;
  } catch (thrown) {
    return GONE.has((thrown as NodeJS.ErrnoException).code) ? 'gone' : null;
  }
}

function goneError(statePath: string, path: string): HuntwireError {
  const what = path === statePath ? 'was deleted or replaced' : `has lost ${path}, which was deleted or replaced,`;
  return new HuntwireError(
    'STATE_GONE',
    `The state file ${statePath} ${what} while this process worked on it. It stops, because nothing could be kept any more: what waited there to be delivered is lost with it. Put the state back, or start again with an empty one.`,
  );
}
