import { wellFormed } from '../lib/text.ts';
import type { Alert } from './alert.ts';

/** What stands between the braces of a link's template. */
const PARTS: Readonly<Record<string, (alert: Alert) => string>> = {
  id: ({ id }) => id,
  tenant: ({ tenant }) => tenant,
  rule: ({ rule }) => rule.id,
  kind: ({ kind }) => kind,
};
const PLACE = /\{\{([^{}]*)\}\}/g;

/** Where people see more of an alert. */
export type AlertLinker = (alert: Alert) => string;

export type ParsedLink =
  | { readonly kind: 'link'; readonly linkOf: AlertLinker }
  | { readonly kind: 'problem'; readonly message: string };

/** Reads `https://…/{{id}}`; values are written so that nothing in them is a part of the address but a value. */
export function parseAlertLink(template: string): ParsedLink {
  const unknown = [...template.matchAll(PLACE)].map(([, name = '']) => name.trim()).find((name) => !isPart(name));
  if (unknown !== undefined)
    return problem(`"{{${unknown}}}" is nothing that a link can hold. There are: ${Object.keys(PARTS).join(', ')}.`);
  const linkWith = (valueNamed: (name: string) => string): string =>
    template.replace(PLACE, (_, name: string) => encodeURIComponent(valueNamed(name.trim())));
  if (!isWebAddress(linkWith(() => 'x')))
    return problem('A link begins with https:// or http:// and a host, and holds no spaces, quotes or angle brackets.');
  return { kind: 'link', linkOf: (alert) => linkWith((name) => wellFormed(PARTS[name]?.(alert) ?? '')) };
}

function isPart(name: string): boolean {
  return Object.hasOwn(PARTS, name);
}

function isWebAddress(text: string): boolean {
  return /^https?:\/\/[^\s<>"|\\^`{}]+$/i.test(text) && URL.canParse(text);
}

function problem(message: string): ParsedLink {
  return { kind: 'problem', message };
}

/** The alert with its link, where there is one to be had. */
export function withLink(alert: Alert, linkOf: AlertLinker | null): Alert {
  return linkOf === null ? alert : { ...alert, links: { alert: linkOf(alert) } };
}
