import type { SMTPPoolOptions } from 'nodemailer/lib/smtp-pool';
import { followTls } from '../../lib/followed/followed-tls.ts';
import { isLoopback } from '../../lib/loopback.ts';
import { createMask } from '../../lib/mask.ts';
import { createRenewed } from '../../lib/renewed.ts';
import type { TlsMaterial } from '../../lib/tls.ts';
import { visible } from '../../lib/visible.ts';
import { connectionTls } from '../connection-tls.ts';
import type { TargetDeps } from '../target.ts';
import type { EmailConfig } from './email-schema.ts';

/** One mail, as nodemailer takes it. */
export interface OutgoingMail {
  readonly messageId: string;
  readonly inReplyTo?: string;
  readonly references?: string;
  readonly subject: string;
  /** Told by the headers Importance, X-Priority and X-MSMail-Priority; normal: by none. */
  readonly priority: 'low' | 'normal' | 'high';
  readonly text: string;
  readonly html: string;
  readonly date: Date;
}

/** Which of the recipients got it. */
export interface MailReceipt {
  readonly accepted: number;
  /** Refused for good. */
  readonly rejected: number;
  /** Addresses that were refused for now (4xx), such as by greylisting, and with which reply. */
  readonly deferred: readonly string[];
  readonly reply: string;
}

export interface Mailer {
  /** Rejects with nodemailer's errors; with that of the signal where it aborts. `only`: those of the recipients who have not got it yet. */
  send(mail: OutgoingMail, signal: AbortSignal, only?: readonly string[]): Promise<MailReceipt>;
  /** Connects and signs in, and sends nothing. */
  verify(): Promise<void>;
  /** A text of the server as people may see it. */
  shown(text: string): string;
  close(): void;
}

const DEFAULT_PORT = 587;
const TLS_PORT = 465;
export const DEFAULT_TIMEOUT_SECONDS = 30;
export const DEFAULT_MAILS = 2;
const SHOWN_CHARACTERS = 1024;
const MOST_MESSAGES = 100;

export function portOfMail({ port = DEFAULT_PORT }: EmailConfig): { readonly port: number; readonly isTls: boolean } {
  return { port, isTls: port === TLS_PORT };
}

type Pool = Awaited<ReturnType<typeof openPool>>;

/** Connections to one mail server, made anew when a secret or certificate has changed. nodemailer is loaded with the first mail. */
export function createMailer(config: EmailConfig, deps: TargetDeps): Mailer {
  const where = `targets.${deps.name}`;
  const tls = followTls(config.tls ?? {}, `${where}.tls`, deps.clock, deps.log);
  const pools = createRenewed<{ pool: Promise<Pool> | null; readonly options: SMTPPoolOptions }>({
    settings: { ...config, tls: null },
    inner: tls,
    make: () => ({ pool: null, options: optionsOf(config, tls.current()) }),
    where,
    log: deps.log,
    retire: (before) => {
      void before.pool?.then((pool) => pool.close());
    },
  });
  const current = (): Promise<Pool> => {
    const held = pools.current();
    held.pool ??= openPool(held.options);
    return held.pool;
  };
  const { from, to } = config;
  return {
    send: async (mail, signal, only) => {
      const pool = await current();
      const envelope = only && { envelope: { from, to: [...only] } };
      const info = await pool.sendMail({ ...mail, from, to: [...to], headers: MAIL_HEADERS, signal, ...envelope });
      return receiptOf(info.accepted?.length ?? 0, info.rejectedErrors ?? []);
    },
    verify: async () => {
      await (await current()).verify();
    },
    shown: (text) => {
      const mask = createMask(config.password?.texts() ?? []);
      return visible(mask(text.slice(0, SHOWN_CHARACTERS), true));
    },
    close: () => {
      void pools.current().pool?.then((pool) => pool.close());
    },
  };
}

interface Rejection {
  readonly recipient?: string | undefined;
  readonly responseCode?: number | undefined;
  readonly response?: string | undefined;
}

function receiptOf(accepted: number, rejections: readonly Rejection[]): MailReceipt {
  const later = rejections.filter(({ responseCode = 0 }) => responseCode >= 400 && responseCode < 500);
  const deferred = later.map(({ recipient = '' }) => recipient).filter((recipient) => recipient !== '');
  return { accepted, rejected: rejections.length - deferred.length, deferred, reply: later[0]?.response ?? '' };
}

/** Nobody's absence note shall answer an alert (RFC 3834). */
export const MAIL_HEADERS = { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' };

async function openPool(options: SMTPPoolOptions) {
  const { createTransport } = await import('nodemailer');
  return createTransport({ ...options, pool: true });
}

/** Off this machine nothing is sent without TLS, and no password anywhere but over it or to this machine. */
function optionsOf(config: EmailConfig, tls: TlsMaterial): SMTPPoolOptions {
  const { host, user, password, concurrency = DEFAULT_MAILS, timeoutSeconds = DEFAULT_TIMEOUT_SECONDS } = config;
  const { port, isTls } = portOfMail(config);
  const timeout = timeoutSeconds * 1000;
  return {
    host,
    port,
    secure: isTls,
    requireTLS: !isTls && !isLoopback(host),
    tls: connectionTls(tls),
    ...(user !== undefined && password && { auth: { user, pass: password.reveal() } }),
    connectionTimeout: timeout,
    greetingTimeout: timeout,
    socketTimeout: timeout,
    dnsTimeout: timeout,
    maxConnections: concurrency,
    maxMessages: MOST_MESSAGES,
    // The outbox tries again; a mail that nodemailer kept for itself would wait where nobody sees it.
    maxRequeues: 0,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
