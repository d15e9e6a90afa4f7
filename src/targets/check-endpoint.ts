import { checkName } from '../lib/check-name.ts';
import { type CheckResult, failed, passed } from '../lib/check-result.ts';
import type { Clock } from '../lib/clock.ts';
import { connectOnce, type Endpoint } from '../lib/connect-once.ts';
import { networkFailure } from './network-failure.ts';

export interface EndpointCheck {
  readonly target: string;
  readonly endpoint: Endpoint;
  readonly clock: Clock;
}

/** The name resolves, the port takes a connection, and both sides trust each other's certificates. Nothing is sent. */
export async function checkEndpoint(check: EndpointCheck, signal: AbortSignal): Promise<readonly CheckResult[]> {
  const { target, endpoint } = check;
  const subject = `${target} (${endpoint.host})`;
  const name = await checkName({ subject, host: endpoint.host, fix: 'Check DNS and the name of the host.' }, signal);
  return name.ok ? [name, await checkConnection(check, signal)] : [name];
}

/** One connection and its TLS handshake, client certificate included. */
export async function checkConnection(
  { target, endpoint, clock }: EndpointCheck,
  signal: AbortSignal,
): Promise<CheckResult> {
  const kind = endpoint.tls ? 'tls' : 'tcp';
  const subject = `${target} (${endpoint.host}:${endpoint.port})`;
  try {
    await connectOnce(endpoint, clock, signal);
    const message = endpoint.tls
      ? 'The host takes connections and the TLS handshake succeeds.'
      : 'The host takes connections.';
    return passed(kind, subject, message);
  } catch (thrown) {
    const failure = networkFailure(thrown);
    const aboutTls = failure.kind === 'tls' || (endpoint.tls !== null && failure.code === 'ECONNRESET');
    const fix = aboutTls
      ? 'Set tls.caFile if your own CA signs; the host may want another client certificate.'
      : 'Check host, port and firewall.';
    return failed(kind, subject, `No connection: ${failure.reason}.`, fix);
  }
}
