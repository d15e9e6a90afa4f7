import type { Alert } from '../../../alerts/alert.ts';

export interface AlertLink {
  readonly text: string;
  readonly href: string;
}

const MAX_LINKS = 10;
const WEB = /^https?:\/\/[^\s<>"|\\^`{}]+$/i;

/** Where people go on from an alert: the runbook first, then what the rule refers to. A link back to the alert belongs in front of them. */
export function linksOf({ rule }: Alert): readonly AlertLink[] {
  const runbook = rule.runbook === null ? [] : [{ href: rule.runbook, text: 'Runbook' }];
  const references = rule.references.map((href) => ({ href, text: href }));
  return [...runbook, ...references].filter(({ href }) => WEB.test(href)).slice(0, MAX_LINKS);
}
