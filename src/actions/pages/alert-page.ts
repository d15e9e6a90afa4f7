import type { RunHistory } from '../../state/journal-store.ts';
import type { AlertHead, AlertHeadQuery, DeliveryFate } from '../../state/page-store.ts';
import { cursorOf, readCursor } from '../alerts/cursor.ts';
import { readTime } from '../read-time.ts';
import type { PageDeps } from './page-deps.ts';
import { saysOf } from './rule-page.ts';

type KeptAlertDocument = Awaited<ReturnType<PageDeps['store']['alertsById']>>[number];

/** All that is given must hold. */
export interface AlertsFilter extends Pick<AlertHeadQuery, 'tenant' | 'status' | 'kind' | 'severities'> {
  readonly rule?: string;
  /** An instant, or how long ago. */
  readonly since?: string;
}

export interface AlertsPage {
  readonly heads: readonly AlertHead[];
  /** For the next, older page; null: there is none. */
  readonly cursor: string | null;
}

export interface AlertPageOf {
  readonly alert: KeptAlertDocument;
  readonly revisions: readonly AlertHead[];
  readonly deliveries: readonly DeliveryFate[];
  /** null: it is not kept any more, or no run found it. */
  readonly run: RunHistory['run'] | null;
  /** Why there was an alert, in sentences. */
  readonly says: readonly string[];
  readonly targets: readonly string[];
  /** Why there was an alert, or none, of another row of the rule; null: nothing is asked. */
  readonly other: OtherRow | null;
}

/** What became of a row that was there at an instant. */
export interface OtherRow {
  /** Epoch ms. */
  readonly at: number;
  readonly says: readonly string[];
}

const ALERTS_A_PAGE = 50;
const MOST_REVISIONS = 100;
const MOST_DELIVERIES = 200;

/** Newest first. USAGE where a time or a cursor is none. */
export async function alertsPage(
  { store, clock }: PageDeps,
  { rule, since, ...filter }: AlertsFilter,
  cursor: string | null,
): Promise<AlertsPage> {
  const { heads, end } = await store.alertHeads({
    ...filter,
    before: cursor === null ? null : readCursor(cursor),
    limit: ALERTS_A_PAGE,
    ...(rule !== undefined && { ruleId: rule }),
    ...(since !== undefined && { since: readTime(since, 'since', clock.now()) }),
  });
  return { heads, cursor: end && cursorOf(end) };
}

/** null: there is no such alert. `at`, epoch ms: what became of another row, of that instant, is told, too. */
export async function alertPage(deps: PageDeps, id: string, at: number | null): Promise<AlertPageOf | null> {
  const { store, config } = deps;
  const [alert] = (await store.alertsById(id)).filter((one) => one.id === id);
  if (!alert) return null;
  return {
    alert,
    revisions: await store.revisionsOf(id, MOST_REVISIONS),
    deliveries: await store.deliveriesOf(id, MOST_DELIVERIES),
    run: (await store.runById(alert.runId))?.run ?? null,
    says: await reasons(deps, alert, Date.parse(alert.lastSeen)),
    targets: [...config.targets.keys()],
    other: at === null ? null : { at, says: await reasons(deps, alert, at) },
  };
}

async function reasons(deps: PageDeps, alert: KeptAlertDocument, at: number): Promise<readonly string[]> {
  const tenant = deps.tenants.find(({ name }) => name === alert.tenant);
  const rule = tenant?.rules.find(({ id }) => id === alert.rule.id);
  if (!rule || alert.kind !== 'detection' || Number.isNaN(at)) return [];
  return saysOf(deps, rule, alert.tenant, at);
}
