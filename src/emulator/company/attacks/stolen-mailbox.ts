import { MINUTE_MS } from '../../../lib/duration.ts';
import { inboxRule, recordCloudAct } from '../activity/cloud-apps.ts';
import { recordSignIn } from '../activity/sign-ins.ts';
import { type Attack, clientOf } from '../attack.ts';

const FROM_FAR = { address: '192.0.2.91', country: 'ZZ', isp: 'Example Hosting' } as const;
const DELAY_MS = 4 * MINUTE_MS;

export const stolenMailbox: Attack = {
  name: 'Mailbox that is read along',
  story:
    'A stranger signs in to a mailbox and makes a rule that forwards invoices outside and hides them from their owner.',
  atMinute: -12,
  play(scene, at) {
    const { person } = clientOf(scene, 21);
    recordSignIn(scene, at - 3 * MINUTE_MS, { person, ...FROM_FAR, errorCode: 0 }, DELAY_MS);
    const parameters = [
      { Name: 'Name', Value: '.' },
      { Name: 'SubjectContainsWords', Value: 'invoice;payment' },
      { Name: 'ForwardTo', Value: 'collect@dropbox-mail.example' },
      { Name: 'MarkAsRead', Value: 'True' },
      { Name: 'MoveToFolder', Value: 'RSS Feeds' },
    ];
    const reportId = scene.random.guid();
    recordCloudAct(scene, at, inboxRule(person, parameters, FROM_FAR), reportId, DELAY_MS);
    return [{ ReportId: reportId }];
  },
};
