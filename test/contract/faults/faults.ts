import type { AnswerFault } from './answer-faults.ts';
import type { MailFault } from './mail-faults.ts';
import type { WireFault } from './wire-faults.ts';

/** One thing that a receiver may do to every delivery. */
export interface ReceiverFault {
  readonly name: string;
  readonly does:
    | { readonly answers: AnswerFault | 'cut' }
    | { readonly wire: WireFault }
    | { readonly mail: MailFault }
    | { readonly local: LocalFault };
}

/** What goes wrong on this machine: a folder that is not there, a full disk, a reader that went away. */
export type LocalFault = 'folder' | 'disk' | 'reader';

const PAUSE_SECONDS = 120;

const answers = (status: number, name = `answers ${status}`, headers: AnswerFault['headers'] = undefined) => ({
  name,
  does: { answers: { status, ...(headers && { headers }) } },
});

/** Of receivers over HTTP. */
export const ANSWER_FAULTS: readonly ReceiverFault[] = [
  { name: 'answers 2xx, and the connection breaks in the body', does: { answers: 'cut' } },
  answers(302, 'answers 302', () => ({ location: 'http://127.0.0.1:9/' })),
  ...[400, 401, 404, 408, 409, 410, 413].map((status) => answers(status)),
  answers(429, 'answers 429 with `Retry-After` in seconds', () => ({ 'retry-after': String(PAUSE_SECONDS) })),
  answers(429, 'answers 429 with `Retry-After` as a date', (now) => ({
    'retry-after': new Date(now + PAUSE_SECONDS * 1000).toUTCString(),
  })),
  answers(429, 'answers 429 without a pause'),
  ...[500, 503].map((status) => answers(status)),
];

/** Of all that are reached over a network. */
export const WIRE_FAULTS: readonly ReceiverFault[] = [
  { name: 'refuses the connection', does: { wire: 'refused' } },
  { name: 'resets the connection', does: { wire: 'reset' } },
  { name: 'closes its half of the connection', does: { wire: 'half-open' } },
  { name: 'answers a byte a second', does: { wire: 'drip' } },
  { name: 'is frozen', does: { wire: 'frozen' } },
  { name: 'has a certificate that nobody trusts', does: { wire: 'tls' } },
  { name: 'has a name that cannot be resolved', does: { wire: 'dns' } },
];

/** Of mail servers. */
export const MAIL_FAULTS: readonly ReceiverFault[] = [
  { name: 'greets with SMTP 421', does: { mail: { at: 'greeting', says: '421 4.3.2 shutting down' } } },
  { name: 'answers SMTP 450 to the recipient', does: { mail: { at: 'RCPT', says: '450 4.2.1 try later' } } },
  { name: 'answers SMTP 550 to the recipient', does: { mail: { at: 'RCPT', says: '550 5.1.1 no such user' } } },
  { name: 'answers SMTP 550 to the mail', does: { mail: { at: 'text', says: '550 5.7.1 looks like spam' } } },
  { name: 'ends the connection behind the mail', does: { mail: { at: 'text', says: null } } },
];

/** Of files and standard output. */
export const LOCAL_FAULTS: readonly ReceiverFault[] = [
  { name: 'is in a folder that is not there', does: { local: 'folder' } },
  { name: 'is on a full disk', does: { local: 'disk' } },
  { name: 'is standard output that nobody reads', does: { local: 'reader' } },
];

/** Over UDP nothing tells of a connection. */
const SEEN_OVER_UDP: readonly string[] = ['refuses the connection', 'has a name that cannot be resolved'];

/** The faults that a kind of target can meet, by its name in `RECEIVERS_BEHIND`. */
export function faultsOf(kind: string): readonly ReceiverFault[] {
  if (kind === 'file') return LOCAL_FAULTS.filter(({ name }) => !name.includes('standard output'));
  if (kind === 'stdout') return LOCAL_FAULTS.filter(({ name }) => name.includes('standard output'));
  if (kind === 'syslog over UDP') return WIRE_FAULTS.filter(({ name }) => SEEN_OVER_UDP.includes(name));
  if (kind.startsWith('syslog')) return WIRE_FAULTS;
  if (kind === 'email') return [...WIRE_FAULTS, ...MAIL_FAULTS];
  return [...ANSWER_FAULTS, ...WIRE_FAULTS];
}

/** Every fault that the matrix knows, in its order. */
export const ALL_FAULTS: readonly ReceiverFault[] = [...ANSWER_FAULTS, ...WIRE_FAULTS, ...MAIL_FAULTS, ...LOCAL_FAULTS];
