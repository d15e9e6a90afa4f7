import { createServer } from 'node:net';

/**
 * Below what systems hand out by themselves (from 32,768 or 49,152 on): a port of those that is free now may be somebody's connection, or another
 * test's server, before anybody listens on it.
 */
const FIRST = 10_000;
const COUNT = 22_000;

/** A port of loopback on which nobody listens, for a program that is told where to, or for nobody. */
export async function freePort(): Promise<number> {
  const port = FIRST + Math.floor(Math.random() * COUNT);
  return (await isFree(port)) ? port : freePort();
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
