import { COMPANY, type Person } from '../people.ts';
import { momentsOf, record, type Scene } from '../scene.ts';

export interface Mail {
  readonly messageId: string;
  readonly sender: string;
  readonly senderName: string;
  readonly senderIp: string;
  readonly recipient: Person;
  readonly subject: string;
  readonly direction: 'Inbound' | 'Intra-org' | 'Outbound';
  readonly url: string | null;
}

const PARTNERS: readonly (readonly [address: string, name: string])[] = [
  ['orders@parts-supply.example', 'Parts Supply'],
  ['newsletter@daily-post.example', 'The Daily Post'],
  ['billing@roadbook.example', 'Roadbook'],
  ['anna.kowalska@kowalska-legal.example', 'Anna Kowalska'],
];
const SUBJECTS = [
  'Your order is on its way',
  'Minutes of Tuesday',
  'Question on the offer',
  'Invoice 20871',
  'News of the week',
];
const PER_PERSON = 5;

/** Mail comes in from partners and goes round in the house; some of it carries a link. */
export function exchangeMail(scene: Scene): void {
  for (const person of scene.staff.people) {
    for (const at of momentsOf(scene, PER_PERSON)) recordMail(scene, at, everydayMail(scene, person));
  }
}

function everydayMail(scene: Scene, recipient: Person): Mail {
  const { random, staff } = scene;
  const colleague = random.pick(staff.people);
  const isInbound = random.chance(0.6);
  const [address, name] = isInbound ? random.pick(PARTNERS) : [colleague.upn, colleague.displayName];
  return {
    messageId: random.guid(),
    sender: address,
    senderName: name,
    senderIp: isInbound ? '198.51.100.150' : COMPANY.officeIp,
    recipient,
    subject: random.pick(SUBJECTS),
    direction: isInbound ? 'Inbound' : 'Intra-org',
    url: random.chance(0.3) ? `https://www.${address.split('@')[1] ?? COMPANY.domain}/read/${random.hex(8)}` : null,
  };
}

export function recordMail(scene: Scene, at: number, mail: Mail): void {
  const { random } = scene;
  record(scene, 'EmailEvents', at, { ...mailColumns(mail), ReportId: `${mail.messageId}-${random.integer(1, 9999)}` });
  if (mail.url === null) return;
  record(scene, 'EmailUrlInfo', at, {
    NetworkMessageId: mail.messageId,
    Url: mail.url,
    UrlDomain: new URL(mail.url).hostname,
    UrlLocation: 'Body',
    ReportId: `${mail.messageId}-${random.integer(1, 9999)}`,
  });
}

function mailColumns(mail: Mail) {
  const domain = mail.sender.split('@')[1] ?? '';
  return {
    NetworkMessageId: mail.messageId,
    InternetMessageId: `<${mail.messageId}@${domain}>`,
    SenderFromAddress: mail.sender,
    SenderMailFromAddress: mail.sender,
    SenderDisplayName: mail.senderName,
    SenderFromDomain: domain,
    SenderMailFromDomain: domain,
    SenderIPv4: mail.senderIp,
    RecipientEmailAddress: mail.recipient.upn,
    RecipientObjectId: mail.recipient.objectId,
    Subject: mail.subject,
    EmailDirection: mail.direction,
    DeliveryAction: 'Delivered',
    DeliveryLocation: 'Inbox/folder',
    AttachmentCount: 0,
    UrlCount: mail.url === null ? 0 : 1,
    EmailLanguage: 'en',
  };
}
