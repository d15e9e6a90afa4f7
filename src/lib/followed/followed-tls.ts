import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { createRenewed, type Renewed } from '../renewed.ts';
import { loadTls, type TlsFiles, type TlsMaterial } from '../tls.ts';
import { followFiles } from './followed-files.ts';

/**
 * What loadTls makes of certificate files, as they are now: the same object until one of them has changed, and until they fit each other
 * again where one was replaced before the other. Throws as loadTls does where they cannot be used from the beginning.
 */
export function followTls(files: TlsFiles, where: string, clock: Clock, log: Log): Renewed<TlsMaterial> {
  const paths = [files.caFile, files.certFile, files.keyFile].filter((path) => path !== undefined);
  return createRenewed({
    settings: files,
    ...(paths.length > 0 && { files: followFiles(paths, clock) }),
    make: () => loadTls(files, where),
    where,
    log,
  });
}
