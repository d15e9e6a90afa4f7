import { describe, expect, it } from '@jest/globals';
import { lookAtExpiries } from '../../../src/cli/run/look-expiries.ts';
import type { CheckResult } from '../../../src/lib/check-result.ts';

const NOW = Date.parse('2027-01-15T00:00:00Z');
const SUBJECT = 'siem (siem.example:6514)';

function look(options: { readonly checks?: readonly CheckResult[] | Error; readonly now?: number }) {
  const { checks = [], now = NOW } = options;
  const auth = { clientSecretExpires: '2027-02-01' };
  const check = async (): Promise<readonly CheckResult[]> => {
    if (checks instanceof Error) throw checks;
    return checks;
  };
  const app = {
    config: { tenants: [{ name: 'contoso', auth, source: {} }], targets: new Map() },
    tenants: [{ name: 'contoso', source: { api: 'xdr', retiresOn: '2027-02-01' } }],
    targets: [{ name: 'siem', check }],
  };
  return lookAtExpiries(app as unknown as Parameters<typeof lookAtExpiries>[0], now, new AbortController().signal);
}

const check = (name: string, ok: boolean): CheckResult => ({ name, subject: SUBJECT, ok, message: 'm', fix: null });

describe('a look at what expires', () => {
  it('tells 30 days ahead of a client secret and of the end of an API', async () => {
    const states = async (now: number) => (await look({ now })).map(({ code, state }) => `${code} ${state}`);
    expect(await states(Date.parse('2027-01-02T00:00:00Z'))).toEqual(['expiry fine', 'api-retires fine']);
    expect(await states(Date.parse('2027-01-03T00:00:00Z'))).toEqual(['expiry ending', 'api-retires ending']);
    const [secret, api] = await look({});
    expect(secret?.message).toBe('The client secret of tenant contoso expires in 17 days, on 2027-02-01. Renew it.');
    expect(api?.message).toContain('2027-02-01');
  });

  it('takes from targets what their certificates show, and nothing where they cannot be reached', async () => {
    const shown = async (checks: readonly CheckResult[] | Error) =>
      (await look({ checks })).slice(2).map(({ subject, state }) => `${subject} ${state}`);
    expect(await shown([check('tls', true), check('expiry', false)])).toEqual([`${SUBJECT} ending`]);
    expect(await shown([check('tls', true), check('certificate', true)])).toEqual([`${SUBJECT} fine`]);
    expect(await shown([check('tls', false)])).toEqual(['siem unknown']);
    expect(await shown(new Error('broken'))).toEqual(['siem unknown']);
    expect(await shown([check('tcp', true)])).toEqual([]);
  });
});
