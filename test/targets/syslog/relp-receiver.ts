import type { Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { type SyslogReceiver, startSyslogReceiver } from '../syslog-receiver.ts';

export interface RelpSaid {
  readonly transaction: number;
  readonly command: string;
  readonly data: string;
}

export interface RelpReceiver extends SyslogReceiver {
  /** Every frame that came, over all connections. */
  readonly said: RelpSaid[];
  /** The messages among them. */
  messages(): string[];
}

/** What is answered to a frame; null: nothing. */
export type RelpAnswer = (frame: RelpSaid, socket: Socket) => string | null;

export const WELCOME = '200 OK\nrelp_version=0\nrelp_software=test\ncommands=syslog';

export function rsp(transaction: number, data: string): string {
  return data === '' ? `${transaction} rsp 0\n` : `${transaction} rsp ${Buffer.byteLength(data)} ${data}\n`;
}

/** Answers as the specification of RELP has it. */
export const agree: RelpAnswer = ({ transaction, command }) => {
  if (command === 'close') return `${rsp(transaction, '')}0 serverclose 0\n`;
  return rsp(transaction, command === 'open' ? WELCOME : '200 OK');
};

/** A server of RELP on loopback, which answers as it is told. */
export async function startRelpReceiver(
  answer: RelpAnswer = agree,
  tls: TlsOptions | null = null,
  host = '127.0.0.1',
): Promise<RelpReceiver> {
  const said: RelpSaid[] = [];
  const receiver = await startSyslogReceiver(
    (socket) => {
      let held = Buffer.alloc(0);
      socket.on('data', (chunk: Buffer) => {
        held = Buffer.concat([held, chunk]);
        for (let frame = takeFrame(held); frame; frame = takeFrame(held)) {
          held = held.subarray(frame.bytes);
          said.push(frame.said);
          const text = answer(frame.said, socket);
          if (text !== null && !socket.destroyed) socket.write(text);
          if (frame.said.command === 'close') socket.end();
        }
      });
    },
    tls,
    0,
    host,
  );
  const messages = (): string[] => said.filter(({ command }) => command === 'syslog').map(({ data }) => data);
  return { ...receiver, said, messages };
}

function takeFrame(held: Buffer): { readonly said: RelpSaid; readonly bytes: number } | null {
  const head = held.subarray(0, 60).toString('latin1');
  const [whole, transaction, command = '', length] = /^(\d+) ([a-z]+) (\d+)(?=[ \n])/.exec(head) ?? [];
  if (whole === undefined) return null;
  const bytes = Number(length);
  const start = whole.length + (bytes > 0 ? 1 : 0);
  if (held.length <= start + bytes) return null;
  if (held[start + bytes] !== 10) throw new Error(`no line feed behind ${head}`);
  const data = held.subarray(start, start + bytes).toString('utf8');
  return { said: { transaction: Number(transaction), command, data }, bytes: start + bytes + 1 };
}
