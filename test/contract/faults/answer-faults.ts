import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { request } from 'undici';
import { type Received, startHttpReceiver } from '../../targets/http-receiver.ts';
import type { FaultyPlace } from './wire-faults.ts';

/** What an HTTP receiver answers to everything. */
export interface AnswerFault {
  readonly status: number;
  readonly headers?: (now: number) => Readonly<Record<string, string>>;
}

export interface AnswerSettings {
  /** What a date in an answer counts from. */
  readonly now: () => number;
  /** The receiver itself. */
  readonly origin: string;
}

const BODY = '{"error":"this is a fault"}';

/** An HTTP receiver that answers the same whatever comes; `cut`: what the receiver itself says, and the end of it is missing. */
export async function openAnswerFault(fault: AnswerFault | 'cut', settings: AnswerSettings): Promise<FaultyPlace> {
  const receiver = await startHttpReceiver((received, response, socket) => {
    if (fault === 'cut') void cutAnswer(received, socket, settings);
    else answer(fault, response, settings);
  });
  return { secure: false, host: '127.0.0.1', port: receiver.port, holding: () => 0, close: receiver.close };
}

function answer({ status, headers }: AnswerFault, response: ServerResponse, { now }: AnswerSettings): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers?.(now()) }).end(BODY);
}

/** The request is passed on, so that the receiver has done what it was asked for. */
async function cutAnswer(received: Received, socket: Socket, { origin }: AnswerSettings): Promise<void> {
  const { method, path, headers, body } = received;
  const { connection, 'content-length': length, expect, ...passed } = headers;
  const options = { method: method as 'POST', headers: passed, ...(body !== '' && { body }) };
  const answered = await request(`${origin}${path}`, options);
  const text = await answered.body.text();
  const head = `HTTP/1.1 ${answered.statusCode} OK\r\ncontent-type: application/json\r\ncontent-length: ${text.length + 100}`;
  socket.end(`${head}\r\n\r\n${text.slice(0, text.length / 2)}`);
}
