import type { ActionDeps } from '../../actions/action-deps.ts';
import { refuseProblems } from '../../rules/prepare-rules.ts';
import type { RulesInFiles } from '../kept/look-at-rules.ts';
import { readWithBlocked, readWithoutSecrets } from '../read-config.ts';
import type { World } from '../terminal/world.ts';
import { stateDepsOf } from './state-deps-of.ts';

/**
 * What a process without a runner gives to an action; what only some need is loaded when it is asked for. `onExit` is told how a verb ends
 * that does what is asked.
 */
export function actionDepsOf(
  world: World,
  file: string,
  onExit: (exitCode: number) => void = () => undefined,
): ActionDeps {
  return {
    ...stateDepsOf(world, file),
    offers: offersOf(world, file, onExit),
    wakeDeliveries: () => undefined,
    openTarget: async (name) => {
      const { openNamedTarget } = await import('./open-named-target.ts');
      const { createHost } = await import('../host.ts');
      const config = readWithBlocked(world, file);
      return openNamedTarget(name, config, createHost(world, config, 'in-process', 'action'));
    },
    openTenant: async (name, lane) => {
      const { openTenantSource } = await import('../query/tenant-source.ts');
      return openTenantSource(world, readWithBlocked(world, file), name, lane);
    },
    rehearse: async (slug, input) => {
      const { rehearseByVerb } = await import('./rehearse-by-verb.ts');
      const { document, exitCode } = await rehearseByVerb(world, slug, input, file);
      onExit(exitCode);
      return document;
    },
    rulesOf: rulesIn(world, file),
  };
}

/** What needs the state's lock, loaded when it is asked for. */
function offersOf(world: World, file: string, onExit: (exitCode: number) => void): ActionDeps['offers'] {
  const offers = async () => (await import('./runner-offers.ts')).runnerOffers(world, file, onExit);
  return {
    reload: async (signal) => (await offers()).reload(signal),
    runRules: async (asked, signal) => (await offers()).runRules(asked, signal),
    backfillRule: async (asked, signal) => (await offers()).backfillRule(asked, signal),
  };
}

/** All files are read once, whoever's rules are asked for. */
function rulesIn(world: World, file: string): ActionDeps['rulesOf'] {
  let files: Promise<RulesInFiles> | null = null;
  return async (name) => {
    files ??= readFiles(world, file);
    return (await files).rulesOf(name);
  };
}

async function readFiles(world: World, file: string): Promise<RulesInFiles> {
  const { createRulesLook } = await import('../kept/look-at-rules.ts');
  const files = await createRulesLook()(readWithoutSecrets(world, file).config);
  refuseProblems(files.problems);
  return files;
}
