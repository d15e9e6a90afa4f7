import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HOUR_MS, SECOND_MS } from '../../../src/lib/duration.ts';
import { type Certificates, makeCertificates } from '../../targets/certificates.ts';
import { tries } from '../../tries.ts';
import { FAULT_ALERT, type FaultCell, measureCell } from './fault-cell.ts';
import { cellText, expectedText, type FaultRow, faultTable } from './fault-table.ts';
import { faultsOf, type ReceiverFault } from './faults.ts';
import { RECEIVERS_BEHIND } from './receivers-behind.ts';

/** What syslog over TCP can promise: what the connection took and kept counts; over UDP, what was sent. */
const TAKEN_UNREAD: readonly string[] = ['syslog', 'syslog over UDP'];
/** Those that know no repeat: what was taken and not answered is there twice. */
const REPEATED: readonly string[] = ['otlp'];
/** Of each way to send, one that is watched for the hour of the table; and the one that sends again what was delivered. */
const WATCHED_FOR_LONG: readonly string[] = ['webhook', 'email', 'syslog', 'syslog over RELP', 'file', 'alertmanager'];
/** Of the others so much in `npm test`, more than the pause that receivers ask for: what follows is up to the outbox, which knows only what came of attempts. */
const WATCHED_MS = tries(150 * SECOND_MS, HOUR_MS);

/**
 * Every target of the registry under every fault, a part of them: what comes of the first attempt, how many there are in an hour, and that
 * the alert is there once the receiver works again. What is expected stands in docs/targets.md.
 */
export function describeFaults(part: number, parts: number): void {
  const mine = Object.keys(RECEIVERS_BEHIND).filter((_, at) => at % parts === part);
  const table = new Map(faultTable().map((row) => [row.fault, row]));
  let certificates: Certificates;
  beforeAll(async () => {
    certificates = await makeCertificates();
  });
  afterAll(() => certificates.remove());

  describe.each(mine)('%s, where the receiver', (type) => {
    it.each(faultsOf(type).map((fault) => [fault.name, fault] as const))('%s', async (name, fault: ReceiverFault) => {
      const lasts = WATCHED_FOR_LONG.includes(type) ? HOUR_MS : WATCHED_MS;
      const cell = await measureCell(type, fault, { lasts, certificates });
      expect([name, type, seen(cellText(cell), lasts)]).toEqual([
        name,
        type,
        seen(textOf(table.get(name), type), lasts),
      ]);
      expect(cell.standing).toBe(STANDINGS[cell.outcome]);
      const arrived = REPEATED.includes(type) ? [...new Set(cell.arrived)] : cell.arrived;
      expect(arrived).toEqual(isUnread(type, cell) ? [] : [FAULT_ALERT]);
    });
  });
}

function textOf(row: FaultRow | undefined, type: string): string {
  return row ? expectedText(row, type) : 'a row in docs/targets.md';
}

/** What the table says of an hour, as far as it is seen in so long: less tells whether it is tried again. */
function seen(text: string, lasts: number): string {
  return lasts < HOUR_MS ? text.replace(/\d+ attempts/, 'more than one') : text;
}

const STANDINGS: Readonly<Record<FaultCell['outcome'], FaultCell['standing']>> = {
  delivered: 'delivered',
  again: 'pending',
  blocked: 'pending',
  refused: 'dead',
};

function isUnread(type: string, { outcome }: FaultCell): boolean {
  return TAKEN_UNREAD.includes(type) && outcome === 'delivered';
}
