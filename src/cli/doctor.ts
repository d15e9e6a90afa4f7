import type { Host } from '../app/host.ts';
import { openSource, openTarget } from '../app/open-parts.ts';
import { checkRuleTargets } from '../config/check-rule-targets.ts';
import type { SoundParts } from '../config/load-config.ts';
import { rulesOf } from '../config/operation/rules-of-tenant.ts';
import { rulePlacesOf } from '../config/rule-paths.ts';
import { createMemoryCache } from '../lib/cache.ts';
import { type CheckResult, failed, passed } from '../lib/check-result.ts';
import { type Problem, toHuntwireError } from '../lib/errors.ts';
import { countOf } from '../lib/text.ts';
import type { RunnableRule } from '../rules/rule.ts';
import { scannedByRule } from '../run/plan/scanned.ts';
import type { Source } from '../sources/source.ts';
import { openStateReader } from '../state/state-place.ts';
import type { Verb } from './cli.ts';
import { certificateChecks } from './doctor/certificate-checks.ts';
import { configurationChecks, tenantLack } from './doctor/configuration-checks.ts';
import { nextStep } from './doctor/next-step.ts';
import { placeChecks } from './doctor/place-checks.ts';
import { isLimit, planChecks, unaskedTenant } from './doctor/plan-checks.ts';
import { lackChecks, pauseChecks } from './doctor/rule-checks.ts';
import { secretChecks, targetOf } from './doctor/secret-checks.ts';
import { EXIT, exitCodeOf } from './exit-codes.ts';
import { createHost } from './host.ts';
import { type CommonOptions, withConfig, withFormat } from './options.ts';
import { readSoundParts } from './read-config.ts';
import { readRuleSet } from './rule-set.ts';
import { foldWords } from './terminal/fold.ts';
import { oneLine, printJson, printLine, tint, widthOf } from './terminal/print.ts';
import { shortPaths } from './terminal/short-paths.ts';
import type { World } from './terminal/world.ts';

interface DoctorOptions extends CommonOptions {
  readonly offline: boolean;
}

export const doctor: Verb = (program, world, done) => {
  const command = program.command('doctor');
  withFormat(withConfig(command))
    .option('--offline', 'reach no source and no target; secrets may be missing', false)
    .action(async (options: DoctorOptions) => done(await examine(world, options)));
};

/** All that the checks of one call look at. */
interface Examination extends SoundParts {
  readonly world: World;
  readonly host: Host;
  readonly offline: boolean;
}

async function examine(world: World, options: DoctorOptions): Promise<number> {
  const read = readSoundParts(world, options.config);
  const { config } = read;
  const host = createHost(world, config, 'in-process', 'doctor');
  const examination: Examination = { ...read, world, host, offline: options.offline };
  const checks: CheckResult[] = [
    ...configurationChecks(read),
    ...secretChecks(config.file, read.references, read.missing),
    ...(await placeChecks(config.state)),
  ];
  const { rules, prepared, problems, refusals } = await readRuleSet(world, rulePlacesOf(config, read.rules));
  const wrong = [...problems, ...prepared.problems, ...checkRuleTargets(rules, config)];
  checks.push(...ruleChecks(wrong, prepared.rules.length), ...refusalChecks([...refusals, ...prepared.refusals]));
  for (const index of config.tenants.keys()) checks.push(...(await examineTenant(examination, index, prepared.rules)));
  checks.push(...certificateChecks(config, world.clock.now()));
  for (const name of config.targets.keys()) checks.push(...(await examineTarget(examination, name)));
  if (options.format === 'json') printJson(world, { checks });
  else {
    printChecks(world, checks, options.offline);
    printNext(world, nextStep(failuresOf(checks, options.offline), options.offline ? [] : read.missing));
  }
  return exitOf(checks, options.offline);
}

function ruleChecks(wrong: readonly Problem[], count: number): readonly CheckResult[] {
  if (wrong.length === 0)
    return [passed('rules', countOf(count, 'rule'), count === 1 ? 'loads and can be run' : 'load and can be run')];
  return wrong.map(({ file, line, message }) => {
    const subject = [file, line].filter((part) => part !== null).join(':');
    return failed('rules', subject, message, 'Correct the rule; "huntwire lint" says more.');
  });
}

/** What is left out is no failure: the others run. */
function refusalChecks(refusals: readonly Problem[]): readonly CheckResult[] {
  const fix = 'It does not run. Take it out of "rules", or write it anew; "huntwire lint --report" says more.';
  return refusals.map(({ file, line, message }) => {
    const subject = [file, line].filter((part) => part !== null).join(':');
    return failed('refused', subject, message, fix);
  });
}

