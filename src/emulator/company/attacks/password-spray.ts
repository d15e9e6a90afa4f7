import { MINUTE_MS } from '../../../lib/duration.ts';
import { recordSignIn } from '../activity/sign-ins.ts';
import type { Attack } from '../attack.ts';

const ADDRESS = '192.0.2.44';
const ACCOUNTS = 24;
const WRONG_PASSWORD = 50_126;
const DELAY_MS = 3 * MINUTE_MS;

export const passwordSpray: Attack = {
  name: 'One password for everybody',
  story: 'One address tries a common password on two dozen accounts, slowly enough to lock none.',
  atMinute: -30,
  play(scene, at) {
    const { people } = scene.staff;
    for (const [index, person] of people.slice(0, ACCOUNTS).entries()) {
      const failure = {
        person,
        address: ADDRESS,
        country: 'ZZ',
        errorCode: WRONG_PASSWORD,
        application: 'Office 365 Exchange Online',
        userAgent: 'python-requests/2.32',
      };
      recordSignIn(scene, at + index * MINUTE_MS, failure, DELAY_MS);
    }
    return [{ IPAddress: ADDRESS }];
  },
};
