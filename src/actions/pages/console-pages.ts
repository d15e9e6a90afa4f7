import { type AttackReport, techniquesByRules } from '../../rules/attack/techniques-by-rules.ts';
import type { DeadLetter } from '../../state/outbox-store.ts';
import { type AlertPageOf, type AlertsFilter, type AlertsPage, alertPage, alertsPage } from './alert-page.ts';
import { createDaySums } from './day-sums-of-rules.ts';
import {
  type AuditPage,
  auditPage,
  type LettersPage,
  letterPage,
  lettersPage,
  type MachinesPage,
  machinesPage,
  type SilencesPage,
  silencesPage,
  type TargetsPage,
  targetsPage,
} from './other-pages.ts';
import { type OverviewPage, overviewPage } from './overview.ts';
import type { PageDeps, RenderedRequest } from './page-deps.ts';
import { seeTenants, type TenantsSeen } from './places.ts';
import { type RuleAsked, type RulePage, rulePage } from './rule-page.ts';
import { createRuleSights } from './rule-sights.ts';
import { type RulesFilter, type RulesPage, rulesPage } from './rules-page.ts';
import { createTargetLook } from './target-look.ts';

/** Who answers. */
export type PageAbout = PageDeps['self'];

/** What each page of the console tells; nothing here knows how it is shown. What is not there is null. */
export interface ConsolePages {
  readonly about: PageAbout;
  /** Has what takes long the first time only, so that whoever looks first need not wait; what fails is told to who looks. */
  prepare(): Promise<void>;
  /** Names of tenants and targets. */
  readonly names: () => { readonly tenants: readonly string[]; readonly targets: readonly string[] };
  hasRule(tenant: string, ruleId: string): boolean;
  overview(): Promise<OverviewPage>;
  /** `first`: how many that match stand before the page. */
  rules(filter: RulesFilter, first: number): Promise<RulesPage>;
  rule(asked: RuleAsked): Promise<RulePage | null>;
  attack(): Promise<AttackReport>;
  alerts(filter: AlertsFilter, cursor: string | null): Promise<AlertsPage>;
  /** `at`: the instant of another row, epoch ms. */
  alert(id: string, at: number | null): Promise<AlertPageOf | null>;
  tenants(): Promise<TenantsSeen>;
  targets(): Promise<TargetsPage>;
  letters(
    filter: { readonly target: string | null; readonly reason?: string },
    before: number | null,
  ): Promise<LettersPage>;
  letter(id: number): Promise<DeadLetter | null>;
  silences(): Promise<SilencesPage>;
  machines(): Promise<MachinesPage>;
  audit(filter: { readonly who?: string; readonly action?: string }, before: number | null): Promise<AuditPage>;
  rendered(alertId: string, target: string): Promise<readonly RenderedRequest[]>;
}

/** `signal` ends what goes on in the background. */
export function createConsolePages(deps: PageDeps, signal: AbortSignal): ConsolePages {
  const sights = createRuleSights(deps, signal);
  const seen = { sights, sums: createDaySums(deps, signal) };
  const look = createTargetLook(deps, signal);
  return {
    about: deps.self,
    prepare: async () => {
      await sights.prepare();
      void look.targets();
    },
    names: () => ({ tenants: deps.tenants.map(({ name }) => name), targets: [...deps.config.targets.keys()] }),
    hasRule: (name, ruleId) =>
      deps.tenants.some((tenant) => tenant.name === name && tenant.rules.some(({ id }) => id === ruleId)),
    overview: () => overviewPage(deps, sights),
    rules: (filter, first) => rulesPage(deps, seen, filter, first),
    rule: (asked) => rulePage(deps, seen, asked),
    attack: async () => techniquesByRules(distinctRules(deps)),
    alerts: (filter, cursor) => alertsPage(deps, filter, cursor),
    alert: (id, at) => alertPage(deps, id, at),
    tenants: () => seeTenants(deps),
    targets: () => targetsPage(deps, look),
    letters: (filter, before) => lettersPage(deps, filter, before),
    letter: (id) => letterPage(deps, id),
    silences: () => silencesPage(deps),
    machines: () => machinesPage(deps),
    audit: (filter, before) => auditPage(deps, filter, before),
    rendered: deps.rendered,
  };
}

/** Several tenants may share a rule. */
function distinctRules({ tenants }: PageDeps): PageDeps['tenants'][number]['rules'] {
  return [...new Map(tenants.flatMap(({ rules }) => rules.map((rule) => [rule.id, rule] as const))).values()];
}
