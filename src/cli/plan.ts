import { basename, dirname, join, resolve } from 'node:path';
import type { Verb } from './cli.ts';
import { EXIT, worstOf } from './exit-codes.ts';
import { type CommonOptions, withConfig, withFormat } from './options.ts';
import { comparePlans, type PlanComparison } from './plan/compare-plans.ts';
import { openGitTree } from './plan/git-tree.ts';
import { planDocument } from './plan/plan-document.ts';
import { printPlan } from './plan/print-plan.ts';
import { planTenants, type TenantPlan } from './plan/tenant-plans.ts';
import { printJson } from './terminal/print.ts';
import { printLeftOut } from './terminal/print-left-out.ts';
import type { World } from './terminal/world.ts';

interface PlanOptions extends CommonOptions {
  readonly compare?: string;
}

export const plan: Verb = (program, world, done) => {
  const command = program.command('plan');
  withFormat(withConfig(command))
    .option('--compare <ref>', 'a commit or branch of git: what is asked for now that was not there')
    .action(async (options: PlanOptions) => done(await planAll(world, options)));
};

async function planAll(world: World, { config, compare, format }: PlanOptions): Promise<number> {
  const file = resolve(world.cwd, config);
  const { tenants: plans, broken } = await planTenants(world, file);
  printLeftOut(world, broken);
  const comparison = compare === undefined ? null : await comparedWith(world, file, compare, plans);
  if (format === 'json') printJson(world, planDocument(plans, comparison, broken));
  else printPlan(world, plans, comparison);
  const fits = plans.every(({ plan }) => plan.fits);
  return worstOf([broken.length > 0 ? EXIT.usage : EXIT.ok, fits ? EXIT.ok : EXIT.quota]);
}

/** The same computation over the files of the commit. */
async function comparedWith(
  world: World,
  file: string,
  ref: string,
  plans: readonly TenantPlan[],
): Promise<PlanComparison> {
  const tree = await openGitTree(dirname(file), ref, world.env);
  try {
    const before = await planTenants(world, join(tree.folder, basename(file)));
    printLeftOut(world, before.broken, { folder: tree.folder, name: ref });
    return { ref, commit: tree.commit, tenants: comparePlans(before.tenants, plans) };
  } finally {
    await tree.close();
  }
}
