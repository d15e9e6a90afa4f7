import type { JsonObject } from '../formats/presets/preset.ts';
import { orAborted, withDeadline, withJoined } from '../lib/abort.ts';
import { type CheckResult, failed, passed } from '../lib/check-result.ts';
import { HuntwireError } from '../lib/errors.ts';
import { loadTls } from '../lib/tls.ts';
import { checkEndpoint } from './check-endpoint.ts';
import { connectionTls } from './connection-tls.ts';
import { again, DELIVERED, DELIVERY_STOPPED, TARGET_CLOSED } from './delivery-result.ts';
import { type EmailConfig, emailSchema } from './email/email-schema.ts';
import { isOfRecipients, resultOfMailFailure } from './email/mail-failure.ts';
import {
  createMailer,
  DEFAULT_MAILS,
  DEFAULT_TIMEOUT_SECONDS,
  type Mailer,
  type OutgoingMail,
  portOfMail,
} from './email/mailer.ts';
import { createRecipients } from './email/recipients.ts';
import { rehearsedMail } from './email/rehearsed-mail.ts';
import type { Delivery, DeliveryResult, Target, TargetDeps } from './target.ts';

export const name = 'email';
export const configSchema = emailSchema;

/** A mail takes several answers, each with its own time limit: a server that is slow with all of them would keep a connection for ever. */
const ANSWERS_OF_MAIL = 4;
const SOME_REFUSED = 'Some recipients did not get a mail.';
const TOO_SLOW: DeliveryResult = again('the mail server did not take the mail in time');

/** One message, one mail, under a message id that a repeat has again; updates and resolves answer the first mail of their alert. */
export function create(given: EmailConfig, deps: TargetDeps): Target {
  const config = { ...given, host: given.host.replace(/^\[|\]$/g, '') };
  const mailer = createMailer(config, deps);
  const closing = new AbortController();
  const post = createPost(config, deps, mailer);
  const deliver = async (delivery: Delivery, signal: AbortSignal): Promise<DeliveryResult> => {
    if (closing.signal.aborted) return TARGET_CLOSED;
    if (signal.aborted) return DELIVERY_STOPPED;
    const mail = mailOf(config, deps, delivery);
    try {
      return await withJoined([signal, closing.signal], (stop) => post.send(mail, stop));
    } catch (thrown) {
      if (closing.signal.aborted) return TARGET_CLOSED;
      return signal.aborted ? DELIVERY_STOPPED : post.failed(mail, thrown);
    }
  };
  const close = async (): Promise<void> => {
    closing.abort(new Error('the target was closed'));
    mailer.close();
  };
  const traits = { concurrency: config.concurrency ?? DEFAULT_MAILS, ratePerSecond: config.ratePerSecond ?? null };
  return {
    name: deps.name,
    type: name,
    traits,
    deliver,
    check: (signal) => check(config, deps, mailer, signal),
    close,
  };
}

interface Post {
  /** Rejects as the mailer does. */
  send(mail: OutgoingMail, stop: AbortSignal): Promise<DeliveryResult>;
  /** What such a rejection means. Whoever is left when others have the mail is refused alone: that says nothing of the target. */
  failed(mail: OutgoingMail, thrown: unknown): DeliveryResult;
}

function createPost(config: EmailConfig, deps: TargetDeps, mailer: Mailer): Post {
  const longestMs = (config.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) * 1000 * ANSWERS_OF_MAIL;
  const recipients = createRecipients();
  const send: Post['send'] = async (mail, stop) => {
    if (deps.rehearse) {
      deps.rehearse(rehearsedMail(config, mail));
      return DELIVERED;
    }
    const only = recipients.left(mail.messageId);
    const sent = await withDeadline(deps.clock, longestMs, stop, (inner) =>
      orAborted(mailer.send(mail, inner, only), inner),
    );
    if (sent.kind === 'late') return TOO_SLOW;
    const { accepted, rejected, deferred, reply } = sent.value;
    if (rejected > 0) deps.log.warn(SOME_REFUSED, { target: deps.name, accepted, rejected });
    recipients.keep(mail.messageId, deferred);
    return deferred.length === 0
      ? DELIVERED
      : again(`the mail server answered ${mailer.shown(reply)} for ${deferred.length} of the recipients`);
  };
  const failed: Post['failed'] = (mail, thrown) => {
    const result = resultOfMailFailure(thrown, mailer.shown);
    const left = recipients.left(mail.messageId)?.length ?? 0;
    if (left === 0 || !isOfRecipients(thrown) || result.kind !== 'blocked') return result;
    deps.log.warn(SOME_REFUSED, { target: deps.name, accepted: 0, rejected: left });
    recipients.keep(mail.messageId, []);
    return DELIVERED;
  };
  return { send, failed };
}

function mailOf(
  { from, severityMap }: EmailConfig,
  { preset, clock }: TargetDeps,
  { messageId, alert }: Delivery,
): OutgoingMail {
  const make = preset?.bodies.mail;
  if (!make) throw new HuntwireError('INTERNAL', 'The preset "email" has no body "mail".');
  const body = make(alert, { severities: { ...preset.severities, ...severityMap }, settings: {} });
  const first = idOf(alert.id, from);
  return {
    messageId: idOf(messageId, from),
    ...(messageId !== alert.id && { inReplyTo: first, references: first }),
    subject: textOf(body, 'subject'),
    priority: importanceOf(body),
    text: textOf(body, 'text'),
    html: textOf(body, 'html'),
    date: new Date(clock.now()),
  };
}

function textOf(body: JsonObject, key: string): string {
  return String(body[key] ?? '');
}

function importanceOf({ importance }: JsonObject): OutgoingMail['priority'] {
  return importance === 'high' || importance === 'low' ? importance : 'normal';
}

/** A message id of RFC 5322, below the domain that mails are from. */
function idOf(id: string, from: string): string {
  const domain = /@([^\s>]+)/.exec(from)?.[1] ?? 'localhost';
  return `<${id.replace(/[^\w.-]/g, '_')}@${domain}>`;
}

/** Reaches the server and signs in. */
async function check(
  config: EmailConfig,
  { name: target, clock }: TargetDeps,
  mailer: Mailer,
  signal: AbortSignal,
): Promise<readonly CheckResult[]> {
  const { port, isTls } = portOfMail(config);
  const at = `targets.${target}`;
  const tls = isTls ? connectionTls(loadTls(config.tls ?? {}, `${at}.tls`)) : null;
  const settings = {
    address: `${at}.host and port`,
    ca: `${at}.tls.caFile`,
    plain: `${at}.port: 587`,
    client: `${at}.tls.certFile and keyFile`,
  };
  const found = await checkEndpoint({ target, endpoint: { host: config.host, port, tls }, settings, clock }, signal);
  return found.every(({ ok }) => ok) ? [...found, await signIn(`${target} (${config.host})`, mailer, signal)] : found;
}

async function signIn(subject: string, mailer: Mailer, signal: AbortSignal): Promise<CheckResult> {
  try {
    await orAborted(mailer.verify(), signal);
    return passed('smtp', subject, 'The mail server takes mail from us.');
  } catch (thrown) {
    const result = resultOfMailFailure(thrown, mailer.shown);
    const reason = result.kind === 'delivered' ? '' : result.reason;
    return failed('smtp', subject, `No mail can be sent: ${reason}.`, 'Check host, port, user and password.');
  }
}
