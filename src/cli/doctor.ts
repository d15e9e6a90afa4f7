import type { Host } from '../app.ts';
import { openSource, openTarget, rulesOf } from '../app.ts';
import { checkRuleTargets } from '../config/check-rule-targets.ts';
import type { Config, TenantConfig } from '../config/config.ts';
import { createMemoryCache } from '../lib/cache.ts';
import { type CheckResult, failed, passed } from '../lib/check-result.ts';
import { toHuntwireError } from '../lib/errors.ts';
import { pausesOfRules } from '../rules/cron/pauses.ts';
import type { RunnableRule } from '../rules/rule.ts';
import { quotaFit } from '../run/quota-fit.ts';
import { retirementNotice } from '../run/retirement.ts';
import type { Source } from '../sources/source.ts';
import { certificateChecks } from './certificate-checks.ts';
import type { Verb } from './cli.ts';
import { EXIT, exitCodeOf } from './exit-codes.ts';
import { createHost } from './host.ts';
import { type CommonOptions, withConfig, withFormat } from './options.ts';
import { readConfig } from './read-config.ts';
import { readRuleSet } from './rule-set.ts';
import { oneLine, printJson, printLine, tint } from './terminal/print.ts';
import type { World } from './terminal/world.ts';

export const doctor: Verb = (program, world, done) => {
  const command = program.command('doctor');
  withFormat(withConfig(command)).action(async (options: CommonOptions) => done(await examine(world, options)));
};

async function examine(world: World, options: CommonOptions): Promise<number> {
  const config = readConfig(world, options.config);
  const host = createHost(world, config, 'in-process', 'doctor');
  const checks: CheckResult[] = [passed('configuration', config.file, 'is valid')];
  const { rules, prepared, problems } = await readRuleSet(world, [
    ...new Set(config.tenants.flatMap((tenant) => tenant.rules)),
  ]);
  const wrong = [...problems, ...prepared.problems, ...checkRuleTargets(rules, config)];
  checks.push(
    ...wrong.map(({ file, line, message }) =>
      failed('rules', `${file}:${line}`, message, 'Correct the rule; "huntwire lint" says more.'),
    ),
  );
  if (wrong.length === 0) checks.push(passed('rules', `${rules.length} rules`, 'load and can be run'));
  for (const tenant of config.tenants) checks.push(...(await examineTenant(world, tenant, prepared.rules, host)));
  checks.push(...certificateChecks(config, world.clock.now()));
  for (const name of config.targets.keys()) checks.push(...(await examineTarget(world, config, name, host)));
  if (options.format === 'json') printJson(world, { checks });
  else printChecks(world, checks);
  return exitOf(checks);
}

async function examineTenant(
  world: World,
  tenant: TenantConfig,
  rules: readonly RunnableRule[],
  host: Host,
): Promise<readonly CheckResult[]> {
  try {
    const source = openSource(tenant, createMemoryCache(), host);
    try {
      return [
        ...(await source.check(world.signal)),
        ...retirementChecks(tenant.name, source),
        ...quotaChecks(tenant.name, source, rulesOf(tenant, rules), world.clock.now()),
        ...pauseChecks(rulesOf(tenant, rules), world.clock.now()),
      ];
    } finally {
      await source.close();
    }
  } catch (thrown) {
    return [failureOf('source', tenant.name, thrown, 'Correct the settings of this source.')];
  }
}

/** What cannot work as it is configured is a matter of the configuration, whichever part finds it. */
function failureOf(name: string, subject: string, thrown: unknown, fix: string): CheckResult {
  const { code, message } = toHuntwireError(thrown);
  return failed(exitCodeOf(code) === EXIT.usage ? 'configuration' : name, subject, message, fix);
}

function retirementChecks(tenant: string, source: Source): readonly CheckResult[] {
  const notice = retirementNotice(source);
  return notice ? [failed('api', tenant, notice, 'Move to graph before that day.')] : [];
}

function quotaChecks(
  tenant: string,
  source: Source,
  rules: readonly RunnableRule[],
  now: number,
): readonly CheckResult[] {
  const fit = quotaFit(rules, source, now);
  const costs = fit.costs.map((cost) => passed('cost', cost.ruleId, `${Math.ceil(cost.calls)} calls a day`));
  const findings = fit.findings.map((finding) =>
    failed('quota', tenant, finding.message, 'Run rules less often, or join rules over the same table.'),
  );
  return [...costs, ...(fit.fits ? [passed('quota', tenant, 'the schedules of all rules fit')] : findings)];
}

/** What a set rule never searches although nobody says that it is meant. It is no failure: the rule runs. */
function pauseChecks(rules: readonly RunnableRule[], now: number): readonly CheckResult[] {
  const fix = 'Lengthen its lookback, or write "pauses: accepted" in its "schedule" where it is meant.';
  return pausesOfRules(rules, now).map(({ ruleId, message }) => failed('schedule', ruleId, message, fix));
}

/** A target's files and settings are read, its host is reached or its folder looked at; no alert is sent (that is what send-test is for). */
async function examineTarget(world: World, config: Config, name: string, host: Host): Promise<readonly CheckResult[]> {
  const settings = config.targets.get(name);
  if (!settings) return [failed('target', name, 'is not configured', null)];
  try {
    const target = openTarget(name, settings, host);
    try {
      return [passed('target', name, 'is configured'), ...(await target.check(world.signal))];
    } finally {
      await target.close();
    }
  } catch (thrown) {
    return [failureOf('target', name, thrown, 'Correct the settings of this target.')];
  }
}

const EXIT_OF: Readonly<Record<string, number>> = {
  configuration: EXIT.usage,
  rules: EXIT.usage,
  token: EXIT.permission,
  permission: EXIT.permission,
  quota: EXIT.quota,
};

/** What still works is a finding and no failure. */
const NO_FAILURES: Readonly<Record<string, string>> = {
  api: 'SOON',
  expiry: 'SOON',
  schedule: 'NOTE',
  clock: 'NOTE',
};

function exitOf(checks: readonly CheckResult[]): number {
  const codes = checks
    .filter((check) => !check.ok && NO_FAILURES[check.name] === undefined)
    .map((check) => EXIT_OF[check.name] ?? EXIT.failed);
  return codes.length === 0 ? EXIT.ok : Math.min(...codes);
}

function printChecks(world: World, checks: readonly CheckResult[]): void {
  for (const { name, subject, ok, message, fix } of checks) {
    printLine(world, `${markOf(world, name, ok)} ${name.padEnd(13)} ${oneLine(subject)}: ${oneLine(message)}`);
    if (!ok && fix) printLine(world, `     -> ${oneLine(fix)}`);
  }
}

function markOf(world: World, name: string, ok: boolean): string {
  if (ok) return tint(world, 'green', 'ok  ');
  const finding = NO_FAILURES[name];
  return finding ? tint(world, 'yellow', finding) : tint(world, 'red', 'FAIL');
}
