import type { LookoutDeps } from '../../editor/look/lookout.ts';
import type { World } from '../terminal/world.ts';
import { scopesOf } from './scopes.ts';

/** What looks at rules for an editor takes from this program. What runs tests is loaded with the first of them. */
export function lookoutDeps(world: World, config: string | null): LookoutDeps {
  return {
    clock: world.clock,
    scopeOf: scopesOf(world, config),
    testRule: async (rule, test) => (await import('./rule-tests.ts')).runRuleTest(rule, test),
    linesOf: async (result) => (await import('../test/result-lines.ts')).linesOfResult(world.cwd, result),
  };
}
