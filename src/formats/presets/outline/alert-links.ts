import type { Alert } from '../../../alerts/alert.ts';

export interface AlertLink {
  readonly text: string;
  readonly href: string;
}

const MAX_LINKS = 10;
const WEB = /^https?:\/\/[^\s<>"|\\^`{}]+$/i;

/** Where people go on from an alert: the link back to the alert first, then the runbook, then what the rule refers to. */
export function linksOf({ rule, links }: Alert): readonly AlertLink[] {
  const back = links?.alert === undefined ? [] : [{ href: links.alert, text: 'Alert' }];
  const runbook = rule.runbook === null ? [] : [{ href: rule.runbook, text: 'Runbook' }];
  const references = rule.references.map((href) => ({ href, text: href }));
  return [...back, ...runbook, ...references].filter(({ href }) => WEB.test(href)).slice(0, MAX_LINKS);
}
