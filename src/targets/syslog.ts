import { HuntwireError } from '../lib/errors.ts';
import { createDatagramSyslog } from './syslog/datagram.ts';
import { syslogSchema } from './syslog/schema.ts';
import type { SyslogConfig } from './syslog/settings.ts';
import { createStreamSyslog } from './syslog/stream.ts';
import type { Target, TargetDeps } from './target.ts';

export const name = 'syslog';
export const configSchema = syslogSchema;

/** One alert, one syslog message (RFC 5424 or 3164) over UDP, TCP, TLS or RELP. Throws CONFIG_INVALID for unreadable certificates, and for a failover over UDP. */
export function create(config: SyslogConfig, deps: TargetDeps): Target {
  if (config.protocol === 'udp' && config.failover) {
    throw new HuntwireError(
      'CONFIG_INVALID',
      `targets.${deps.name}.failover: over udp nobody tells that a receiver has failed; take tcp, tls or relp.`,
    );
  }
  return config.protocol === 'udp' ? createDatagramSyslog(config, deps) : createStreamSyslog(config, deps);
}
