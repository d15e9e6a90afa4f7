/** One frame of RELP: `TXNR SP COMMAND SP DATALEN [SP DATA] LF`. */
export interface RelpFrame {
  readonly transaction: number;
  readonly command: string;
  readonly data: string;
}

/** The last number; behind it comes 1. 0 is for what a receiver says unasked. */
export const LAST_TRANSACTION = 999_999_999;

const HEADER = /(\d{1,9}) ([A-Za-z]{1,32}) (\d{1,9})([ \n])/y;
const LONGEST_HEADER = 54;
/** A receiver has little to say; what claims to be longer is none of RELP. */
const LONGEST_DATA = 65_536;

export function writeRelpFrame({ transaction, command, data }: RelpFrame): string {
  const length = Buffer.byteLength(data);
  return length === 0 ? `${transaction} ${command} 0\n` : `${transaction} ${command} ${length} ${data}\n`;
}

/** The number that is `steps` behind another, or before it where they are negative. */
export function transactionBehind(transaction: number, steps: number): number {
  return ((transaction - 1 + steps + LAST_TRANSACTION) % LAST_TRANSACTION) + 1;
}

/** How many numbers lie between: 0 for the same one. */
export function transactionsBetween(first: number, last: number): number {
  return (last - first + LAST_TRANSACTION) % LAST_TRANSACTION;
}

/** Takes frames out of what comes in pieces; null for what is no frame, after which nothing more can be read. Data is read byte by byte (Latin-1). */
export function createRelpReader(): (chunk: Buffer) => readonly RelpFrame[] | null {
  let text = '';
  return (chunk) => {
    text += chunk.toString('latin1');
    const frames: RelpFrame[] = [];
    let at = 0;
    for (let next = readFrame(text, at); next !== 'incomplete'; next = readFrame(text, at)) {
      if (next === 'broken') return null;
      frames.push(next.frame);
      at = next.end;
    }
    text = text.slice(at);
    return frames;
  };
}

interface ReadFrame {
  readonly frame: RelpFrame;
  readonly end: number;
}

function readFrame(text: string, at: number): ReadFrame | 'incomplete' | 'broken' {
  HEADER.lastIndex = at;
  const match = HEADER.exec(text);
  if (!match) return text.length - at >= LONGEST_HEADER || text.includes('\n', at) ? 'broken' : 'incomplete';
  const [, transaction, command = '', length] = match;
  const bytes = Number(length);
  // Without data the line feed stands where the space would; some write the space all the same.
  const start = match[4] === '\n' ? HEADER.lastIndex - 1 : HEADER.lastIndex;
  if (bytes > LONGEST_DATA || (match[4] === '\n' && bytes > 0)) return 'broken';
  if (text.length <= start + bytes) return 'incomplete';
  if (text[start + bytes] !== '\n') return 'broken';
  const data = text.slice(start, start + bytes);
  return { frame: { transaction: Number(transaction), command, data }, end: start + bytes + 1 };
}
