import { stringify } from 'yaml';
import type { Emulator } from '../../emulator/server.ts';

export const WEBHOOK = 'soar';
export const SYSLOG = 'siem';

export interface DemoConfigInput {
  readonly emulator: Pick<Emulator, 'baseUrl' | 'authority' | 'application'>;
  readonly webhookPort: number;
  readonly webhookSecret: string;
  readonly syslogPort: number;
  /** Folder of the rules. */
  readonly rules: string;
}

/** The longest that the settings admit: a fast clock makes short work of a time limit. */
const QUERY_SECONDS = 3600;

/** The text of a configuration as a user would write it, with a stand-in where Microsoft would be. */
export function demoConfig({ emulator, webhookPort, webhookSecret, syslogPort, rules }: DemoConfigInput): string {
  const { tenantId, clientId, clientSecret } = emulator.application;
  return stringify({
    source: { api: 'graph', baseUrl: emulator.baseUrl, timeoutSeconds: QUERY_SECONDS },
    auth: { tenantId, clientId, clientSecret, authority: emulator.authority },
    rules: [rules],
    targets: {
      [WEBHOOK]: {
        type: 'webhook',
        url: `http://127.0.0.1:${webhookPort}/alerts`,
        signing: { secrets: [webhookSecret] },
      },
      [SYSLOG]: { type: 'syslog', host: '127.0.0.1', port: syslogPort, protocol: 'tcp', format: 'cef' },
    },
    defaultTargets: [WEBHOOK, SYSLOG],
    state: { path: 'huntwire.db' },
    log: { level: 'error', format: 'text' },
  });
}
