import type { Alert } from '../alerts/alert.ts';
import { type Matcher, matchesAll } from '../alerts/matchers.ts';
import type { Escalation, Way } from '../state/detour-store.ts';

/** Where alerts go that all of its matchers hold for. */
export interface Route {
  readonly match: readonly Matcher[];
  readonly targets: readonly string[];
  /** Whether the routes behind it are looked at, too. */
  readonly continue: boolean;
  /** Its alerts go out together, so often at most. */
  readonly digestMs?: number;
  /** Where they go when nobody acknowledges them. */
  readonly escalation?: Escalation;
}

export interface Routing {
  readonly routes: readonly Route[];
  readonly defaultTargets: readonly string[];
  /** By target how detections reach it where no route says so; left out: each by itself, and no further. */
  readonly targetWays?: ReadonlyMap<string, HowTo>;
}

type HowTo = Pick<Route, 'digestMs' | 'escalation'>;

/** One target that an alert goes to, how, and what sends it there. */
export interface Destination extends Way {
  readonly because: string;
}

/** What the state needs to know of a destination. */
export function wayOf({ because: _, ...way }: Destination): Way {
  return way;
}

/**
 * Which targets an alert takes: those that its rule or an overlay names, else those of the first route that matches and, where that says
 * `continue`, of further ones, else the default targets. Each target once: the first route that names it says whether it gets digests, and
 * the first of them that has an escalation says which. Where none says so, the target itself does, but not of alerts about Huntwire.
 */
export function routeAlert(alert: Alert, own: readonly string[] | null, routing: Routing): readonly Destination[] {
  const found = destinationsOf(alert, own, routing);
  return alert.kind === 'health' ? found : withTargetWays(found, routing);
}

function withTargetWays(found: readonly Destination[], { targetWays }: Routing): readonly Destination[] {
  return found.map((one) => ({ ...targetWays?.get(one.target), ...one }));
}

function destinationsOf(
  alert: Alert,
  own: readonly string[] | null,
  { routes, defaultTargets }: Routing,
): readonly Destination[] {
  if (own !== null) return distinct(own, 'the rule or an overlay names it');
  const found = new Map<string, Destination>();
  for (const [at, route] of routes.entries()) {
    if (!matchesAll(route.match, alert)) continue;
    addAll(found, distinct(route.targets, `route ${at + 1} matches: ${matchOf(route)}`), route);
    if (!route.continue) return [...found.values()];
  }
  return found.size > 0 ? [...found.values()] : distinct(defaultTargets, 'a default target, as no route matches');
}

function merged(before: Destination | undefined, one: Destination, { digestMs, escalation }: HowTo): Destination {
  const first = before ?? { ...one, ...(digestMs !== undefined && { digestMs }) };
  return escalation && !first.escalation ? { ...first, escalation } : first;
}

function distinct(targets: readonly string[], because: string): readonly Destination[] {
  return [...new Set(targets)].map((target) => ({ target, because }));
}

/** The matchers of a route as they were written. */
export function matchOf({ match }: Pick<Route, 'match'>): string {
  return match.length === 0 ? 'everything' : match.map(({ text }) => text.trim()).join(', ');
}

/** Whether some target is sure to be found for every alert. */
export function reachesAll({ routes, defaultTargets }: Routing): boolean {
  return defaultTargets.length > 0 || routes.some(({ match }) => match.length === 0);
}

/** What is known of a rule's alerts before there are any, by the names of matchers; a name that is not here may have any value. */
export type KnownTraits = ReadonlyMap<string, readonly string[]>;

/** Where alerts of a rule may go, and how, each target once. What depends on the alert itself is named. */
export function routeRule(known: KnownTraits, own: readonly string[] | null, routing: Routing): readonly Destination[] {
  return withTargetWays(waysToCome(known, own, routing), routing);
}

function waysToCome(
  known: KnownTraits,
  own: readonly string[] | null,
  { routes, defaultTargets }: Routing,
): readonly Destination[] {
  if (own !== null) return distinct(own, 'the rule or an overlay names it');
  const found = new Map<string, Destination>();
  let isSure = false;
  let mayEndBefore = false;
  for (const [at, route] of routes.entries()) {
    const open = openMatchers(route.match, known);
    if (open === null) continue;
    addAll(found, distinct(route.targets, `route ${at + 1} ${whenText(open, mayEndBefore)}`), route);
    isSure ||= open.length === 0;
    if (open.length === 0 && !route.continue) break;
    mayEndBefore ||= !route.continue;
  }
  const rest = `a default target, ${found.size > 0 ? 'where' : 'as'} no route matches`;
  if (!isSure) addAll(found, distinct(defaultTargets, rest), {});
  return [...found.values()];
}

function whenText(open: readonly Matcher[], mayEndBefore: boolean): string {
  const when = open.length === 0 ? 'matches' : `matches where ${open.map(({ text }) => text.trim()).join(', ')}`;
  return `${when}${mayEndBefore ? ', and no route before it' : ''}`;
}

function addAll(found: Map<string, Destination>, destinations: readonly Destination[], route: HowTo): void {
  for (const one of destinations) found.set(one.target, merged(found.get(one.target), one, route));
}

/** The matchers that only an alert decides; null where one of the others does not hold. */
function openMatchers(match: readonly Matcher[], known: KnownTraits): readonly Matcher[] | null {
  const open: Matcher[] = [];
  for (const one of match) {
    const values = known.get(one.name);
    if (!values) open.push(one);
    else if (values.some(one.matches) === one.isNegated) return null;
  }
  return open;
}
