import { randomUUID } from 'node:crypto';
import type { RedactionSettings } from '../alerts/redaction.ts';
import type { Config, TargetConfig, TenantConfig } from '../config/config.ts';
import { rulesOf } from '../config/operation/rules-of-tenant.ts';
import { closeAll } from '../lib/all-ended.ts';
import type { Rule, RunnableRule } from '../rules/rule.ts';
import type { AskedTenant } from '../run/desk/errands.ts';
import { openRedaction } from '../run/opening/open-redaction.ts';
import { createTenantRules, type TenantRules } from '../run/opening/tenant-rules.ts';
import type { Tenant } from '../run/tenant.ts';
import type { Store } from '../state/store.ts';
import type { Target } from '../targets/target.ts';
import { analyzeRules, type LoadedFiles, restFromStart } from './app-rules.ts';
import type { Host } from './host.ts';
import { openTarget, openTenant } from './open-parts.ts';
import { isSameSetting } from './same-settings.ts';

export interface OwnTenant {
  readonly config: TenantConfig;
  readonly tenant: AskedTenant;
  readonly rules: TenantRules;
}

export interface OwnTarget {
  readonly config: TargetConfig;
  readonly target: Target;
}

/** All that is made of one configuration and its files. */
export interface Generation {
  readonly config: Config;
  /** As the files say them. */
  readonly loaded: readonly Rule[];
  /** What is wrong with the rules that are left out. */
  readonly broken: LoadedFiles['broken'];
  /** Those that can run. */
  readonly rulesByTenant: ReadonlyMap<string, readonly RunnableRule[]>;
  /** By the id of every rule that cannot run the reason. */
  readonly refused: ReadonlyMap<string, string>;
  readonly tenants: readonly OwnTenant[];
  readonly targets: ReadonlyMap<string, OwnTarget>;
  readonly redaction: RedactionSettings | null;
}

/** What a generation is made with. */
export interface GenerationDeps {
  readonly store: Store;
  readonly host: Host;
  /** Where other processes run on the same state, who runs a tenant: it is asked for nothing before it is held. Left out: none does. */
  readonly runBy?: (tenant: string) => string | null;
}

/**
 * Makes all that a configuration asks for. Of the generation before, tenants and targets whose settings are the same are taken over as
 * they are, with what they have learnt, and nothing of them changes here. Throws where anything is wrong, and leaves nothing open then.
 */
export async function openGeneration(
  config: Config,
  files: LoadedFiles,
  before: Generation | null,
  deps: GenerationDeps,
): Promise<Generation> {
  const { store, host } = deps;
  const { rules: loaded } = files;
  files.keep();
  const { rules, refused, ...analyzed } = await analyzeRules(files, store, host);
  if (before === null) await restFromStart(files, host);
  const broken = [...files.broken, ...analyzed.broken];
  const made: (() => unknown)[] = [];
  try {
    const tenants: OwnTenant[] = [];
    for (const tenant of config.tenants) tenants.push(await tenantOf(tenant, rules, before, deps, made));
    refuseAllBlocked(tenants);
    const targets = new Map<string, OwnTarget>();
    for (const [name, target] of config.targets) targets.set(name, targetOf(name, target, before, host, made));
    const wish = config.redact && { ...config.redact, key: config.redact.key?.reveal() ?? null };
    const { redaction = null } = await openRedaction(wish, rules, store, () => `${randomUUID()}${randomUUID()}`);
    const rulesByTenant = new Map(config.tenants.map((tenant) => [tenant.name, rulesOf(tenant, rules)]));
    return { config, loaded, broken, rulesByTenant, refused, tenants, targets, redaction };
  } catch (thrown) {
    await closeAll(made);
    throw thrown;
  }
}

async function tenantOf(
  config: TenantConfig,
  rules: readonly RunnableRule[],
  before: Generation | null,
  { store, host, runBy }: GenerationDeps,
  made: (() => unknown)[],
): Promise<OwnTenant> {
  const known = before?.tenants.find((one) => one.config.name === config.name);
  if (known && isSameTenant(known, config)) return { ...known, config };
  const own = createTenantRules(rulesOf(config, rules));
  // Whoever reloads is there to mend what was whole before.
  const mayBlock = host.blocksTenants === true && (before === null || (known && isBlocked(known)) === true);
  const { errands, ...opened } = await openTenant(config, store, host, mayBlock);
  made.push(() => opened.source.close());
  const asked = runBy ? { runBy: () => runBy(config.name) } : errands && { errands };
  const tenant = withRules({ ...opened, ...asked }, own);
  return { config, tenant, rules: own };
}

function withRules(opened: Omit<AskedTenant, 'rules'>, own: TenantRules): AskedTenant {
  return {
    ...opened,
    get rules() {
      return own.current();
    },
    listenToRules: own.listen,
  };
}

/** The tenant once more, as the state knows it now, for who has its lease and closes its source. Its rules are the same ones. */
export async function holdTenant(
  { config, rules }: OwnTenant,
  { store, host }: Pick<GenerationDeps, 'store' | 'host'>,
): Promise<AskedTenant> {
  return withRules(await openTenant(config, store, host, host.blocksTenants === true), rules);
}

/** Which rules it has does not matter: those are taken up while it runs. One that is blocked is tried again. */
function isSameTenant(before: OwnTenant, now: TenantConfig): boolean {
  if (isBlocked(before) || before.config.blocked || now.blocked) return false;
  return isSameSetting([before.config.source, before.config.auth], [now.source, now.auth]);
}

function isBlocked({ tenant }: OwnTenant): boolean {
  return (tenant.source.blockedBy?.() ?? null) !== null;
}

/** Where none can be asked nothing is done at all: that is a failure as any other. */
function refuseAllBlocked(tenants: readonly OwnTenant[]): void {
  const reasons = tenants.map(({ tenant }) => tenant.source.blockedBy?.() ?? null);
  const [first] = reasons;
  if (first && reasons.every((reason) => reason !== null)) throw first;
}

function targetOf(
  name: string,
  config: TargetConfig,
  before: Generation | null,
  host: Host,
  made: (() => unknown)[],
): OwnTarget {
  const known = before?.targets.get(name);
  if (known && isSameSetting(known.config, config)) return known;
  const target = openTarget(name, config, host);
  made.push(() => target.close());
  return { config, target };
}

/** Of one generation what the other does not have; all of it without another. */
export function partsLeft(
  one: Generation,
  other: Generation | null,
): { readonly tenants: readonly Tenant[]; readonly targets: readonly Target[] } {
  const tenants = one.tenants.filter(({ tenant }) => !other?.tenants.some((own) => own.tenant === tenant));
  const targets = [...one.targets].filter(([name, { target }]) => other?.targets.get(name)?.target !== target);
  return { tenants: tenants.map(({ tenant }) => tenant), targets: targets.map(([, { target }]) => target) };
}
