import { ALERT_SCHEMA } from '../../alerts/map/alert-schema.ts';
import type { Host } from '../../app/host.ts';
import type { App } from '../../app.ts';
import type { HttpConfig } from '../../config/config.ts';
import { type OpenHttp, openHttp } from '../../http/open-http.ts';
import { createPulse, type Pulse } from '../../http/pulse.ts';
import type { ActionDesk } from './action-desk.ts';
import { consoleOf } from './console-of.ts';
import type { Figures } from './figures.ts';

/** What watches from the start of a process, and listens once there is something to tell. */
export interface HttpDoor {
  readonly pulse: Pulse;
  /** `desk`: what does what is asked for. */
  open(app: App, desk: Pick<ActionDesk, 'perform'>): Promise<OpenHttp>;
}

export function createHttpDoor(
  config: HttpConfig,
  host: Host,
  { metrics, health }: Pick<Figures, 'metrics' | 'health'>,
): HttpDoor {
  const { clock, log, version } = host;
  const pulse = createPulse(clock);
  return {
    pulse,
    open: async (app, { perform }) => {
      const end = new AbortController();
      const pages = config.console ? await consoleOf(app, host, config, end.signal) : null;
      const listening = await openHttp({
        ...config,
        console: pages,
        pulse,
        health,
        metrics,
        clock,
        log,
        perform,
        described: { version, alert: ALERT_SCHEMA },
        // A reload may bring others.
        get tokens() {
          return app.config.http?.tokens ?? config.tokens;
        },
      });
      return {
        port: listening.port,
        close: async () => {
          end.abort();
          await listening.close();
        },
      };
    },
  };
}
