import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Certificates, makeCertificates } from '../../targets/certificates.ts';
import { FAULT_ALERT, type FaultCell, measureCell } from './fault-cell.ts';
import { cellText, expectedText, faultTable } from './fault-table.ts';
import { faultsOf, type ReceiverFault } from './faults.ts';
import { RECEIVERS_BEHIND } from './receivers-behind.ts';

/** What syslog over TCP can promise: what the connection took and kept counts; over UDP, what was sent. */
const TAKEN_UNREAD: readonly string[] = ['syslog', 'syslog over UDP'];
/** Those that know no repeat: what was taken and not answered is there twice. */
const REPEATED: readonly string[] = ['otlp'];

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
      const cell = await measureCell(type, fault, certificates);
      const row = table.get(name);
      expect([name, type, cellText(cell)]).toEqual([
        name,
        type,
        row ? expectedText(row, type) : 'a row in docs/targets.md',
      ]);
      expect(cell.standing).toBe(STANDINGS[cell.outcome]);
      const arrived = REPEATED.includes(type) ? [...new Set(cell.arrived)] : cell.arrived;
      expect(arrived).toEqual(isUnread(type, cell) ? [] : [FAULT_ALERT]);
    });
  });
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
