import { constants, type Stats } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type CheckResult, failed, passed } from '../../lib/check-result.ts';
import { codeOf } from '../network-failure.ts';

/** Whether lines can be appended to a file, without touching it: its folder exists, and it or its folder is writable. */
export async function checkFile(target: string, path: string): Promise<CheckResult> {
  const subject = `${target} (${path})`;
  const folder = dirname(path);
  try {
    if (!(await stat(folder)).isDirectory()) return refused(subject, `${folder} is no folder.`);
    const file = await statOrNull(path);
    if (file?.isDirectory()) return refused(subject, 'It is a folder.');
    if (file?.isSocket()) return refused(subject, 'It is a socket, which cannot be opened by its name.');
    await access(file ? path : folder, file ? constants.W_OK : constants.W_OK | constants.X_OK);
    return passed('file', subject, wordsFor(file));
  } catch (thrown) {
    const code = codeOf(thrown);
    if (code === 'ENOENT') return refused(subject, `The folder ${folder} does not exist.`);
    return refused(subject, `It cannot be written to (${code}).`);
  }
}

function wordsFor(file: Stats | null): string {
  if (!file) return 'The file can be made.';
  return file.isFile()
    ? 'The file can be written to.'
    : 'It is no file but a pipe or device: what reads it may lose lines.';
}

function refused(subject: string, message: string): CheckResult {
  return failed('file', subject, message, 'Make the folder, and let this user write there.');
}

async function statOrNull(path: string): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return null;
    throw thrown;
  }
}
