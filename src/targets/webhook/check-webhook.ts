import { checkName, withoutBrackets } from '../../lib/check-name.ts';
import { type CheckResult, failed, passed } from '../../lib/check-result.ts';
import type { Clock } from '../../lib/clock.ts';
import { proxyFor } from '../../lib/dispatcher.ts';
import type { SettingNames } from '../../lib/network-fault.ts';
import type { TlsMaterial } from '../../lib/tls.ts';
import { checkConnection, checkEndpoint } from '../check-endpoint.ts';
import { connectionTls } from '../connection-tls.ts';
import type { AddressGuard } from '../private-address.ts';

export interface WebhookCheck {
  readonly target: string;
  /** Its path may hold a secret and is shown nowhere. */
  readonly url: URL;
  readonly tls: TlsMaterial;
  readonly proxy: string | null;
  /** Null: every address may be reached. */
  readonly guard: AddressGuard | null;
  readonly clock: Clock;
}

/** Reaches the host of a webhook, or the proxy on the way to it, and sends no request. */
export async function checkWebhook(check: WebhookCheck, signal: AbortSignal): Promise<readonly CheckResult[]> {
  const { target, url, tls, guard, clock } = check;
  const proxy = proxyFor(url, check.proxy);
  if (proxy) return checkProxy(check, proxy, signal);
  const ownTls = url.protocol === 'https:' ? connectionTls(tls) : null;
  const endpoint = { ...addressOf(url), tls: ownTls, ...(guard && { lookup: guard.lookup }) };
  return checkEndpoint({ target, endpoint, settings: settingsOf(target), clock }, signal);
}

/** What lies behind a proxy only a request would show. */
async function checkProxy(
  { target, url, clock }: WebhookCheck,
  proxy: URL,
  signal: AbortSignal,
): Promise<readonly CheckResult[]> {
  const endpoint = { ...addressOf(proxy), tls: null };
  const fix = 'Check the name of the proxy.';
  const name = await checkName({ subject: `${target} (proxy ${endpoint.host})`, host: endpoint.host, fix }, signal);
  if (!name.ok) return [name];
  const settings = { ...settingsOf(target), address: `targets.${target}.proxy, or HTTPS_PROXY` };
  const results = await checkConnection({ target: `${target}, proxy`, endpoint, settings, clock }, signal);
  const about = results.map(({ ok, subject, message, fix }) => {
    const said = `${message} ${url.host} behind the proxy is not checked.`;
    return ok ? passed('proxy', subject, said) : failed('proxy', subject, said, fix);
  });
  return [name, ...about];
}

function addressOf(url: URL): { readonly host: string; readonly port: number } {
  return { host: withoutBrackets(url.hostname), port: Number(url.port) || (url.protocol === 'http:' ? 80 : 443) };
}

function settingsOf(target: string): SettingNames {
  const at = `targets.${target}`;
  return {
    address: `${at}.url`,
    ca: `${at}.tls.caFile`,
    plain: 'begin it with http://',
    client: `${at}.tls.certFile and keyFile`,
  };
}
