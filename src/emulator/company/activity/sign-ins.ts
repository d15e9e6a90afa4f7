import { COMPANY, type Person } from '../people.ts';
import { momentIn, momentsOf, paceOf, record, type Scene } from '../scene.ts';

export interface SignIn {
  readonly person: Person;
  readonly address: string;
  readonly country: string;
  readonly errorCode: number;
  readonly application?: string;
  readonly userAgent?: string;
}

const APPLICATIONS = ['Office 365 Exchange Online', 'Microsoft Teams', 'Office 365 SharePoint Online', 'Azure Portal'];
const BROWSER =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0';
const WRONG_PASSWORD = 50_126;
const PER_PERSON = 4;

/** People sign in from the office and from home, and mistype now and then. */
export function signIn(scene: Scene): void {
  const { random, staff } = scene;
  for (const person of staff.people) {
    for (const at of momentsOf(scene, PER_PERSON)) {
      const errorCode = random.chance(0.015) ? WRONG_PASSWORD : 0;
      const address = random.chance(0.7) ? COMPANY.officeIp : person.homeIp;
      recordSignIn(scene, at, { person, address, country: 'DE', errorCode });
    }
  }
  retryOldPassword(scene);
}

/** A phone keeps trying the password of last month: many failures of one account from one address. */
function retryOldPassword(scene: Scene): void {
  const [person] = scene.staff.people;
  if (!person || paceOf(scene.from) < 1) return;
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const failure = {
      person,
      address: person.homeIp,
      country: 'DE',
      errorCode: WRONG_PASSWORD,
      userAgent: 'MailApp/7.1',
    };
    recordSignIn(scene, momentIn(scene), failure);
  }
}

export function recordSignIn(scene: Scene, at: number, sign: SignIn, delayMs?: number): void {
  const { random } = scene;
  const { person } = sign;
  const columns = {
    Application: sign.application ?? random.pick(APPLICATIONS),
    LogonType: '["interactiveUser"]',
    ErrorCode: sign.errorCode,
    CorrelationId: random.guid(),
    AccountDisplayName: person.displayName,
    AccountObjectId: person.objectId,
    AccountUpn: person.upn,
    IsExternalUser: 0,
    IsGuestUser: false,
    UserAgent: sign.userAgent ?? BROWSER,
    ClientAppUsed: 'Browser',
    IPAddress: sign.address,
    Country: sign.country,
    City: sign.country === 'DE' ? person.city : '',
    RequestId: random.guid(),
    ReportId: random.guid(),
  };
  record(scene, 'EntraIdSignInEvents', at, columns, delayMs === undefined ? {} : { delayMs });
}
