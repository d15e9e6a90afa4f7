import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Receiver } from './webhook-receiver.ts';

/** A syslog message that was framed and headed as the standards say; the payload is what follows the header. */
export interface ReceivedMessage {
  readonly payload: string;
  readonly text: string;
}

export interface SyslogReceiverOptions {
  readonly onMessage: (message: ReceivedMessage) => void;
  /** Something came that is no syslog; the connection is closed. */
  readonly onGarbage: (reason: string) => void;
}

const MOST_BYTES = 65_536;
const LONGEST_COUNT = 6;
/** RFC 5424 without structured data: `<PRI>1 TIME HOST APP PROCID MSGID - MSG`. */
const HEADER = /^<\d{1,3}>1 \S+ \S+ \S+ \S+ \S+ - /;

/** A syslog receiver on loopback, over TCP with octet counting (RFC 6587). */
export async function startSyslogReceiver(options: SyslogReceiverOptions): Promise<Receiver> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    listen(socket, options);
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { port, close };
}

function listen(socket: Socket, options: SyslogReceiverOptions): void {
  let unread: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    unread = Buffer.concat([unread, chunk]);
    for (;;) {
      const frame = firstFrame(unread);
      if (frame.kind === 'more') return;
      if (frame.kind === 'garbage') {
        options.onGarbage(frame.reason);
        socket.destroy();
        return;
      }
      unread = unread.subarray(frame.end);
      tell(frame.text, options);
    }
  });
}

type Frame =
  | { readonly kind: 'frame'; readonly text: string; readonly end: number }
  | { readonly kind: 'more' }
  | { readonly kind: 'garbage'; readonly reason: string };

function firstFrame(bytes: Buffer): Frame {
  const space = bytes.indexOf(' ');
  const digits = bytes.toString('latin1', 0, space < 0 ? Math.min(bytes.length, LONGEST_COUNT + 1) : space);
  if (digits === '' && space < 0) return { kind: 'more' };
  const count = Number(digits);
  if (!/^[1-9]\d*$/.test(digits) || digits.length > LONGEST_COUNT || count > MOST_BYTES) {
    return { kind: 'garbage', reason: 'a frame does not begin with its length' };
  }
  const end = space + 1 + count;
  if (space < 0 || bytes.length < end) return { kind: 'more' };
  return { kind: 'frame', text: bytes.toString('utf8', space + 1, end), end };
}

function tell(text: string, options: SyslogReceiverOptions): void {
  const header = HEADER.exec(text)?.[0];
  if (header === undefined) options.onGarbage('a message has no header of RFC 5424');
  else options.onMessage({ text, payload: text.slice(header.length) });
}

/** A field of the extension of a CEF message; null where it has none. */
export function cefField(payload: string, key: string): string | null {
  const value = new RegExp(`(?:^|[ |])${key}=((?:\\\\.|[^\\\\=])*?)(?= [A-Za-z0-9_.]+=|$)`).exec(payload)?.[1];
  return value === undefined ? null : value.replace(/\\([\\=|])/g, '$1');
}