async function examineTenant(
  examination: Examination,
  index: number,
  rules: readonly RunnableRule[],
): Promise<readonly CheckResult[]> {
  const { config, world, host, offline } = examination;
  const tenant = config.tenants[index];
  if (!tenant) return [];
  const own = rulesOf(tenant, rules);
  const pauses = pauseChecks(own, world.clock.now());
  const { missing, unaskable } = tenantLack(examination, tenant, index);
  try {
    const source = openSource(unaskable ? unaskedTenant(tenant) : tenant, createMemoryCache(), host);
    try {
      return [
        ...(offline || unaskable ? [] : await source.check(world.signal)),
        ...(missing.some(isLimit)
          ? []
          : planChecks(
              tenant.name,
              source,
              own,
              world.clock.now(),
              await scannedBy(examination, source, tenant.name, own),
            )),
        ...pauses,
        ...lackChecks(tenant.source.api, own),
      ];
    } finally {
      await source.close();
    }
  } catch (thrown) {
    if (unaskable) return pauses;
    return [failureOf('source', tenant.name, thrown, 'Correct the settings of this source.')];
  }
}

/** What runs read is told where it can be looked up: the state has a check of its own. */
async function scannedBy(
  { config, world }: Examination,
  { pricePerGb }: Source,
  tenant: string,
  rules: readonly RunnableRule[],
): Promise<ReadonlyMap<string, number>> {
  if (pricePerGb === undefined) return new Map();
  try {
    const store = await openStateReader(config.state, world);
    return await scannedByRule(store, tenant, rules).finally(() => store.close());
  } catch {
    return new Map();
  }
}

/** What cannot work as it is configured is a matter of the configuration, whichever part finds it. */
function failureOf(name: string, subject: string, thrown: unknown, fix: string): CheckResult {
  const { code, message } = toHuntwireError(thrown);
  return failed(exitCodeOf(code) === EXIT.usage ? 'configuration' : name, subject, message, fix);
}

/** The type of a target whose settings are refused. */
const REFUSED = '';

/** A target's files and settings are read, its host is reached or its folder looked at; no alert is sent (that is what send-test is for). */
async function examineTarget(
  { config, missing, world, host, offline }: Examination,
  name: string,
): Promise<readonly CheckResult[]> {
  const settings = config.targets.get(name);
  if (!settings || settings.type === REFUSED || missing.some(({ path }) => targetOf(path) === name)) return [];
  try {
    const target = openTarget(name, settings, host);
    try {
      return [passed('target', name, 'is configured'), ...(offline ? [] : await target.check(world.signal))];
    } finally {
      await target.close();
    }
  } catch (thrown) {
    return [failureOf('target', name, thrown, 'Correct the settings of this target.')];
  }
}

const EXIT_OF: Readonly<Record<string, number>> = {
  configuration: EXIT.usage,
  secret: EXIT.usage,
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
  refused: 'NOTE',
  clock: 'NOTE',
  owner: 'NOTE',
  space: 'SOON',
};

/** What a check that is not ok is called where it is no failure; null where it is one. */
function findingOf(name: string, offline: boolean): string | null {
  if (offline && name === 'secret') return 'NOTE';
  return NO_FAILURES[name] ?? null;
}

function failuresOf(checks: readonly CheckResult[], offline: boolean): readonly CheckResult[] {
  return checks.filter((check) => !check.ok && findingOf(check.name, offline) === null);
}

function exitOf(checks: readonly CheckResult[], offline: boolean): number {
  const codes = failuresOf(checks, offline).map((check) => EXIT_OF[check.name] ?? EXIT.failed);
  return codes.length === 0 ? EXIT.ok : Math.min(...codes);
}

const NAME_WIDTH = 'configuration'.length;
const INDENT = ' '.repeat('FAIL  '.length + NAME_WIDTH);

/** What is to be done stands once where several findings in a row ask for the same. */
function printChecks(world: World, checks: readonly CheckResult[], offline: boolean): void {
  const room = widthOf(world.stdout) - INDENT.length;
  for (const [index, { name, subject, ok, message, fix }] of checks.entries()) {
    const text = shortPaths(world.cwd, `${oneLine(subject)}: ${oneLine(message)}`);
    const [first = '', ...rest] = foldWords(text, room);
    printLine(world, `${markOf(world, name, ok, offline)} ${name.padEnd(NAME_WIDTH)} ${first}`);
    const next = checks[index + 1];
    const advice =
      ok || !fix || (next && !next.ok && next.fix === fix)
        ? []
        : foldWords(`-> ${shortPaths(world.cwd, oneLine(fix))}`, room);
    for (const line of [...rest, ...advice]) printLine(world, INDENT + line);
  }
}

function printNext(world: World, step: string | null): void {
  if (step === null) return;
  printLine(world);
  for (const line of foldWords(`Next: ${shortPaths(world.cwd, oneLine(step))}`, widthOf(world.stdout)))
    printLine(world, line);
}

function markOf(world: World, name: string, ok: boolean, offline: boolean): string {
  if (ok) return tint(world, 'green', 'ok  ');
  const finding = findingOf(name, offline);
  return finding ? tint(world, 'yellow', finding) : tint(world, 'red', 'FAIL');
}
