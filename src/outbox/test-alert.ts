import { randomUUID } from 'node:crypto';
import { type Alert, messageId } from '../alerts/alert.ts';
import { type AlertLinker, withLink } from '../alerts/alert-link.ts';
import { makeHealthAlert } from '../alerts/map/health-alert.ts';
import { makeResolved } from '../alerts/map/resolved-alert.ts';

/** What of a configuration test alerts are made with. */
export interface TestAlertSetting {
  readonly tenants: readonly { readonly name: string }[];
  readonly links: { readonly alert: AlertLinker | null };
}

/** An ordinary alert whose title, tags and id say that it is none. */
export function testAlert({ tenants, links }: TestAlertSetting, target: string, now: number): Alert {
  const tenant = tenants[0]?.name ?? 'default';
  const message = 'This alert was sent by hand with "huntwire send-test". Nothing happened; no action is needed.';
  const base = makeHealthAlert({
    tenant,
    code: 'target-blocked',
    subject: target,
    since: now,
    status: 'firing',
    revision: 0,
    time: now,
    message,
  });
  const { health: _, ...alert } = base;
  const rule = { ...alert.rule, id: 'huntwire-test', name: 'Huntwire test', tags: ['test'] };
  const id = randomUUID().replaceAll('-', '');
  const made: Alert = {
    ...alert,
    id,
    kind: 'detection',
    rule,
    title: `TEST: Huntwire reaches the target ${target}`,
    severity: 'informational',
    dedupKey: id,
  };
  return withLink(made, links.alert);
}

/** The end of a test alert, as that of any other is told. */
export function testResolve(alert: Alert, now: number): Alert {
  const reason = 'This resolve was sent by hand with "huntwire send-test --resolve".';
  const since = Date.parse(alert.time);
  return makeResolved(alert, { kind: 'gone', revision: 1, time: now, since, held: {}, reason, run: null });
}

/** The id under which a message of it goes out. */
export function testMessageId(alert: Alert): string {
  return messageId(alert);
}
