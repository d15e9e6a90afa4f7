import { sep } from 'node:path';

/** The text with paths below the working folder as one would type them there; all others stay whole. */
export function shortPaths(cwd: string, text: string): string {
  const folder = cwd.endsWith(sep) ? cwd : `${cwd}${sep}`;
  if (folder === sep) return text;
  const parts = text.split(folder);
  return parts.reduce((before, after) => (PATH_END.test(before) ? before + folder + after : before + after));
}

/** Behind such a character the folder is but a part of a longer path. */
const PATH_END = /[\w.~\-/\\]$/;
