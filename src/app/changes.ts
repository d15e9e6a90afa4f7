import type { Rule } from '../rules/rule.ts';
import { wholeRuleHash } from '../rules/rule-hash.ts';
import type { Tenant } from '../run/tenant.ts';
import type { ReloadChange } from '../state/runner-record.ts';
import type { Generation } from './generation.ts';
import { isSameSetting } from './same-settings.ts';

/** Sections of the configuration whose changes show in tenants, targets and rules. */
const SHOWN_OTHERWISE = ['tenants', 'source', 'auth', 'targets', 'rules', 'overlays', 'functions', 'watchlists'];
/** Sections that a reload takes up. What is not among them waits for a restart, whoever adds it. */
const TAKEN_UP = [
  'defaultTargets',
  'routes',
  'silences',
  'maintenance',
  'links',
  'redact',
  'health',
  'heartbeat',
  'events',
  'windows',
  'http.tokens',
  'watch',
  'retention',
  'lint',
  'schemas',
];

/** What two generations differ in, and which settings wait for a restart: those in which `now` differs from what the process `started` with. */
export function changesOf(
  before: Generation,
  now: Generation,
  started: Generation['config']['digests'],
): readonly ReloadChange[] {
  return [
    ...tenantChanges(before, now),
    ...targetChanges(before, now),
    ...now.tenants.flatMap(({ config: { name } }) => ruleChanges(name, before, now)),
    ...settingChanges(before.config.digests, now.config.digests, started),
  ];
}

/** How each of these came, went or changed, by its name. */
function compare<Value>(
  before: ReadonlyMap<string, Value>,
  now: ReadonlyMap<string, Value>,
  howOf: (one: Value, other: Value) => ReloadChange['how'] | null,
): readonly Pick<ReloadChange, 'name' | 'how'>[] {
  const names = [...new Set([...before.keys(), ...now.keys()])];
  return names.flatMap((name) => {
    const [one, other] = [before.get(name), now.get(name)];
    const how = one === undefined ? 'added' : other === undefined ? 'removed' : howOf(one, other);
    return how === null ? [] : [{ name, how }];
  });
}

function tenantChanges(before: Generation, now: Generation): readonly ReloadChange[] {
  const byName = ({ tenants }: Generation) => new Map(tenants.map(({ config, tenant }) => [config.name, tenant]));
  const found = compare(byName(before), byName(now), (one, other) =>
    one === other || isStillBlocked(one, other) ? null : 'changed',
  );
  return found.map((change) => ({ kind: 'tenant', tenant: null, ...change }));
}

/** Each reload tries a tenant that is blocked again: that it is so as before is no change. */
function isStillBlocked(one: Tenant, other: Tenant): boolean {
  const [before, now] = [one, other].map(({ source }) => source.blockedBy?.()?.message);
  return before !== undefined && before === now;
}

function targetChanges(before: Generation, now: Generation): readonly ReloadChange[] {
  const found = compare(before.targets, now.targets, (one, other) =>
    isSameSetting(one.config, other.config) ? null : 'changed',
  );
  return found.map((change) => ({ kind: 'target', tenant: null, ...change }));
}

function ruleChanges(tenant: string, before: Generation, now: Generation): readonly ReloadChange[] {
  const found = compare(rulesIn(tenant, before), rulesIn(tenant, now), howOfRule);
  return found.map((change) => ({ kind: 'rule', tenant, ...change }));
}

/** The rules of a tenant that can run, as they were when that generation was made. */
function rulesIn(tenant: string, { tenants, rulesByTenant }: Generation): ReadonlyMap<string, Rule> {
  const known = tenants.some(({ config }) => config.name === tenant) ? (rulesByTenant.get(tenant) ?? []) : [];
  return new Map(known.map((rule) => [rule.id, rule]));
}

function howOfRule(one: Rule, other: Rule): ReloadChange['how'] | null {
  if (one.status !== other.status) return other.status;
  return wholeRuleHash(one) === wholeRuleHash(other) ? null : 'changed';
}

function settingChanges(
  before: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
  started: Readonly<Record<string, string>>,
): readonly ReloadChange[] {
  const own = (digests: Readonly<Record<string, string>>, isMeant: (name: string) => boolean) =>
    new Map(Object.entries(digests).filter(([name]) => !SHOWN_OTHERWISE.includes(name) && isMeant(name)));
  const isTakenUp = (name: string): boolean => TAKEN_UP.includes(name);
  const waits = (name: string): boolean => !isTakenUp(name);
  const differs = (one: string, other: string) => (one === other ? null : 'changed');
  const taken = compare(own(before, isTakenUp), own(now, isTakenUp), differs);
  const waiting = compare(own(started, waits), own(now, waits), differs);
  return [...taken, ...waiting.map(({ name }) => ({ name, how: 'waits' as const }))].map((change) => ({
    kind: 'setting',
    tenant: null,
    ...change,
  }));
}
