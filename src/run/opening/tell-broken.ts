import { resolveGone, resolveGoneRules, type StartedTenant } from '../resolve-gone.ts';
import { type OwnCondition, tellHealth } from '../tell-health.ts';
import type { RunDeps, Tenant } from '../tenant.ts';
import { moveRenamed } from './move-renamed.ts';

/** A rule file that is left out, because it is broken. */
export interface BrokenFile {
  readonly tenant: string;
  readonly file: string;
  /** The place in it and what is wrong there. */
  readonly reason: string;
}

type TellDeps = Parameters<typeof resolveGone>[1] & Parameters<typeof tellHealth>[2];

/**
 * What is told at a start, before rules run: which files are left out, that those of an earlier start are no longer, and the ends of what is
 * gone. While a tenant has a broken file, no rule of it is taken for deleted: it may be the one in that file.
 */
export async function tellStart(
  tenants: readonly Tenant[],
  broken: readonly BrokenFile[],
  deps: TellDeps & Pick<RunDeps, 'store'>,
): Promise<void> {
  const started: readonly StartedTenant[] = tenants.map(({ name, rules }) => ({
    name,
    rules,
    leavesOut: broken.some(({ tenant }) => tenant === name),
  }));
  await resolveGone(started, deps);
  await tellBroken(tenants, broken, deps);
}

/** As tellStart, of one tenant where others are started elsewhere. */
export async function tellTenantStart(
  tenant: Tenant,
  broken: readonly BrokenFile[],
  deps: TellDeps & Pick<RunDeps, 'store'>,
): Promise<void> {
  const { name, rules } = tenant;
  const leavesOut = broken.some((one) => one.tenant === name);
  await moveRenamed([tenant], deps);
  await resolveGoneRules({ name, rules, leavesOut }, deps);
  await tellBroken([tenant], broken, deps);
}

/** Of each file that is left out a condition, until a start or a reload finds it mended or gone. */
export async function tellBroken(
  tenants: readonly Tenant[],
  broken: readonly BrokenFile[],
  deps: TellDeps & Pick<RunDeps, 'store'>,
): Promise<void> {
  const open = (await deps.store.openHealth()).filter(({ code }) => code === 'rule-broken');
  for (const tenant of tenants) {
    const own = broken.filter((one) => one.tenant === tenant.name);
    const over = open.filter(({ tenant: name, subject }) => {
      return name === tenant.name && !own.some(({ file }) => file === subject);
    });
    const conditions = [...own.map(firing), ...over.map(({ subject }) => conditionOf(subject, false, MENDED))];
    await tellHealth(tenant, conditions, deps);
  }
}

const MENDED = 'The file was read again: it is mended, or no longer there.';

function firing({ file, reason }: BrokenFile): OwnCondition {
  return conditionOf(file, true, `The rule is left out, and nothing searches for what it finds: ${file}:${reason}`);
}

function conditionOf(subject: string, isFiring: boolean, message: string): OwnCondition {
  return { code: 'rule-broken', subject, firing: isFiring, message, again: false, rule: null };
}
