import { COMPANY, type Person } from '../people.ts';
import { momentsOf, record, type Scene } from '../scene.ts';

export interface Click {
  readonly person: Person;
  readonly url: string;
  readonly messageId: string;
  readonly action: 'ClickAllowed' | 'ClickBlocked';
  readonly threat: string;
  readonly throughWarning: boolean;
}

/** People follow links; now and then Safe Links stops them, and they stay stopped. */
export function followLinks(scene: Scene): void {
  const { random, staff } = scene;
  for (const person of staff.people) {
    for (const at of momentsOf(scene, 0.6)) {
      const stopped = random.chance(0.05);
      const url = stopped
        ? `https://prize-${random.hex(4)}.example/claim`
        : `https://www.daily-post.example/read/${random.hex(8)}`;
      const action = stopped ? 'ClickBlocked' : 'ClickAllowed';
      recordClick(scene, at, {
        person,
        url,
        messageId: '',
        action,
        threat: stopped ? 'Phish' : '',
        throughWarning: false,
      });
    }
  }
}

export function recordClick(
  scene: Scene,
  at: number,
  click: Click,
  reportId = scene.random.guid(),
  delayMs?: number,
): void {
  const columns = {
    Url: click.url,
    ActionType: click.action,
    AccountUpn: click.person.upn,
    Workload: click.messageId === '' ? 'Teams' : 'Email',
    NetworkMessageId: click.messageId,
    ThreatTypes: click.threat,
    IPAddress: COMPANY.officeIp,
    IsClickedThrough: click.throughWarning,
    UrlChain: JSON.stringify([click.url]),
    ReportId: reportId,
  };
  record(scene, 'UrlClickEvents', at, columns, delayMs === undefined ? {} : { delayMs });
}
