import type { Clock } from '../../../lib/clock.ts';
import { visibleLine } from '../../../lib/visible.ts';
import { again, blocked, DELIVERED } from '../../delivery-result.ts';
import type { DeliveryResult } from '../../target.ts';
import type { Carrier, Entry, Heard } from '../carrier.ts';
import {
  createRelpReader,
  type RelpFrame,
  transactionBehind,
  transactionsBetween,
  writeRelpFrame,
} from './relp-frames.ts';

export interface RelpRules {
  /** So many messages are sent ahead of their acknowledgements. */
  readonly window: number;
  /** A receiver that leaves the oldest message without an acknowledgement for so long has failed, whatever it says of others. */
  readonly patienceMs: number;
  /** The number of the session's first transaction. */
  readonly firstTransaction: number;
}

interface Session {
  readonly rules: RelpRules;
  readonly clock: Clock;
  readonly read: (chunk: Buffer) => readonly RelpFrame[] | null;
  /** The transaction that opens the session; null once it is open: after so many messages its number comes again. */
  opening: number | null;
  /** The transaction of the next message, or of the close. */
  next: number;
  /** Written and without a result, oldest first; its transactions end before `next`. */
  waiting: Waiting[];
  closing: number | null;
  /** When the oldest message became the oldest: its acknowledgement has been owed since then at the latest. */
  owedSince: number;
}

interface Waiting {
  readonly entry: Entry;
  acknowledged: boolean;
}

const OFFERS = 'relp_version=0\nrelp_software=huntwire\ncommands=syslog';
const LINE_FEED = Buffer.from('\n');
const SUCCESS = 200;
const LONGEST_WORDS = 200;

/** RELP: every message is a transaction that the receiver acknowledges; nothing else counts as its delivery. */
export function createRelpCarrier(rules: RelpRules, clock: Clock): Carrier {
  const { firstTransaction } = rules;
  const session: Session = {
    rules,
    clock,
    read: createRelpReader(),
    opening: firstTransaction,
    next: transactionBehind(firstTransaction, 1),
    waiting: [],
    closing: null,
    owedSince: Number.POSITIVE_INFINITY,
  };
  return {
    greeting: writeRelpFrame({ transaction: firstTransaction, command: 'open', data: OFFERS }),
    trustsClose: false,
    room: () => rules.window - session.waiting.length,
    // A frame of octet counting is the length of the message and the message: all that stands behind the command.
    wrap: (frame, ahead) =>
      Buffer.concat([Buffer.from(`${transactionBehind(session.next, ahead)} syslog `), frame, LINE_FEED]),
    launch: (entries) => launchAll(session, entries),
    hear: (chunk) => hear(session, chunk),
    confirm: ({ now }) => overdue(session, now),
    inFlight: () => session.waiting.map(({ entry }) => entry),
    isIdle: () => session.waiting.length === 0,
    farewell: () => {
      session.closing = session.next;
      return writeRelpFrame({ transaction: session.next, command: 'close', data: '' });
    },
    land: (result) => {
      for (const { entry } of session.waiting.splice(0)) entry.resolve(result);
    },
  };
}

function launchAll(session: Session, entries: readonly Entry[]): () => void {
  if (session.waiting.length === 0) session.owedSince = session.clock.monotonic();
  session.next = transactionBehind(session.next, entries.length);
  session.waiting.push(...entries.map((entry) => ({ entry, acknowledged: false })));
  return () => undefined;
}

function overdue({ waiting, owedSince, rules }: Session, now: number): DeliveryResult | null {
  if (waiting.length === 0 || now - owedSince < rules.patienceMs) return null;
  return again('the receiver did not acknowledge a message in time');
}

function hear(session: Session, chunk: Buffer): Heard {
  const frames = session.read(chunk);
  if (!frames) return { failure: blocked('the receiver does not speak RELP') };
  let heard: Heard = null;
  for (const frame of frames) {
    heard = heardOf(session, frame) ?? heard;
    if (typeof heard === 'object' && heard) break;
  }
  confirmInOrder(session);
  return heard;
}

function heardOf(session: Session, { transaction, command, data }: RelpFrame): Heard {
  if (command === 'serverclose') return { failure: again('the receiver closes the session') };
  if (command !== 'rsp') return { failure: blocked(`the receiver sent "${command}", which is none of RELP’s answers`) };
  if (transaction === session.closing) return 'goodbye';
  if (transaction === session.opening) {
    session.opening = null;
    return welcomeOf(data);
  }
  const first = transactionBehind(session.next, -session.waiting.length);
  const waiting = session.waiting[transactionsBetween(first, transaction)];
  if (!waiting) return { failure: again('the receiver acknowledged what it was not sent') };
  if (statusOf(data) !== SUCCESS) return { failure: again(`the receiver did not take a message: ${wordsOf(data)}`) };
  waiting.acknowledged = true;
  return null;
}

function welcomeOf(data: string): Heard {
  if (statusOf(data) !== SUCCESS) return { failure: blocked(`the receiver refused the session: ${wordsOf(data)}`) };
  const commands = /^commands=(.*)$/m.exec(data)?.[1]?.split(',') ?? [];
  return commands.includes('syslog') ? 'welcome' : { failure: blocked('the receiver takes no syslog over RELP') };
}

/** What is acknowledged counts once everything before it does: what is sent again must never arrive behind a later message. */
function confirmInOrder(session: Session): void {
  const { waiting, clock } = session;
  const open = waiting.findIndex(({ acknowledged }) => !acknowledged);
  if (open !== 0) session.owedSince = clock.monotonic();
  for (const { entry } of waiting.splice(0, open < 0 ? waiting.length : open)) entry.resolve(DELIVERED);
}

/** An answer is `CODE [SP WORDS] [LF DATA]`. */
function statusOf(data: string): number {
  return Number(/^(\d{3})(?:[ \n]|$)/.exec(data)?.[1] ?? Number.NaN);
}

function wordsOf(data: string): string {
  return visibleLine(data.split('\n')[0] ?? '').slice(0, LONGEST_WORDS) || 'without a word';
}
