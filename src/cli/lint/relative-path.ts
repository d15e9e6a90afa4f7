import { isAbsolute, relative, sep } from 'node:path';

/** A path below the working folder as seen from there, with `/` between names; any other as it is. */
export function relativePath(cwd: string, file: string): string {
  const short = relative(cwd, file);
  const below = short !== '' && !isAbsolute(short) && short.split(sep)[0] !== '..';
  return (below ? short : file).replaceAll(sep, '/');
}
