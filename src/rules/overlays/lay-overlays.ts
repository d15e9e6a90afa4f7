import type { Path } from '../../lib/yaml/parse-yaml.ts';
import type { AlertSpec, OverlaidPart, Rule } from '../rule.ts';
import { ruleHash } from '../rule-hash.ts';
import { overlaidMap } from './overlaid-map.ts';
import type { OverlaySet, RuleOverlay } from './overlay.ts';

/** Where each key of an overlay stands in a rule. */
const PLACE_IN_RULE: Readonly<Record<keyof OverlaySet, Path>> = {
  schedule: ['schedule'],
  window: ['window'],
  severity: ['severity'],
  status: ['status'],
  targets: ['targets'],
  exceptions: ['exceptions'],
  dedup: ['alert', 'dedup'],
  suppress: ['alert', 'suppress'],
  resolveAfter: ['alert', 'resolveAfter'],
  updates: ['alert', 'updates'],
  entities: ['alert', 'entities'],
  details: ['alert', 'details'],
  params: ['params'],
  redact: ['redact'],
  previousIds: ['previousIds'],
};

/** The rule with overlays laid over it, each over those before. Its hash is that of what it says now. */
export function layOverlays(rule: Rule, overlays: readonly RuleOverlay[]): Rule {
  if (overlays.length === 0) return rule;
  const { hash: _, map, ...own } = rule;
  let said: Omit<Rule, 'hash' | 'map'> = own;
  const parts: OverlaidPart[] = [];
  for (const overlay of overlays) {
    parts.push(...partsOf(overlay, said));
    said = laid(said, overlay.set);
  }
  return Object.freeze({ ...said, hash: ruleHash(said), map: overlaidMap(map, parts) });
}

/** What is said replaces what was; `exceptions` and `entities` are added, and of `params` those that are named are replaced. */
function laid(rule: Omit<Rule, 'hash' | 'map'>, set: OverlaySet): Omit<Rule, 'hash' | 'map'> {
  const { dedup, suppress, resolveAfter, updates, entities, details, exceptions, params, ...replaced } = set;
  return {
    ...rule,
    ...replaced,
    alert: laidAlert(rule.alert, { dedup, suppress, resolveAfter, updates, entities, details }),
    exceptions: exceptions ? Object.freeze([...rule.exceptions, ...exceptions]) : rule.exceptions,
    params: params ? Object.freeze({ ...rule.params, ...params }) : rule.params,
  };
}

type OfAlert = {
  readonly [K in 'dedup' | 'suppress' | 'resolveAfter' | 'updates' | 'entities' | 'details']: OverlaySet[K];
};

function laidAlert(
  alert: AlertSpec,
  { dedup, suppress, resolveAfter, updates, entities, details }: OfAlert,
): AlertSpec {
  return Object.freeze({
    ...alert,
    ...(dedup && { dedupColumns: dedup }),
    ...(suppress !== undefined && { suppressMs: suppress }),
    ...(resolveAfter !== undefined && { resolveAfterMs: resolveAfter }),
    ...(updates && { updates }),
    ...(details && { details }),
    ...(entities && { entities: Object.freeze([...(alert.entities ?? []), ...entities]) }),
    ...(entities && alert.entities === null && { inferred: true as const }),
  });
}

/** Where the values of an overlay stand, one part a key, and a param each. */
function partsOf({ kind, document, entryPath, setPath, set }: RuleOverlay, before: Omit<Rule, 'hash' | 'map'>) {
  const part = (path: Path, key: Path, first: number | null): OverlaidPart => {
    return { path, first, kind, document, entryPath, at: [...setPath, ...key] };
  };
  return (Object.keys(set) as (keyof OverlaySet)[]).flatMap((key) => {
    if (key === 'params') {
      return Object.keys(set.params ?? {}).map((name) => part(['params', name], ['params', name], null));
    }
    return [part(PLACE_IN_RULE[key], [key], firstOf(key, before))];
  });
}

/** From which entry on a list is the overlay's; null: all of it. */
function firstOf(key: keyof OverlaySet, { exceptions, alert }: Omit<Rule, 'hash' | 'map'>): number | null {
  if (key === 'exceptions') return exceptions.length;
  return key === 'entities' ? (alert.entities?.length ?? 0) : null;
}
