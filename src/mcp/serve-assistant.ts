import type { Readable, Writable } from 'node:stream';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { type AssistantOptions, createAssistantServer } from './create-server.ts';

/** What the protocol is spoken over. */
export interface Pipes {
  readonly input: Readable;
  readonly output: Writable;
}

const LARGEST_MESSAGE_BYTES = 4 * 1024 * 1024;

/**
 * Speaks until the other side ends its input, sends a message that is too large, or the signal aborts. `onFault` is told of messages that are
 * none.
 */
export async function serveAssistant(
  { input, output }: Pipes,
  options: AssistantOptions,
  onFault: (error: Error) => void,
): Promise<void> {
  const transport = new StdioServerTransport(input, output, { maxBufferSize: LARGEST_MESSAGE_BYTES });
  const handle = serveStdio(() => createAssistantServer(options), { transport, onerror: onFault });
  const { onclose } = transport;
  await new Promise<void>((resolve) => {
    transport.onclose = () => {
      onclose?.();
      resolve();
    };
    if (options.signal.aborted) resolve();
    options.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await handle.close();
}
