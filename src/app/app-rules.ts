import { checkRuleTargets } from '../config/check-rule-targets.ts';
import type { Config } from '../config/config.ts';
import { rulesOf } from '../config/operation/rules-of-tenant.ts';
import { holdsRules, rulePlacesOf } from '../config/rule-paths.ts';
import { createAnalyst, LASTING_WORKERS } from '../kql/analyst.ts';
import type { Analyst } from '../kql/prepared.ts';
import { systemClock } from '../lib/clock.ts';
import { HuntwireError, type Problem } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import { giveBackMemory } from '../lib/loop/give-back-memory.ts';
import { createKeptReader } from '../rules/kept/kept-reader.ts';
import { type LoadedRules, loadRules } from '../rules/load-rules.ts';
import { type PreparedRules, prepareRules, refuseProblems } from '../rules/prepare-rules.ts';
import { readRulesOfText } from '../rules/read-text.ts';
import type { Rule } from '../rules/rule.ts';
import { diskRules } from '../rules/rule-files.ts';
import { wholeRuleHash } from '../rules/rule-hash.ts';
import type { BrokenFile } from '../run/opening/tell-broken.ts';
import type { LoadedRule } from '../state/runner-record.ts';
import type { Store } from '../state/store.ts';
import { beginAnalysis, type EarlyAnalysis } from './early-analysis.ts';
import type { Host } from './host.ts';

/** What the rule files of a configuration hold. */
export interface LoadedFiles {
  readonly rules: readonly Rule[];
  /** What is wrong with those that the host leaves out. */
  readonly broken: readonly Problem[];
  /** What is in files that hold no rule, or none that can run here: a start goes on without it. */
  readonly refusals: readonly Problem[];
  /** Keeps what was read for the next start, where the host keeps it. */
  readonly keep: () => void;
  /** The analysis of their queries, where it has begun. */
  readonly early: EarlyAnalysis | null;
  /** Ends it, whatever became of it. */
  readonly close: () => Promise<void>;
}

/** Reads all rule files of a configuration; throws RULE_INVALID with all that is wrong, broken rules aside where the host skips them. */
export async function loadRuleFiles(config: Config, host: LoadingHost): Promise<LoadedFiles> {
  const stateFile = 'path' in config.state ? config.state.path : null;
  const kept = (stateFile === null ? null : host.keepsRules?.(stateFile)) ?? null;
  const early = beginAnalysis(host, stateFile);
  const anew = early?.reader ?? readRulesOfText;
  try {
    const loaded = await loadRules(rulePlacesOf(config), diskRules, kept ? createKeptReader(kept, anew) : anew);
    early?.stop();
    return {
      ...withoutBroken(loaded, config, host),
      early,
      keep: () => kept?.save(),
      close: async () => early?.close(),
    };
  } catch (thrown) {
    kept?.leave();
    await early?.close();
    throw thrown;
  }
}

type LoadingHost = Pick<Host, 'log' | 'place' | 'skipsBroken' | 'keepsRules'>;

function withoutBroken(
  { rules, problems, refusals, overlayProblems }: LoadedRules,
  config: Config,
  { log, skipsBroken = false }: LoadingHost,
): Pick<LoadedFiles, 'rules' | 'broken' | 'refusals'> {
  // A path that leads nowhere, or an overlay, is about any rule.
  const isOfOne = (problem: Problem): boolean => problem.line !== null && !overlayProblems.includes(problem);
  const skipped = skipsBroken && rules.length > 0 ? problems.filter(isOfOne) : [];
  logRefusals(refusals, log);
  logBroken(skipped, log);
  refuseProblems([...problems.filter((one) => !skipped.includes(one)), ...checkRuleTargets(rules, config)]);
  return { rules, broken: skipped, refusals };
}

function logBroken(problems: readonly Problem[], log: Log): void {
  for (const { file, line, message } of problems)
    log.error('A broken rule is left out: nothing searches for what it finds.', { file, line, reason: message });
}

