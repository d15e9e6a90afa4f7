import { type LoadedLibrary, loadLibrary } from '../../../src/rules/functions/load-functions.ts';
import { memoryFiles } from '../overlays/overlay-folder.ts';

/** What is loaded of the functions in these files, by their paths below `/set/functions`. */
export function libraryOf(files: Readonly<Record<string, string>>): Promise<LoadedLibrary> {
  const placed = Object.entries(files).map(([name, text]) => [`functions/${name}`, text]);
  return loadLibrary({ functions: ['/set/functions'] }, memoryFiles(Object.fromEntries(placed)));
}

/** `file:line:column message` of what is wrong with them, the file without its folder. */
export async function refusalsOf(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { refusals } = await libraryOf(files);
  return refusals.map(({ file, line, column, message }) => {
    return `${file?.replace('/set/functions/', '')}:${line}:${column} ${message}`;
  });
}
