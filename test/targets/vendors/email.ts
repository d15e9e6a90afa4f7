import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { Pair } from '../certificates.ts';

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly user: string | null;
  readonly isSecure: boolean;
  /** As it came, headers and all. */
  readonly raw: string;
}

export interface MailServer {
  readonly port: number;
  readonly mails: ReceivedMail[];
  close(): Promise<void>;
}

/** What a server refuses, by the step: a code of SMTP and its text. */
export interface MailFaults {
  readonly user?: Refusal;
  readonly from?: Refusal;
  readonly to?: (address: string) => Refusal | null;
  readonly data?: Refusal;
}

export interface Refusal {
  readonly code: number;
  readonly text: string;
}

export interface MailServerSettings {
  readonly pair: Pair;
  readonly login?: { readonly user: string; readonly password: string };
  readonly options?: SMTPServerOptions;
  readonly faults?: MailFaults;
  /** Where it listens. */
  readonly host?: string;
}

/** A real SMTP server (the package smtp-server) on loopback: sizes, sign-in, TLS from the beginning or STARTTLS. */
export async function startMailServer(settings: MailServerSettings): Promise<MailServer> {
  const mails: ReceivedMail[] = [];
  const { pair, login, options = {}, faults = {}, host = '127.0.0.1' } = settings;
  const server = new SMTPServer({
    key: pair.key,
    cert: pair.cert,
    authOptional: login === undefined,
    size: 1_000_000,
    ...options,
    onAuth: ({ username, password }, _session, done) => {
      if (faults.user) return done(errorOf(faults.user));
      if (username !== login?.user || password !== login?.password)
        return done(errorOf({ code: 535, text: `5.7.8 no such user or password: ${password}` }));
      done(null, { user: username });
    },
    onMailFrom: (_address, _session, done) => done(faults.from ? errorOf(faults.from) : null),
    onRcptTo: ({ address }, _session, done) => {
      const refusal = faults.to?.(address);
      done(refusal ? errorOf(refusal) : null);
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (faults.data) return done(errorOf(faults.data));
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map(({ address }) => address),
          user: session.user ? String(session.user) : null,
          isSecure: session.secure,
          raw: Buffer.concat(chunks).toString('utf8'),
        });
        done();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const { port } = server.server.address() as AddressInfo;
  return { port, mails, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

function errorOf({ code, text }: Refusal): Error {
  return Object.assign(new Error(text), { responseCode: code });
}