/** One file of three hundred that cannot run here keeps the others from nothing, but nobody shall think that it runs. */
function logRefusals(refusals: readonly Problem[], log: Log): void {
  for (const { file, line, message } of refusals)
    log.warn('This cannot run here and is left out.', { file, line, reason: message });
}

/** The broken files of each tenant that would run them, each with what is wrong first and how much more there is; of nobody's, of the first tenant. */
export function brokenFiles(config: Config, broken: readonly Problem[]): readonly BrokenFile[] {
  const byFile = new Map<string, Problem[]>();
  for (const problem of broken) {
    const file = problem.file ?? '';
    byFile.set(file, [...(byFile.get(file) ?? []), problem]);
  }
  return [...byFile].flatMap(([file, problems]) => {
    const held = config.tenants.filter((tenant) => holdsRules(tenant, file));
    const [first, ...more] = problems;
    const rest = more.length > 0 ? ` And ${more.length} more.` : '';
    const reason = `${first?.line ?? 1}:${first?.column ?? 1}: ${first?.message ?? ''}${rest}`;
    return (held.length > 0 ? held : config.tenants.slice(0, 1)).map(({ name }) => ({ tenant: name, file, reason }));
  });
}

/** What a runner says of its rules. */
export function loadedRules(config: Config, loaded: readonly Rule[]): readonly LoadedRule[] {
  return config.tenants.flatMap((tenant) =>
    rulesOf(tenant, loaded).map((rule) => ({
      tenant: tenant.name,
      ruleId: rule.id,
      hash: rule.hash,
      wholeHash: wholeRuleHash(rule),
    })),
  );
}

/** Analyzes the query of every rule; throws RULE_INVALID with all that is wrong. */
export async function analyzeRules(
  { rules, early }: Pick<LoadedFiles, 'rules' | 'early'>,
  store: Pick<Store, 'cache'>,
  host: Host,
): Promise<Pick<PreparedRules, 'rules' | 'refused'> & Pick<LoadedFiles, 'broken'>> {
  const analyst = early ? await early.join(store.cache) : analystOf(store, host);
  try {
    refuseStopped(host);
    const prepared = await prepareRules(rules, analyst, (done) => {
      refuseStopped(host);
      host.progress(done, rules.length);
    });
    const isSkipping = host.skipsBroken === true && prepared.rules.length > 0;
    if (isSkipping) logBroken(prepared.problems, host.log);
    else refuseProblems(prepared.problems);
    logRefusals(prepared.refusals, host.log);
    return { rules: prepared.rules, refused: prepared.refused, broken: isSkipping ? prepared.problems : [] };
  } catch (thrown) {
    // Nobody goes on analyzing: whoever shows progress stops, or it would keep the process alive.
    host.progress(rules.length, rules.length);
    throw thrown;
  } finally {
    await analyst.close();
  }
}

/** From so many rules on, reading them has left more than is worth keeping. */
const MANY_RULES = 500;

/** Before the first of the rules is due: a process that runs for months need not hold what its start took. */
export async function restFromStart(
  { rules }: Pick<LoadedFiles, 'rules'>,
  { place }: Pick<Host, 'place'>,
): Promise<void> {
  if (place === 'worker' && rules.length >= MANY_RULES) await giveBackMemory();
}

function analystOf({ cache }: Pick<Store, 'cache'>, { place }: Host): Analyst {
  return createAnalyst(
    place === 'worker'
      ? { form: 'worker', cache, clock: systemClock, ...LASTING_WORKERS }
      : { form: 'in-process', cache },
  );
}

/** A process that was told to stop analyzes nothing more. */
function refuseStopped({ signal }: Pick<Host, 'signal'>): void {
  if (signal?.aborted) throw new HuntwireError('ABORTED', 'Stopped while queries were analyzed.');
}
