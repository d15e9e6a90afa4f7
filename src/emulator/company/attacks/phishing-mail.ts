import { MINUTE_MS, SECOND_MS } from '../../../lib/duration.ts';
import { recordClick } from '../activity/clicks.ts';
import { recordMail } from '../activity/mails.ts';
import type { Attack } from '../attack.ts';

const URL_SENT = 'https://login.larkspur-mailbox.example/renew?u=7';
const RECIPIENTS = 6;

export const phishingMail: Attack = {
  name: 'Phishing page, warning ignored',
  story: 'Six people get a mail that asks them to sign in; Safe Links warns one of them, who goes on all the same.',
  atMinute: 4,
  play(scene, at) {
    const { people } = scene.staff;
    const messageId = scene.random.guid();
    for (const recipient of people.slice(15, 15 + RECIPIENTS)) {
      recordMail(scene, at - 20 * MINUTE_MS, {
        messageId,
        sender: 'it-desk@larkspur-mailbox.example',
        senderName: 'IT Desk',
        senderIp: '192.0.2.25',
        recipient,
        subject: 'Your mailbox is full',
        direction: 'Inbound',
        url: URL_SENT,
      });
    }
    const [person] = people.slice(15);
    if (!person) return [];
    const reportId = scene.random.guid();
    const click = {
      person,
      url: URL_SENT,
      messageId,
      action: 'ClickAllowed',
      threat: 'Phish',
      throughWarning: true,
    } as const;
    recordClick(scene, at, click, reportId, 100 * SECOND_MS);
    return [{ ReportId: reportId }];
  },
};
