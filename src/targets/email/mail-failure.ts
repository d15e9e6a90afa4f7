import { again, blocked, refused } from '../delivery-result.ts';
import { networkFailure, resultOfFailure } from '../network-failure.ts';
import type { DeliveryResult } from '../target.ts';

/** What nodemailer throws, as far as it is read. */
interface MailError {
  readonly code?: unknown;
  /** The code of the system's error behind it. */
  readonly originalCode?: unknown;
  readonly responseCode?: unknown;
  readonly response?: unknown;
}

/** A 5xx to the content; to anything else it would be the same for every mail. */
const ABOUT_CONTENT = 'EMESSAGE';
/** Of all mails, whatever is in them: who signs in, who sends, who gets it. */
const ABOUT_SETTINGS: readonly unknown[] = ['EAUTH', 'ENOAUTH', 'EENVELOPE', 'ECONFIG'];
/** TLS and names: nodemailer has lost the code of what went wrong. */
const WITHOUT_CAUSE: Readonly<Record<string, string>> = {
  ETLS: 'the connection could not change to TLS',
  EDNS: 'the host name could not be resolved',
};

/**
 * What a mail that did not go out means: an answer 4xx is temporary (RFC 5321 section 4.2.1), a 5xx to the content refuses the mail, any other
 * blocks the target. `shown`: text of the server as people may see it.
 */
export function resultOfMailFailure(thrown: unknown, shown: (text: string) => string): DeliveryResult {
  const { code, originalCode, responseCode, response }: MailError =
    typeof thrown === 'object' && thrown !== null ? thrown : {};
  if (typeof responseCode === 'number' && responseCode >= 400 && responseCode < 600)
    return resultOfReply(responseCode, code, shown(typeof response === 'string' ? response : ''));
  const lost = typeof code === 'string' ? WITHOUT_CAUSE[code] : undefined;
  if (originalCode === undefined && lost !== undefined) return blocked(lost);
  if (ABOUT_SETTINGS.includes(code)) return blocked(`the mail server cannot be used (${String(code)})`);
  return resultOfFailure(networkFailure({ code: originalCode ?? code }));
}

function resultOfReply(status: number, code: unknown, reply: string): DeliveryResult {
  const reason = `the mail server answered ${reply.slice(0, 200) || status}`;
  const told = { status, retryAfterMs: null };
  if (status < 500) return again(reason, told);
  return code === ABOUT_CONTENT ? refused(reason, status, reply) : blocked(reason, told);
}

/** Whether a mail did not go out because the server took none of its recipients, for good. */
export function isOfRecipients(thrown: unknown): boolean {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown) || thrown.code !== 'EENVELOPE') return false;
  return 'rejected' in thrown && Array.isArray(thrown.rejected) && thrown.rejected.length > 0;
}
