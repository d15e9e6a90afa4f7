import type { RehearsedRequest } from '../target.ts';
import type { EmailConfig } from './email-schema.ts';
import { MAIL_HEADERS, type OutgoingMail, portOfMail } from './mailer.ts';

/** The mail as the server would get it, without a connection to it: its headers, and the readable part as body. */
export function rehearsedMail(config: EmailConfig, mail: OutgoingMail): RehearsedRequest {
  const { from, to, host } = config;
  const { port, isTls } = portOfMail(config);
  const headers = {
    From: from,
    To: to.join(', '),
    Subject: mail.subject,
    'Message-ID': mail.messageId,
    ...(mail.inReplyTo !== undefined && { 'In-Reply-To': mail.inReplyTo }),
    ...(mail.references !== undefined && { References: mail.references }),
    ...(mail.priority !== 'normal' && { Importance: mail.priority }),
    Date: mail.date.toUTCString(),
    ...MAIL_HEADERS,
    'Content-Type': 'multipart/alternative (text/plain as below, and the same as text/html)',
  };
  return { method: 'SMTP', url: `${isTls ? 'smtps' : 'smtp'}://${host}:${port}`, headers, body: mail.text };
}
