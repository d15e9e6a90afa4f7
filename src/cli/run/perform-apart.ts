import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type ErrorCode, HuntwireError, type Problem } from '../../lib/errors.ts';

/** Does an action in a process of its own and gives its document; throws what it failed with. */
export type Apart = (slug: string, input: unknown, signal: AbortSignal) => Promise<unknown>;

/** Starts a process with these arguments, hands it the input and gives what it prints. */
export type Starter = (args: readonly string[], input: string, signal: AbortSignal) => Promise<string>;

const MOST_AT_ONCE = 2;

/**
 * What reads rule files, analyses queries or runs them takes seconds of processor time and memory that a process which runs for months has
 * not got: it is done by another one, on the same configuration, beside it.
 */
export function createApart(config: string, start: Starter = startHuntwire): Apart {
  let going = 0;
  return async (slug, input, signal) => {
    if (going >= MOST_AT_ONCE) throw busyError();
    going += 1;
    try {
      return documentIn(await start(['action', slug, '--config', config], JSON.stringify(input), signal));
    } finally {
      going -= 1;
    }
  };
}

function busyError(): HuntwireError {
  const message = `${MOST_AT_ONCE} actions that read or run rules go on already.`;
  return new HuntwireError('ACTION_BUSY', message, { retryable: true, retryAfterMs: 5000 });
}

interface FailedDocument {
  readonly error?: { readonly code: ErrorCode; readonly message: string; readonly problems?: readonly Problem[] };
}

/** What a process has printed; throws what it failed with. */
export function documentIn(text: string): unknown {
  const document = parsed(text);
  const { error } = document;
  if (!error || Object.keys(document).length > 1) return document;
  throw new HuntwireError(error.code, error.message, { problems: error.problems ?? [] });
}

function parsed(text: string): FailedDocument {
  try {
    return JSON.parse(text) as FailedDocument;
  } catch (cause) {
    throw new HuntwireError('INTERNAL', 'A process that does an action ended without its document.', { cause });
  }
}

const MAIN = fileURLToPath(new URL('../../main.js', import.meta.url));
const LONGEST_DOCUMENT = 64 * 1024 * 1024;

export const startHuntwire: Starter = async (args, input, signal) => {
  const child = spawn(process.execPath, ['--no-warnings', MAIN, ...args], {
    stdio: ['pipe', 'pipe', 'ignore'],
    signal,
    killSignal: 'SIGTERM',
  });
  const failed = new Promise<never>((_, reject) => child.on('error', reject));
  child.stdin.on('error', () => undefined).end(input);
  return Promise.race([gathered(child.stdout, () => child.kill()), failed]).catch((cause) => {
    const why = signal.aborted ? 'nobody waited for it any more' : 'it could not be started';
    throw new HuntwireError('ABORTED', `A process that does an action was ended: ${why}.`, { cause });
  });
};

async function gathered(stream: NodeJS.ReadableStream, stop: () => void): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk as Buffer);
    length += bytes.length;
    if (length > LONGEST_DOCUMENT) stop();
    else chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}
