import { readFileSync, statSync } from 'node:fs';
import { fileText } from '../../rules/file-text.ts';

/** The lines of a file without their ends, as places of findings count them; null where it cannot be read. */
export type FileLines = (file: string) => readonly string[] | null;

const MAX_BYTES = 4 * 1024 * 1024;

/** Reads each file once, when its lines are first asked for. */
export function createFileLines(): FileLines {
  const known = new Map<string, readonly string[] | null>();
  return (file) => {
    const lines = known.has(file) ? (known.get(file) ?? null) : readLines(file);
    known.set(file, lines);
    return lines;
  };
}

function readLines(file: string): readonly string[] | null {
  try {
    const found = statSync(file);
    if (!found.isFile() || found.size > MAX_BYTES) return null;
    return (fileText(readFileSync(file)).text ?? '')
      .replace(/^\uFEFF/, '')
      .split('\n')
      .map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  } catch {
    return null;
  }
}
