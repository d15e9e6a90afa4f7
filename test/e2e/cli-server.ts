import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { resolve } from 'node:path';
import { runCli } from '../../src/cli/cli.ts';
import { verbsFor } from '../../src/cli/verbs.ts';
import { createFakeWorld } from '../cli/fake-world.ts';

/** What Node runs in the place of dist/main.js, with the server's port in CLI_SERVER_PORT. */
export const CLI_CLIENT = resolve(import.meta.dirname, 'cli-client.mjs');

export interface CliServer {
  readonly port: number;
  close(): Promise<void>;
}

/** The command line of this process, for scripts that start a program many times: a start takes a second, the client a tenth. */
export async function startCliServer(): Promise<CliServer> {
  const server = createServer({ allowHalfOpen: true }, (socket) => void serve(socket));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { port, close: () => new Promise((closed) => server.close(() => closed())) };
}

async function serve(socket: Socket): Promise<void> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  await once(socket, 'end');
  const { argv, cwd, env } = JSON.parse(Buffer.concat(chunks).toString()) as Call;
  const world = createFakeWorld(cwd);
  const code = await runCli(argv, { ...world, env }, await verbsFor(argv));
  socket.end(JSON.stringify({ code, out: world.out(), err: world.err() }));
}

interface Call {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}
