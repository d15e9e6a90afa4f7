import { type AlertLinker, withLink } from '../../alerts/alert-link.ts';
import type { Store } from '../../state/store.ts';

/** The store of a process whose alerts have links: whoever makes one, and whatever it is about, it is given its link where it is kept. `linker` gives who makes them at the time. */
export function linkAlerts(store: Store, linker: () => AlertLinker | null): Store {
  const linked = <Kept extends Pick<Parameters<Store['commitHealth']>[0], 'alerts'>>(kept: Kept): Kept => {
    const linkOf = linker();
    return linkOf === null ? kept : { ...kept, alerts: kept.alerts.map((alert) => withLink(alert, linkOf)) };
  };
  return {
    ...store,
    commit: (commit) => store.commit(linked(commit)),
    commitHealth: (commit) => store.commitHealth(linked(commit)),
    tellDigest: (digest, alert) => store.tellDigest(digest, withLink(alert, linker())),
  };
}
