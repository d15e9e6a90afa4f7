import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { serveEditor } from '../../editor/serve-editor.ts';
import { connectEditor } from '../../editor/server/connect.ts';
import { startEditorProcess } from '../../editor/worker/editor-hand.ts';
import type { Log, LogFields } from '../../lib/log.ts';
import { EXIT } from '../exit-codes.ts';
import type { World } from '../terminal/world.ts';
import { version } from '../version.ts';
import { runVerb, workFolder } from './run-verb.ts';

/** What looks at rules; only the built program has it. */
const ENTRY = fileURLToPath(new URL('./worker-entry.cjs', import.meta.url));

/** How often it is looked whether the editor is still there, in ms. */
const WATCH_MS = 3000;

/**
 * Serves one editor over standard input and output until it says `exit`, closes the input, or its process is gone. Nothing but the
 * protocol is written to standard output. Exit code 1: the editor said `exit` without `shutdown`.
 */
export async function serveStdio(world: World, config: string | null): Promise<number> {
  const { stdin: input, stdout: output } = process;
  const stop = new AbortController();
  let code: number = EXIT.ok;
  input.once('end', () => stop.abort()).once('close', () => stop.abort());
  output.once('error', () => stop.abort());
  world.signal.addEventListener('abort', () => stop.abort(), { once: true });
  const connection = connectEditor(new StreamMessageReader(input), new StreamMessageWriter(output), {
    begun: (processId) => void (processId !== null && watch(world, processId, stop)),
    ended: (clean) => {
      code = clean ? EXIT.ok : EXIT.findings;
      stop.abort();
    },
  });
  const given = config === null ? [] : [resolve(world.cwd, config)];
  const close = serveEditor(connection, {
    clock: world.clock,
    log: logTo(world),
    version,
    startHand: () => startEditorProcess(ENTRY, given),
    runVerb: (args, file, signal) =>
      runVerb({ args, folder: workFolder(file, config), config: given[0] ?? null, signal }),
  });
  await aborted(stop.signal);
  close();
  connection.dispose();
  input.destroy();
  return code;
}

/** Stops once the editor's process is gone: where it was killed, nobody closes anything. */
async function watch({ clock }: World, processId: number, stop: AbortController): Promise<void> {
  while (!stop.signal.aborted) {
    if (!isThere(processId)) stop.abort();
    await clock.sleep(WATCH_MS, stop.signal).catch(() => undefined);
  }
}

function isThere(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((end) => {
    if (signal.aborted) end();
    signal.addEventListener('abort', () => end(), { once: true });
  });
}

function logTo({ stderr }: World): Log {
  const at =
    (level: string) =>
    (message: string, fields: LogFields = {}): void =>
      stderr.write(`huntwire lsp: ${level}: ${message} ${JSON.stringify(fields)}\n`);
  return { error: at('error'), warn: at('warn'), info: () => undefined, debug: () => undefined };
}
