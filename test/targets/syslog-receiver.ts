import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

export interface SyslogReceiver {
  readonly port: number;
  /** Everything that was read, over all connections. */
  text(): string;
  /** How much that is. */
  bytes(): number;
  readonly sockets: Set<Socket>;
  /** How many connections there were. */
  connections(): number;
  close(): Promise<void>;
}

/** A TCP or TLS server on loopback that reads until it is told not to. */
export async function startSyslogReceiver(
  onSocket: (socket: Socket) => void = () => undefined,
  tls: TlsOptions | null = null,
  listenOn = 0,
  host = '127.0.0.1',
): Promise<SyslogReceiver> {
  const chunks: Buffer[] = [];
  const sockets = new Set<Socket>();
  let [connections, bytes] = [0, 0];
  const listener = (socket: Socket): void => {
    connections += 1;
    sockets.add(socket);
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
    });
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    onSocket(socket);
  };
  const server: Server = tls ? createTlsServer(tls, listener) : createServer(listener);
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(listenOn, host, resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    });
  const text = (): string => Buffer.concat(chunks).toString('utf8');
  return { port, text, bytes: () => bytes, sockets, connections: () => connections, close };
}

/** The messages of octet-counted frames; throws where a count is wrong. */
export function readOctetFrames(text: string): string[] {
  const bytes = Buffer.from(text, 'utf8');
  const messages: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(' ', at);
    const length = Number(bytes.toString('latin1', at, space));
    if (!Number.isInteger(length) || length <= 0 || space + 1 + length > bytes.length)
      throw new Error(`no frame at ${at}`);
    messages.push(bytes.toString('utf8', space + 1, space + 1 + length));
    at = space + 1 + length;
  }
  return messages;
}

export interface Message5424 {
  readonly priority: number;
  readonly time: string;
  readonly host: string;
  readonly app: string;
  readonly process: string;
  readonly kind: string;
  readonly data: Readonly<Record<string, string>> | null;
  readonly body: string;
}

/** A strict reader of RFC 5424 with at most one data element. */
export function readMessage5424(message: string): Message5424 {
  const head = /^<(\d{1,3})>1 (\S+) (\S{1,255}) (\S{1,48}) (\S{1,128}) (\S{1,32}) (-|\[)/.exec(message);
  if (!head) throw new Error(`no RFC 5424 header: ${message.slice(0, 100)}`);
  const [whole, priority, time = '', host = '', app = '', process = '', kind = '', opening] = head;
  let at = whole.length;
  let data: Record<string, string> | null = null;
  if (opening === '[') {
    data = {};
    at += /^[^ =\]"]{1,32}/.exec(message.slice(at))?.[0].length ?? 0;
    const parameter = / ([^ =\]"]{1,32})="((?:[^"\\\]]|\\["\\\]])*)"/y;
    parameter.lastIndex = at;
    for (let found = parameter.exec(message); found; found = parameter.exec(message)) {
      data[found[1] ?? ''] = (found[2] ?? '').replace(/\\(["\\\]])/g, '$1');
      at = parameter.lastIndex;
    }
    if (message[at] !== ']') throw new Error(`no end of the structured data at ${at}: ${message.slice(at, at + 40)}`);
    at += 1;
  }
  if (message[at] !== ' ') throw new Error('no space in front of the body');
  return { priority: Number(priority), time, host, app, process, kind, data, body: message.slice(at + 1) };
}
