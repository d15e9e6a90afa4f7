import { constants } from 'node:fs';
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
    await access(file ? path : folder, file ? constants.W_OK : constants.W_OK | constants.X_OK);
    return passed('file', subject, file ? 'The file can be written to.' : 'The file can be made.');
  } catch (thrown) {
    const code = codeOf(thrown);
    if (code === 'ENOENT') return refused(subject, `The folder ${folder} does not exist.`);
    return refused(subject, `It cannot be written to (${code ?? 'unknown'}).`);
  }
}

function refused(subject: string, message: string): CheckResult {
  return failed('file', subject, message, 'Make the folder, and let this user write there.');
}

async function statOrNull(path: string): Promise<Awaited<ReturnType<typeof stat>> | null> {
  try {
    return await stat(path);
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return null;
    throw thrown;
  }
}
