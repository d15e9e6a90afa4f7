import { type Fault, FIRST_TENANT, type RuleSpec, type Scenario } from './scenario.ts';

export function tenantOf({ tenant = FIRST_TENANT }: Pick<RuleSpec, 'tenant'>): string {
  return tenant;
}

export function tenantNames({ otherTenants = [] }: Pick<Scenario, 'otherTenants'>): readonly string[] {
  return [FIRST_TENANT, ...otherTenants.map(({ name }) => name)];
}

/** The same week as if the tenant were alone in it: what ails others is no excuse for it. */
export function viewOf(scenario: Scenario, tenant: string): Scenario {
  const { otherTenants = [] } = scenario;
  if (otherTenants.length === 0) return scenario;
  const rules = scenario.rules.filter((rule) => tenantOf(rule) === tenant);
  const marks = new Set(rules.map(({ mark }) => mark));
  return {
    ...scenario,
    service: otherTenants.find(({ name }) => name === tenant)?.service ?? scenario.service,
    rules,
    events: scenario.events.filter(({ mark }) => marks.has(mark)),
    faults: scenario.faults.filter((fault) => isOf(fault, tenant)),
  };
}

const OF_API: ReadonlySet<Fault['kind']> = new Set(['api', 'reset', 'throttle', 'heavy', 'slow', 'date']);

function isOf(fault: Fault, tenant: string): boolean {
  return !OF_API.has(fault.kind) || tenantOf(fault as Pick<RuleSpec, 'tenant'>) === tenant;
}

/** The rules that are in the files. */
export function presentRules(rules: readonly RuleSpec[]): readonly RuleSpec[] {
  return rules.filter(({ absent = false }) => !absent);
}
