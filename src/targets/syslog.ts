import { HuntwireError } from '../lib/errors.ts';
import { createDatagramSyslog } from './syslog/datagram.ts';
import { namesTwoPorts } from './syslog/receiver-address.ts';
import { syslogSchema } from './syslog/schema.ts';
import type { SyslogConfig } from './syslog/settings.ts';
import { createStreamSyslog } from './syslog/stream.ts';
import type { Target, TargetDeps } from './target.ts';

export const name = 'syslog';
export const configSchema = syslogSchema;

/** One alert, one syslog message (RFC 5424 or 3164) over UDP, TCP, TLS or RELP. Throws CONFIG_INVALID for unreadable certificates, a failover over UDP, and two ports for one receiver. */
export function create(config: SyslogConfig, deps: TargetDeps): Target {
  if (config.protocol === 'udp' && config.failover) {
    throw new HuntwireError(
      'CONFIG_INVALID',
      `targets.${deps.name}.failover: over udp nobody tells that a receiver has failed; take tcp, tls or relp.`,
    );
  }
  for (const one of [config, ...(config.failover ?? [])])
    if (namesTwoPorts(one))
      throw new HuntwireError(
        'CONFIG_INVALID',
        `targets.${deps.name}: "${one.host}" names another port than ${one.port}.`,
      );
  return config.protocol === 'udp' ? createDatagramSyslog(config, deps) : createStreamSyslog(config, deps);
}
