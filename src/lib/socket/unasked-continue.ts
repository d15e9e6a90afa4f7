import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';

const CONTINUE = 'HTTP/1.1 100';
const HEAD_END = '\r\n\r\n';
/** A longer head is not waited for. */
const LONGEST_HEAD = 16_384;

/**
 * Connections on which a `100 Continue` that nobody asked for is passed over, as RFC 9110 (15.2) wants it. undici would close them, and what
 * the other side has taken would be sent again and again.
 */
export function withoutContinue(connect: buildConnector.connector): buildConnector.connector {
  return (where, done) =>
    connect(where, (...outcome) => {
      const [, socket] = outcome;
      if (socket) passOverContinue(socket);
      done(...outcome);
    });
}

/** Only what comes first behind something that was written is looked at: a body may begin with anything. */
function passOverContinue(socket: Socket): void {
  const [write, read] = [socket.write, socket.read];
  let isAnswerNext = false;
  let held: Buffer | null = null;
  const take = (chunk: Buffer): Buffer | null => {
    const bytes = held ? Buffer.concat([held, chunk]) : chunk;
    const at = behindContinue(bytes);
    held = at === null ? bytes : null;
    if (at === null || at === bytes.length) return null;
    isAnswerNext = false;
    return bytes.subarray(at);
  };
  socket.write = (...given: unknown[]) => {
    isAnswerNext = true;
    return Reflect.apply(write, socket, given);
  };
  socket.read = (size?: number) => {
    for (;;) {
      const chunk: Buffer | null = Reflect.apply(read, socket, [size]);
      if (chunk === null || !isAnswerNext) return chunk;
      const rest = take(chunk);
      if (rest) return rest;
    }
  };
}

/** Where what is no `100 Continue` begins; null: that is not known yet. */
function behindContinue(bytes: Buffer): number | null {
  let at = 0;
  while (at < bytes.length) {
    const begun = bytes.toString('latin1', at, at + CONTINUE.length);
    if (!CONTINUE.startsWith(begun)) return at;
    const end = bytes.indexOf(HEAD_END, at);
    if (begun.length < CONTINUE.length || end < 0) return bytes.length - at > LONGEST_HEAD ? at : null;
    at = end + HEAD_END.length;
  }
  return at;
}
