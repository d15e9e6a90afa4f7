import { checkName } from '../lib/check-name.ts';
import { type CheckResult, failed, passed } from '../lib/check-result.ts';
import type { Clock } from '../lib/clock.ts';
import { connectOnce, type Endpoint } from '../lib/connect-once.ts';
import { DAY_MS } from '../lib/duration.ts';
import { type NetworkFaultKind, networkAdvice, networkFault, type SettingNames } from '../lib/network-fault.ts';
import { countOf } from '../lib/text.ts';
import { networkFailure } from './network-failure.ts';

export interface EndpointCheck {
  readonly target: string;
  readonly endpoint: Endpoint;
  readonly settings: SettingNames;
  readonly clock: Clock;
}

/** The name resolves, the port takes a connection, and both sides trust each other's certificates. Nothing is sent. */
export async function checkEndpoint(check: EndpointCheck, signal: AbortSignal): Promise<readonly CheckResult[]> {
  const { target, endpoint, settings } = check;
  const subject = `${target} (${endpoint.host})`;
  const fix = networkAdvice('unresolved', settings);
  const name = await checkName({ subject, host: endpoint.host, fix }, signal);
  return name.ok ? [name, ...(await checkConnection(check, signal))] : [name];
}

/** One connection and its TLS handshake, client certificate included; how long the host's certificate is valid. */
export async function checkConnection(
  { target, endpoint, settings, clock }: EndpointCheck,
  signal: AbortSignal,
): Promise<readonly CheckResult[]> {
  const kind = endpoint.tls ? 'tls' : 'tcp';
  const subject = `${target} (${endpoint.host}:${endpoint.port})`;
  try {
    const { validTo } = await connectOnce(endpoint, clock, signal);
    const message = endpoint.tls
      ? 'The host takes connections and the TLS handshake succeeds.'
      : 'The host takes connections.';
    return [passed(kind, subject, message), ...(validTo === null ? [] : [expiryOf(subject, validTo, clock.now())])];
  } catch (thrown) {
    const { reason, code } = networkFailure(thrown);
    const fault = faultKindOf(thrown, endpoint.tls !== null && code === 'ECONNRESET');
    return [failed(kind, subject, `No connection: ${reason}.`, networkAdvice(fault, settings))];
  }
}

/** With TLS 1.3 a host that does not want our certificate closes the connection right after the handshake. */
function faultKindOf(thrown: unknown, isShutAfterTls: boolean): NetworkFaultKind | null {
  return isShutAfterTls ? 'client-certificate' : (networkFault(thrown)?.kind ?? null);
}

const WARN_MS = 30 * DAY_MS;

function expiryOf(subject: string, validTo: number, now: number): CheckResult {
  const days = Math.floor((validTo - now) / DAY_MS);
  const day = new Date(validTo).toISOString().slice(0, 10);
  if (validTo - now >= WARN_MS) return passed('certificate', subject, `Its certificate is valid until ${day}.`);
  return failed(
    'expiry',
    subject,
    `Its certificate expires in ${countOf(days, 'day')}, on ${day}.`,
    'Tell whoever runs the host.',
  );
}
