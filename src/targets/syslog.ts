import { HuntwireError } from '../lib/errors.ts';
import { createDatagramSyslog } from './syslog/datagram.ts';
import { namesTwoPorts } from './syslog/receiver-address.ts';
import { syslogSchema } from './syslog/schema.ts';
import type { SyslogConfig } from './syslog/settings.ts';
import { createStreamSyslog } from './syslog/stream.ts';
import type { Target, TargetDeps } from './target.ts';

export const name = 'syslog';
export const configSchema = syslogSchema;
export const journalRefusal = (): null => null;

/** One alert, one syslog message (RFC 5424 or 3164) over UDP, TCP, TLS or RELP. Throws CONFIG_INVALID for unreadable certificates, a failover over UDP, a `tls` block that nothing is encrypted by, and two ports for one receiver. */
export function create(config: SyslogConfig, deps: TargetDeps): Target {
  const fault = faultOf(config);
  if (fault !== null) throw new HuntwireError('CONFIG_INVALID', `targets.${deps.name}${fault}`);
  return config.protocol === 'udp' ? createDatagramSyslog(config, deps) : createStreamSyslog(config, deps);
}

/** What contradicts itself in settings that fit the schema; null: nothing. */
function faultOf(config: SyslogConfig): string | null {
  const { protocol = 'tcp', failover = [], tls } = config;
  if (protocol === 'udp' && config.failover)
    return '.failover: over udp nobody tells that a receiver has failed; take tcp, tls or relp.';
  if (tls && (protocol === 'tcp' || protocol === 'udp'))
    return `.tls: nothing is encrypted over ${protocol}; write "protocol: tls", or take "tls" out.`;
  const twice = [config, ...failover].find(namesTwoPorts);
  return twice ? `: "${twice.host}" names another port than ${twice.port}.` : null;
}
