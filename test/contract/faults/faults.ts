import type { AnswerFault } from './answer-faults.ts';
import type { WireFault } from './wire-faults.ts';

/** One thing that a receiver may do to every delivery. */
export interface ReceiverFault {
  readonly name: string;
  readonly does: { readonly answers: AnswerFault | 'cut' } | { readonly wire: WireFault };
}

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
