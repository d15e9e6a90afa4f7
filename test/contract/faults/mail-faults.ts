import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { FaultyPlace } from './wire-faults.ts';

/** Where a mail server fails, and what it says there; null: the connection ends. */
export interface MailFault {
  readonly at: 'greeting' | 'RCPT' | 'text';
  readonly says: string | null;
}

const SOUND: Readonly<Record<string, string>> = { DATA: '354 go on', text: '250 2.0.0 taken', QUIT: '221 2.0.0 bye' };

/** A mail server that fails every mail at the same step. */
export async function openMailFault(fault: MailFault): Promise<FaultyPlace> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    converse(socket, (step, sound) => (step === fault.at ? fault.says : sound));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    });
  return { secure: false, host: '127.0.0.1', port, holding: () => 0, close };
}

function converse(socket: Socket, replyTo: (step: string, sound: string) => string | null): void {
  const reply = (step: string): void => {
    const text = replyTo(step, step === 'greeting' ? '220 mail.example' : (SOUND[step] ?? '250 2.0.0 ok'));
    if (text === null) socket.destroy();
    else if (text.startsWith('421')) socket.end(`${text}\r\n`);
    else socket.write(`${text}\r\n`);
  };
  let [held, isText] = ['', false];
  socket.on('data', (chunk) => {
    held += chunk.toString('latin1');
    for (let end = endOf(held, isText); end > 0 && !socket.destroyed; end = endOf(held, isText)) {
      const step = isText ? 'text' : held.slice(0, 4).toUpperCase();
      held = held.slice(end);
      isText = step === 'DATA';
      reply(step);
    }
  });
  reply('greeting');
}

/** Behind the next command, or the end of a mail; 0: it has not come yet. */
function endOf(held: string, isText: boolean): number {
  const mark = isText ? '\r\n.\r\n' : '\r\n';
  const at = held.indexOf(mark);
  return at < 0 ? 0 : at + mark.length;
}
