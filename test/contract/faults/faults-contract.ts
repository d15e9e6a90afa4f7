import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TARGETS } from '../../../src/targets/registry.ts';
import { type Certificates, makeCertificates } from '../../targets/certificates.ts';
import { FAULT_ALERT, type FaultCell, measureCell } from './fault-cell.ts';
import { cellText, expectedText, faultTable } from './fault-table.ts';
import { ANSWER_FAULTS, type ReceiverFault, WIRE_FAULTS } from './faults.ts';
import { WITHOUT_NETWORK } from './receivers-behind.ts';

/** Those that speak no HTTP meet only what goes wrong below it. */
const NO_HTTP: readonly string[] = ['email', 'syslog'];
/** What syslog over TCP can promise: what the connection took and kept counts. */
const TAKEN_UNREAD: readonly string[] = ['syslog'];
/** Those that know no repeat: what was taken and not answered is there twice. */
const REPEATED: readonly string[] = ['otlp'];

/**
 * Every target of the registry under every fault, a part of them: what comes of the first attempt, how many there are in an hour, and that
 * the alert is there once the receiver works again. What is expected stands in docs/targets.md.
 */
export function describeFaults(part: number, parts: number): void {
  const types = [...TARGETS.keys()].filter((type) => !WITHOUT_NETWORK.includes(type));
  const mine = types.filter((_, at) => at % parts === part);
  const table = new Map(faultTable().map((row) => [row.fault, row]));
  let certificates: Certificates;
  beforeAll(async () => {
    certificates = await makeCertificates();
  });
  afterAll(() => certificates.remove());

  describe.each(mine)('%s, where the receiver', (type) => {
    const faults = NO_HTTP.includes(type) ? WIRE_FAULTS : [...ANSWER_FAULTS, ...WIRE_FAULTS];
    it.each(faults.map((fault) => [fault.name, fault] as const))('%s', async (name, fault: ReceiverFault) => {
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
