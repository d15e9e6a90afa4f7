import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Keeps a server at so many connections at most. Where there are that many, the oldest one ends that has no whole request to be answered:
 * callers that send slowly, or nothing, keep nobody out. Where all have one, the new connection ends.
 */
export function makeRoom(server: HttpServer, most: number): void {
  const open = new Map<Socket, IncomingMessage | null>();
  server.on('connection', (socket: Socket) => {
    if (open.size >= most && !endOldestUnasked(open)) {
      socket.destroy();
      return;
    }
    open.set(socket, null);
    socket.once('close', () => open.delete(socket));
  });
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    if (!open.has(socket)) return;
    open.set(socket, request);
    response.once('close', () => {
      if (open.get(socket) === request) open.set(socket, null);
    });
  });
}

function endOldestUnasked(open: Map<Socket, IncomingMessage | null>): boolean {
  for (const [socket, request] of open) {
    if (request?.complete) continue;
    open.delete(socket);
    socket.destroy();
    return true;
  }
  return false;
}
