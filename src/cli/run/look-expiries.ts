import type { App } from '../../app.ts';
import { readExpiries } from '../../config/expiries.ts';
import { type CheckResult, failed } from '../../lib/check-result.ts';
import { DAY_MS } from '../../lib/duration.ts';
import { countOf } from '../../lib/text.ts';
import type { EndingThing } from '../../run/expiries/keep-expiries.ts';
import { retirementNotice } from '../../run/retirement.ts';

/** So long before its end a thing is told. */
const AHEAD_MS = 30 * DAY_MS;

type Looked = Pick<App, 'config' | 'tenants' | 'targets'>;

/** Certificates and client secrets of the configuration, those that targets show, and APIs that are switched off. Connects to every target once. */
export async function lookAtExpiries(
  { config, tenants, targets }: Looked,
  now: number,
  signal: AbortSignal,
): Promise<readonly EndingThing[]> {
  const first = tenants[0]?.name ?? 'default';
  const own = readExpiries(config).map(({ tenant, subject, kind, validTo }) =>
    thingOf(
      { tenant: tenant ?? first, code: 'expiry', subject },
      kind === 'certificate' ? `The certificate ${subject}` : `The ${subject}`,
      validTo,
      now,
    ),
  );
  const apis = tenants.map(({ name, source }) => apiOf(name, source, now));
  const shown: EndingThing[] = [];
  for (const target of targets) {
    if (signal.aborted) break;
    const checks = await target.check(signal).catch(() => [failed('target', target.name, '', null)]);
    shown.push(...shownBy(first, target.name, checks));
  }
  return [...own, ...apis, ...shown];
}

type About = Pick<EndingThing, 'tenant' | 'code' | 'subject'>;

function thingOf(about: About, what: string, endsAt: number | null, now: number): EndingThing {
  if (endsAt === null) return { ...about, state: 'unknown', message: '' };
  const left = endsAt - now;
  const day = new Date(endsAt).toISOString().slice(0, 10);
  if (left >= AHEAD_MS) return { ...about, state: 'fine', message: `${what} is valid until ${day}.` };
  const when = left < 0 ? `expired on ${day}` : `expires in ${countOf(Math.floor(left / DAY_MS), 'day')}, on ${day}`;
  return { ...about, state: 'ending', message: `${what} ${when}. Renew it.` };
}

function apiOf(tenant: string, source: Parameters<typeof retirementNotice>[0], now: number): EndingThing {
  const about = { tenant, code: 'api-retires', subject: source.api } as const;
  const notice = retirementNotice(source);
  const end = source.retiresOn === null ? Number.POSITIVE_INFINITY : Date.parse(source.retiresOn);
  if (notice === null || end - now >= AHEAD_MS)
    return { ...about, state: 'fine', message: 'The API goes on for the time being.' };
  return { ...about, state: 'ending', message: notice };
}

/** What the certificate that a target shows comes to; where no connection was made nobody knows. */
function shownBy(tenant: string, target: string, checks: readonly CheckResult[]): readonly EndingThing[] {
  const seen = checks.flatMap(({ name, subject, ok, message }): readonly EndingThing[] => {
    const about = { tenant, code: 'expiry', subject } as const;
    if (name === 'expiry') return [{ ...about, state: 'ending', message: `${subject}: ${message}` }];
    return name === 'certificate' && ok ? [{ ...about, state: 'fine', message: `${subject}: ${message}` }] : [];
  });
  if (seen.length > 0 || checks.every(({ ok }) => ok)) return seen;
  return [{ tenant, code: 'expiry', subject: target, state: 'unknown', message: '' }];
}
