import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A receiver, login, API and proxy that refuses everything, and says back all that it was sent. */
export async function startEcho() {
  const seen: string[] = [];
  const echo = (request: IncomingMessage, body: string): string => {
    const sent = [request.url, ...request.rawHeaders, body].join('\n');
    seen.push(sent);
    return JSON.stringify({ error: { code: 'BadRequest', message: `I was sent ${sent}` }, error_description: sent });
  };
  const server = createServer(async (request, response) => {
    const text = echo(request, String(await buffer(request)));
    response.writeHead(400, { 'content-type': 'application/json' }).end(text);
  });
  server.on('connect', (request: IncomingMessage, socket) => {
    const text = echo(request, '');
    socket.end(`HTTP/1.1 400 Bad Request\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { port: (server.address() as AddressInfo).port, seen, close };
}
