import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { VerbPrint } from '../../editor/server/run-commands.ts';
import { DEFAULT_CONFIG } from '../options.ts';

const MAIN = fileURLToPath(new URL('../../main.js', import.meta.url));
/** Characters of output that are kept. */
const MOST_KEPT = 256 * 1024;
const LONGEST_MS = 10 * 60_000;

export interface VerbCall {
  readonly args: readonly string[];
  readonly folder: string;
  readonly config: string | null;
  readonly signal: AbortSignal;
}

/** The folder of the configuration of a file, else its own. */
export function workFolder(file: string, config: string | null): string {
  if (config !== null) return dirname(resolve(config));
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if (existsSync(join(folder, DEFAULT_CONFIG))) return folder;
    if (dirname(folder) === folder) return dirname(file);
  }
}

/** Runs a verb in a process of its own, which asks nobody anything and whose output is what both of its streams say. */
export function runVerb({ args, folder, config, signal }: VerbCall): Promise<VerbPrint> {
  const given = config === null ? [] : ['--config', config];
  return new Promise((done) => {
    const child = spawn(process.execPath, ['--no-warnings', MAIN, ...args, ...given], {
      ...{ cwd: folder, signal, timeout: LONGEST_MS, windowsHide: true },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    const keep = (chunk: Buffer): void => {
      text = (text + chunk.toString()).slice(0, MOST_KEPT);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => done({ exitCode: null, text: text || error.message }));
    child.on('close', (exitCode) => done({ exitCode, text }));
  });
}
