import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Alert } from '../../src/alerts/alert.ts';
import type { Target } from '../../src/targets/target.ts';
import { noSignal, sampleAlert } from '../targets/sample-alert.ts';
import type { ChatStandIn } from '../targets/vendors/slack.ts';
import type { Fault } from '../targets/vendors/stand-in.ts';
import { tries } from '../tries.ts';
import { largeAlert } from './format.ts';
import { oddAlerts } from './odd-alerts.ts';
import { assertLeaksNoSecret } from './target.ts';

export interface ChatUnderTest {
  readonly vendor: ChatStandIn;
  readonly target: Target;
}

export interface ChatContract {
  /** As people write it. */
  readonly title: string;
  start(faults: Fault[]): Promise<ChatUnderTest>;
  /** What the address must not give away. */
  readonly secret: string;
}

/** What holds where an alert is a card that people read. */
export function describeChat({ title, start, secret }: ChatContract): void {
  describe(`a card in ${title}`, () => {
    const open: ChatUnderTest[] = [];
    const begin = async (faults: Fault[] = []): Promise<ChatUnderTest> => {
      const started = await start(faults);
      open.push(started);
      return started;
    };
    afterEach(async () => {
      for (const { vendor, target } of open.splice(0)) {
        await target.close();
        await vendor.close();
      }
    });

    it('says what happened, who is concerned, what was seen and what to do', async () => {
      const { vendor, target } = await begin();
      expect(await post(target, told())).toEqual({ kind: 'delivered' });
      const text = JSON.stringify(vendor.posted[0]);
      for (const part of ['Encoded command on pc1', 'An encoded command was started.', 'high', told().id])
        expect(text).toContain(part);
      for (const part of ['pc1 – id d1', 'Evidence (2 of 5 rows)', 'powershell.exe', 'https://wiki.example/runbook'])
        expect(text).toContain(part);
    });

    it('tells an update and a resolve from the first, and the same message twice is the same', async () => {
      const { vendor, target } = await begin();
      const messages = [
        told(),
        told(),
        { ...told(), revision: 1 },
        { ...told(), revision: 2, status: 'resolved' as const },
      ];
      for (const message of messages) await post(target, message);
      const [first, repeat, update, resolve] = vendor.posted.map((one) => JSON.stringify(one));
      expect(repeat).toBe(first);
      expect(update).toContain('Updated: Encoded command');
      expect(resolve).toContain('Resolved: Encoded command');
    });

    it('is within the caps and of valid parts, whatever the alert holds', async () => {
      const { vendor, target } = await begin();
      await fc.assert(
        fc.asyncProperty(oddAlerts(), async (alert) => {
          expect(await post(target, alert)).toEqual({ kind: 'delivered' });
        }),
        { numRuns: tries(10, 30) },
      );
      expect(await post(target, largeAlert())).toEqual({ kind: 'delivered' });
      expect(vendor.posted.length).toBeGreaterThan(0);
    });

    it.each([
      [429, 'again'],
      [500, 'again'],
      [403, 'blocked'],
      [404, 'blocked'],
      [410, 'blocked'],
      [302, 'blocked'],
      [400, 'refused'],
      [413, 'refused'],
    ])('takes an answer %i for %s, and shows the address nowhere', async (status, kind) => {
      const { vendor, target } = await begin([{ status, body: `no: ${secret}`, headers: { 'retry-after': '30' } }]);
      const result = await post(target, told());
      expect(result).toMatchObject({ kind, reason: expect.stringContaining(`${title} answered ${status}`) });
      if (status === 429) expect(result).toMatchObject({ retryAfterMs: 30_000 });
      expect(vendor.posted).toEqual([]);
      assertLeaksNoSecret([result], [secret]);
    });
  });
}

function told(): Alert {
  const alert = sampleAlert();
  return {
    ...alert,
    rule: { ...alert.rule, runbook: 'https://wiki.example/runbook' },
    entities: [{ type: 'host', name: 'pc1', id: 'd1' }],
    evidence: [{ FileName: 'powershell.exe' }, { FileName: 'pwsh.exe' }],
    rowCount: 5,
  };
}

function post(target: Target, alert: Alert) {
  return target.deliver({ messageId: alert.id, alert, receipt: null }, noSignal());
}
