import { COMPANY, type Person } from '../people.ts';
import { momentsOf, record, type Scene } from '../scene.ts';

export interface CloudAct {
  readonly person: Person;
  readonly action: string;
  readonly application: string;
  readonly applicationId: number;
  readonly address: string;
  readonly country: string;
  readonly isp: string;
  /** What the audit record holds beside who and what. */
  readonly raw: Readonly<Record<string, unknown>>;
}

const EXCHANGE = { application: 'Microsoft Exchange Online', applicationId: 20_893 } as const;
const SHAREPOINT = { application: 'Microsoft SharePoint Online', applicationId: 20_892 } as const;
const AT_OFFICE = { address: COMPANY.officeIp, country: 'DE', isp: 'Hansenet' } as const;
const PER_PERSON = 3;

/** Files are opened, mail is read, and inbox rules are made that only tidy up or only forward. */
export function useCloudApps(scene: Scene): void {
  const { random, staff } = scene;
  for (const person of staff.people) {
    for (const at of momentsOf(scene, PER_PERSON)) recordCloudAct(scene, at, everydayAct(scene, person));
    for (const at of momentsOf(scene, 0.03)) {
      recordCloudAct(scene, at, inboxRule(person, random.chance(0.5) ? TIDY_UP : forwardTo(random.pick(staff.people))));
    }
  }
}

function everydayAct({ random }: Scene, person: Person): CloudAct {
  const action = random.pick(['MailItemsAccessed', 'FileAccessed', 'FileModified', 'FileDownloaded']);
  const where = action === 'MailItemsAccessed' ? EXCHANGE : SHAREPOINT;
  return { person, action, ...where, ...AT_OFFICE, raw: { Workload: where.application.split(' ')[1] } };
}

export interface RuleParameter {
  readonly Name: string;
  readonly Value: string;
}

const TIDY_UP: readonly RuleParameter[] = [
  { Name: 'From', Value: 'newsletter@daily-post.example' },
  { Name: 'MoveToFolder', Value: 'Newsletters' },
];

function forwardTo(colleague: Person): readonly RuleParameter[] {
  return [
    { Name: 'SubjectContainsWords', Value: 'holiday cover' },
    { Name: 'ForwardTo', Value: colleague.upn },
  ];
}

export function inboxRule(
  person: Person,
  parameters: readonly RuleParameter[],
  from: Partial<CloudAct> = {},
): CloudAct {
  const raw = { Parameters: parameters, ObjectId: `${person.account}\\Inbox`, ResultStatus: 'True' };
  return { person, action: 'New-InboxRule', ...EXCHANGE, ...AT_OFFICE, raw, ...from };
}

export function recordCloudAct(
  scene: Scene,
  at: number,
  act: CloudAct,
  reportId = scene.random.guid(),
  delayMs?: number,
): void {
  const { person } = act;
  const columns = {
    ActionType: act.action,
    Application: act.application,
    ApplicationId: act.applicationId,
    AccountObjectId: person.objectId,
    AccountId: person.upn,
    AccountDisplayName: person.displayName,
    IsAdminOperation: false,
    OSPlatform: 'Windows',
    IPAddress: act.address,
    CountryCode: act.country,
    Isp: act.isp,
    IPCategory: 'Unknown',
    ReportId: reportId,
    RawEventData: { UserId: person.upn, Operation: act.action, ...act.raw },
  };
  record(scene, 'CloudAppEvents', at, columns, delayMs === undefined ? {} : { delayMs });
}
