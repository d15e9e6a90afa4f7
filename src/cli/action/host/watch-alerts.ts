import type { ActionDeps } from '../../../actions/action-deps.ts';
import { SECOND_MS } from '../../../lib/duration.ts';
import type { AlertMark, AlertPage } from '../../../state/alert-page.ts';

type TriggeringAlert = Pick<AlertPage['alerts'][number], 'id' | 'title' | 'status' | 'revision'>;

/** Which messages a trigger is about. */
export const TRIGGERS: ReadonlyMap<string, (alert: TriggeringAlert) => boolean> = new Map([
  ['alert_created', ({ revision, status }: TriggeringAlert) => revision === 0 && status === 'firing'],
  ['alert_updated', ({ revision, status }: TriggeringAlert) => revision > 0 && status === 'firing'],
  ['alert_resolved', ({ status }: TriggeringAlert) => status === 'resolved'],
]);

/** What a host is told of one alert; `request_id` is the same when it is told again. */
export interface HostNews {
  readonly name: string;
  readonly event: unknown;
  readonly request_id: string;
}

export interface Watching {
  /** Between two looks; null: the usual ten. */
  readonly seconds: number | null;
  readonly post: (event: HostNews) => Promise<void>;
}

const USUAL_SECONDS = 10;
const PAGE = 100;

/**
 * Tells a host of every alert that a state gets from now on, until the signal aborts; who runs on that state makes them. Where it has come
 * to is kept in the state, once the host has taken a page: after a crash some are told again.
 */
export async function watchAlerts(
  slug: string,
  deps: Pick<ActionDeps, 'reading' | 'writing' | 'clock' | 'signal'>,
  { seconds, post }: Watching,
): Promise<void> {
  const isMeant = TRIGGERS.get(slug) ?? (() => false);
  const name = `host trigger:${slug}`;
  let after = await markOf(name, deps);
  while (!deps.signal.aborted) {
    const page: AlertPage = await deps.reading((store) => store.alertPage({ after, limit: PAGE }));
    for (const alert of page.alerts.filter(isMeant)) await post(eventOf(alert));
    if (page.end && (page.end.row !== after?.row || page.end.alertId !== after.alertId)) {
      after = page.end;
      const text = JSON.stringify(after);
      await deps.writing((store) => store.cache.set(name, text));
    }
    if (!page.more) await deps.clock.sleep((seconds ?? USUAL_SECONDS) * SECOND_MS, deps.signal).catch(() => undefined);
  }
}

function eventOf(alert: TriggeringAlert): HostNews {
  return { name: alert.title, event: alert, request_id: `${alert.id}-${alert.revision}` };
}

/**
 * Where it came to before; the first time it begins with what comes next. Where the cache has lost that, it begins where it did the first
 * time: alerts that are told again do less harm than those that are not.
 */
async function markOf(
  name: string,
  { reading, writing }: Pick<ActionDeps, 'reading' | 'writing'>,
): Promise<AlertMark | null> {
  const { kept, newest } = await reading(async (store) => ({
    kept: await store.cache.get(name),
    newest: (await store.alertPage({ after: null, limit: 1, since: Number.MAX_SAFE_INTEGER })).end,
  }));
  const first = await writing((store) => store.keepFirst(name, JSON.stringify(newest)));
  return JSON.parse(kept ?? first) as AlertMark | null;
}
